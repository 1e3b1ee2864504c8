//! People and groups as they are in big companies: names of many cultures, with all that directories
//! send of them. The same seed makes the same people, in every run and one by one.

mod culture;
mod dice;

use std::sync::Arc;

use anyhow::Result;
use serde_json::{Value, json};

use culture::{Culture, Name};
use dice::Dice;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// How many people report to one.
const REPORTS: u64 = 7;
const DIVISIONS: [(&str, &[&str]); 6] = [
    ("Technology", &["Engineering", "Quality", "Platform", "Security", "Research"]),
    ("Revenue", &["Sales", "Marketing", "Partners", "Customer Success"]),
    ("Operations", &["Support", "Logistics", "Facilities", "Procurement"]),
    ("Finance", &["Accounting", "Treasury", "Tax"]),
    ("People", &["Recruiting", "Learning", "Payroll"]),
    ("Risk", &["Legal", "Compliance", "Investigations", "Audit"]),
];
const TITLES: [&str; 6] = ["Analyst", "Specialist", "Engineer", "Manager", "Director", "Assistant"];
const COMPANIES: [&str; 4] = ["Acme", "Globex", "Initech", "Umbrella"];

/// Everybody there could be under one seed.
#[derive(Clone, Debug)]
pub struct Population {
    seed: u64,
    cultures: Arc<[Culture]>,
}

impl Population {
    /// Under a seed.
    ///
    /// # Errors
    /// When the file of cultures is not as it must be.
    pub fn new(seed: u64) -> Result<Self> {
        Ok(Self { seed, cultures: culture::all()?.into() })
    }

    /// The userName of the user with that number.
    pub fn user_name(&self, number: u64) -> String {
        self.person(number).user_name
    }

    /// The user with that number, as a SCIM resource to create.
    pub fn user(&self, number: u64) -> Value {
        let Person { mut dice, culture, formatted, given, family, user_name } = self.person(number);
        let mut user = json!({
            "schemas": [USER, ENTERPRISE],
            "userName": user_name,
            "externalId": format!("00u{:012x}{number:x}", dice.throw() >> 16),
            "name": { "formatted": formatted, "givenName": given, "familyName": family },
            "displayName": formatted,
            "title": dice.one(&TITLES),
            "userType": if dice.chance(90) { "Employee" } else { "Contractor" },
            "preferredLanguage": culture.map(|it| &it.language),
            "locale": culture.map(|it| &it.language),
            "timezone": culture.map(|it| &it.zone),
            "active": dice.chance(97),
            "emails": emails(&mut dice, &user_name),
            ENTERPRISE: self.employment(&mut dice, number),
        });
        if let Some(culture) = culture {
            let line = dice.below(10_000_000);
            user["phoneNumbers"] =
                json!([{ "value": format!("{} {line:07}", culture.phone), "type": "work" }]);
            if dice.chance(60) {
                user["addresses"] = json!([address(&mut dice, culture)]);
            }
        }
        user
    }

    fn person(&self, number: u64) -> Person<'_> {
        let mut dice = Dice::of(self.seed, number);
        let culture = dice.one(&self.cultures);
        let given = culture.and_then(|culture| dice.one(&culture.given));
        let family = culture.and_then(|culture| dice.one(&culture.family));
        let written = |name: Option<&Name>| name.map_or(String::new(), |it| it.written.clone());
        let latin = |name: Option<&Name>| name.map_or(String::new(), |it| it.latin.clone());
        let company = dice.one(&COMPANIES).map_or(String::new(), |name| name.to_lowercase());
        let user_name = format!("{}.{}.{number}@{company}.example", latin(given), latin(family));
        let (given, family) = (written(given), written(family));
        let formatted = match culture {
            Some(culture) if culture.family_first => format!("{family} {given}"),
            Some(_) | None => format!("{given} {family}"),
        };
        Person { dice, culture, formatted, given, family, user_name }
    }

    /// The enterprise attributes. Managers are those with lower numbers, so that everybody but the
    /// first has one, and nobody is above himself.
    fn employment(&self, dice: &mut Dice, number: u64) -> Value {
        let division = dice.one(&DIVISIONS);
        let mut employment = json!({
            "employeeNumber": format!("{:08}", number + 1),
            "costCenter": format!("CC-{:04}", dice.below(400)),
            "organization": dice.one(&COMPANIES),
            "division": division.map(|(name, _)| name),
            "department": division.and_then(|(_, departments)| dice.one(departments)),
        });
        if let Some(above) = number.checked_sub(1).map(|before| before / REPORTS) {
            employment["manager"] = json!({ "value": self.user_name(above) });
        }
        employment
    }
}

/// Who somebody is, before anything is said of their work.
struct Person<'a> {
    dice: Dice,
    culture: Option<&'a Culture>,
    formatted: String,
    given: String,
    family: String,
    user_name: String,
}

fn emails(dice: &mut Dice, user_name: &str) -> Value {
    let work = json!({ "value": user_name, "type": "work", "primary": true });
    if dice.chance(30) {
        let local = user_name.split('@').next().unwrap_or(user_name);
        return json!([work, { "value": format!("{local}@home.example"), "type": "home" }]);
    }
    json!([work])
}

fn address(dice: &mut Dice, culture: &Culture) -> Value {
    let street = format!("{} {}", culture.street, 1 + dice.below(250));
    json!({
        "type": "work",
        "formatted": format!("{street}\n{} {}", culture.postcode, culture.city),
        "streetAddress": street,
        "postalCode": culture.postcode,
        "locality": culture.city,
        "country": culture.country,
    })
}

#[cfg(test)]
mod tests;
