//! The store and the domain agree on filters that nobody thought of.

use std::sync::Arc;

use scim_domain::{
    resource::{
        filter::Filter,
        representation::{self, Computed, GroupRef},
    },
    schema::Catalog,
    user::User,
};
use serde_json::json;

use super::people::{ALL, People, names_of, users};
use crate::{ports::Store, testing::contract::stage::stored};

const FILTERS: usize = 400;
const TEXTS: [&str; 11] = [
    "userName",
    "externalId",
    "displayName",
    "title",
    "nickName",
    "name.familyName",
    "emails",
    "emails.value",
    "emails.type",
    "groups.display",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
];
const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
const LITERALS: [&str; 14] = [
    "anna",
    "A",
    "",
    "acme",
    "X1",
    "x1",
    "BERT@acme.example",
    "z",
    "%",
    "_",
    "ceo",
    "müller",
    "work",
    "Admins",
];

/// Dice that always fall the same way (xorshift), so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn filter(&mut self, depth: usize, people: &People) -> String {
        match self.below(if depth == 0 { 6 } else { 10 }) {
            0 => format!("{} pr", self.one_of(&TEXTS)),
            1 => {
                format!("active {} {}", self.one_of(&["eq", "ne"]), self.one_of(&["true", "false"]))
            }
            2 => format!("{} {} null", self.one_of(&TEXTS), self.one_of(&["eq", "ne"])),
            3 => self.about_a_user(people),
            4 | 5 => self.text(),
            6 => format!("not ({})", self.filter(depth - 1, people)),
            7 => format!("emails[{}]", self.element()),
            8 => self.joined("and", depth, people),
            _ => self.joined("or", depth, people),
        }
    }

    fn joined(&mut self, word: &str, depth: usize, people: &People) -> String {
        let (left, right) = (self.filter(depth - 1, people), self.filter(depth - 1, people));
        format!("({left}) {word} ({right})")
    }

    fn text(&mut self) -> String {
        let (attribute, operator) = (self.one_of(&TEXTS), self.one_of(&OPERATORS));
        format!("{attribute} {operator} {}", json!(self.one_of(&LITERALS)))
    }

    fn about_a_user(&mut self, people: &People) -> String {
        let user = &people.users[self.below(people.users.len())];
        let operator = self.one_of(&["eq", "ne", "gt", "ge", "lt", "le"]);
        match self.below(3) {
            0 => format!("id {operator} \"{}\"", user.id),
            1 => format!("meta.created {operator} \"{}\"", user.meta.created),
            _ => format!("meta.lastModified {operator} \"{}\"", user.meta.last_modified),
        }
    }

    fn element(&mut self) -> String {
        let (operator, literal) = (self.one_of(&OPERATORS), json!(self.one_of(&LITERALS)));
        let kind = self.one_of(&["type eq \"work\"", "type eq \"home\"", "primary eq true"]);
        format!("{kind} {} value {operator} {literal}", self.one_of(&["and", "or"]))
    }
}

// N10
pub async fn the_domain_decides_what_matches(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let group = people.stage.group(people.acme, "Admins").await;
    people.stage.join(people.acme, group.id, &[people.users[0].id, people.users[2].id]).await;
    let groups = [GroupRef { id: group.id, display_name: "Admins".to_owned(), direct: true }];
    let mut dice = Dice(0x5eed_5eed_5eed_5eed);
    for _ in 0..FILTERS {
        let text = dice.filter(3, &people);
        let matching = people.users.iter().enumerate().filter(|(index, user)| {
            let groups = if [0, 2].contains(index) { &groups[..] } else { &[] };
            matches(&text, user, groups)
        });
        let expected: Vec<_> = matching.map(|(_, it)| it.user_name().to_lowercase()).collect();
        let page = users(&people.stage, people.acme, Some(&text), None, ALL).await;
        assert_eq!(names_of(&page.items), expected, "{text}");
        assert_eq!(page.total, u64::try_from(expected.len()).unwrap(), "{text}");
    }
}

fn matches(filter: &str, user: &User, groups: &[GroupRef]) -> bool {
    let catalog = Catalog::standard();
    let filter = Filter::parse(filter, &catalog.user, &[]).unwrap();
    let computed = Computed::User(user.id, Some(groups));
    let document = stored(user).document;
    let resource =
        representation::resource(&catalog.user, &document, computed, &user.meta, "").unwrap();
    filter.matches(&catalog.user, &resource)
}
