//! The people Okta provisions. The first four play parts; the others fill the pages.

use anyhow::{Context as _, Result};

use super::okta::App;

/// The placeholder Okta sends for a password; it must not come back in any answer.
pub const PLACEHOLDER: &str = "1mz050nq";

/// Becomes an administrator, loses everything by deactivation, and gets it back.
pub const ALICE: usize = 0;
/// Analyst, then developer: a change of groups.
pub const BOB: usize = 1;
/// In the customer's own role, and in a group that Okta pushes new.
pub const CAROL: usize = 2;
/// Pushed and taken out again.
pub const DAVE: usize = 3;

const GIVEN: [&str; 50] = [
    "Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi", "Ivan", "Judy", "Karl",
    "Laura", "Mallory", "Niaj", "Olivia", "Peggy", "Quentin", "Rupert", "Sybil", "Trent", "Ursula",
    "Victor", "Wendy", "Xavier", "Yasmin", "Zoë", "Ahmed", "Beatriz", "Chen", "Dilara", "Emeka",
    "Fatima", "Goran", "Hiroshi", "Ingrid", "João", "Kwame", "Leila", "Mateo", "Noor", "Oksana",
    "Pavel", "Rania", "Søren", "Tariq", "Umar", "Vera", "Wanjiru", "Yuki", "Zainab",
];

const FAMILY: [&str; 40] = [
    "Berg",
    "Costa",
    "Díaz",
    "Evans",
    "Fischer",
    "García",
    "Hansen",
    "Ito",
    "Jansen",
    "Kowalski",
    "Larsen",
    "Müller",
    "Novak",
    "O'Neil",
    "Park",
    "Quist",
    "Rossi",
    "Silva",
    "Tanaka",
    "Usman",
    "Varga",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zhang",
    "Adeyemi",
    "Baker",
    "Chopra",
    "Dubois",
    "Eriksen",
    "Ferrari",
    "Gupta",
    "Horvat",
    "Ivanov",
    "Johansson",
    "Khan",
    "Lopez",
    "Moreau",
    "Nguyen",
    "Okafor",
];

/// One user of the Okta directory.
#[derive(Clone, Debug)]
pub struct Person {
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Sign-in name, capitals included: they must come back as they were sent.
    pub user_name: String,
    /// Okta's own id of the user, sent as `externalId`.
    pub okta_id: String,
}

impl Person {
    /// Given and family name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// Everybody, and the ids that the service gave them.
#[derive(Debug)]
pub struct Cast {
    people: Vec<Person>,
    ids: Vec<String>,
}

impl Cast {
    /// `count` people of the company that uses the app; never fewer than those who play a part.
    pub fn new(app: App, count: usize) -> Self {
        let (domain, letter) = match app {
            App::CustomSaml => ("acme.example", 'A'),
            App::Template => ("globex.example", 'G'),
        };
        let pairs = FAMILY.iter().flat_map(|family| GIVEN.iter().map(move |given| (given, family)));
        let people =
            pairs.take(count.max(DAVE + 1)).enumerate().map(|(number, (given, family))| {
                let name: String = format!("{given}.{family}@{domain}")
                    .chars()
                    .filter(|letter| letter.is_ascii() && *letter != '\'')
                    .collect();
                let okta_id = format!("00u{letter}dm{number:014}");
                Person { given, family, user_name: name, okta_id }
            });
        Self { people: people.collect(), ids: Vec::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// The person with that number.
    ///
    /// # Errors
    /// When there are not so many.
    pub fn person(&self, number: usize) -> Result<&Person> {
        self.people.get(number).with_context(|| format!("there is no person number {number}"))
    }

    /// Notes the id of the next person that was created.
    pub fn created(&mut self, id: String) {
        self.ids.push(id);
    }

    /// All ids, in order of creation.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The id of a person.
    ///
    /// # Errors
    /// When Okta has not created that person yet.
    pub fn id(&self, number: usize) -> Result<String> {
        self.ids.get(number).cloned().context("this user has not been created yet")
    }
}

#[cfg(test)]
mod tests;
