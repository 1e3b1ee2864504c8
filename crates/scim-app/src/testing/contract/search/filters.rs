//! Every operator on the attributes that identity providers ask for.

use std::sync::Arc;

use super::people::People;
use crate::ports::Store;

pub async fn user_names_compare_folded(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let cases: [(&str, &[&str]); 12] = [
        ("userName eq \"ANNA\"", &["anna"]),
        ("username EQ \"anna\"", &["anna"]),
        ("userName eq \"nobody\"", &[]),
        ("userName ne \"anna\"", &["bert", "carl", "dora"]),
        ("userName co \"R\"", &["bert", "carl", "dora"]),
        ("userName sw \"an\"", &["anna"]),
        ("userName ew \"A\"", &["anna", "dora"]),
        ("userName gt \"Bert\"", &["carl", "dora"]),
        ("userName ge \"Bert\"", &["bert", "carl", "dora"]),
        ("userName lt \"Bert\"", &["anna"]),
        ("userName le \"Bert\"", &["anna", "bert"]),
        ("userName pr", &["anna", "bert", "carl", "dora"]),
    ];
    people.expect(&cases).await;
}

pub async fn external_ids_compare_exactly(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let cases: [(&str, &[&str]); 13] = [
        ("externalId eq \"X1\"", &["anna"]),
        ("externalId eq \"x1\"", &["bert"]),
        ("externalId ne \"X1\"", &["bert", "carl", "dora"]),
        ("externalId co \"1\"", &["anna", "bert"]),
        ("externalId co \"x\"", &["bert"]),
        ("externalId sw \"X\"", &["anna"]),
        ("externalId ew \"x1\"", &["bert"]),
        ("externalId gt \"X1\"", &["bert"]),
        ("externalId le \"X1\"", &["anna"]),
        ("externalId pr", &["anna", "bert"]),
        ("externalId eq null", &["carl", "dora"]),
        ("externalId ne null", &["anna", "bert"]),
        ("not (externalId pr)", &["carl", "dora"]),
    ];
    people.expect(&cases).await;
}

pub async fn one_of_several_e_mails_suffices(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let cases: [(&str, &[&str]); 14] = [
        ("emails.value eq \"BERT@acme.example\"", &["bert"]),
        ("emails.value eq \"zoe@home.example\"", &["anna"]),
        ("emails eq \"zoe@home.example\"", &["anna"]),
        ("emails.value ne \"bert@acme.example\"", &["anna", "carl", "dora"]),
        ("not (emails.value eq \"zoe@home.example\")", &["bert", "carl", "dora"]),
        ("emails.value co \"@ACME\"", &["anna", "bert", "dora"]),
        ("emails.value sw \"aaron\"", &["dora"]),
        ("emails.value ew \"HOME.example\"", &["anna"]),
        ("emails.value gt \"z\"", &["anna"]),
        ("emails.value lt \"ab\"", &["dora"]),
        ("emails.value pr", &["anna", "bert", "dora"]),
        ("emails pr", &["anna", "bert", "dora"]),
        ("emails.value eq null", &["carl"]),
        ("emails.value ge \"bert\" and emails.value le \"bert@b\"", &["anna", "bert", "dora"]),
    ];
    people.expect(&cases).await;
}

pub async fn a_value_path_asks_all_of_one_element(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let cases: [(&str, &[&str]); 8] = [
        ("emails[type eq \"work\" and value ew \"@acme.example\"]", &["anna", "bert", "dora"]),
        ("emails[type eq \"home\" and value sw \"zoe\"]", &["anna"]),
        ("emails[type eq \"work\" and value sw \"zoe\"]", &[]),
        ("emails.type eq \"work\" and emails.value sw \"zoe\"", &["anna"]),
        ("emails[type eq \"home\"].value co \"aaron\"", &["dora"]),
        ("emails[primary eq true]", &["anna", "dora"]),
        ("emails[not (type eq \"work\")]", &["anna", "dora"]),
        ("not (emails[type eq \"home\"])", &["bert", "carl"]),
    ];
    people.expect(&cases).await;
}

pub async fn active_is_true_or_false(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let cases: [(&str, &[&str]); 6] = [
        ("active eq true", &["anna", "carl", "dora"]),
        ("active eq false", &["bert"]),
        ("active eq \"False\"", &["bert"]),
        ("active ne true", &["bert"]),
        ("not (active eq true)", &["bert"]),
        ("active pr", &["anna", "bert", "carl", "dora"]),
    ];
    people.expect(&cases).await;
}

pub async fn attributes_without_an_index_are_searched_too(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    let cases: [(&str, &[&str]); 11] = [
        ("title eq \"CEO\"", &["anna", "dora"]),
        ("title ne \"ceo\"", &["bert", "carl"]),
        ("title sw \"c\"", &["anna", "bert", "dora"]),
        ("title gt \"ceo\"", &["bert"]),
        ("displayName eq \"änne\"", &["anna"]),
        ("displayName co \"NN\"", &["anna", "dora"]),
        ("name.familyName eq \"MÜLLER\"", &["anna"]),
        ("name pr", &["anna", "bert", "dora"]),
        ("name.givenName pr", &[]),
        ("emails.type eq \"home\"", &["anna", "dora"]),
        (&format!("{department} eq \"RESEARCH\""), &["anna", "carl"]),
    ];
    people.expect(&cases).await;
}

pub async fn ids_are_searched_as_text(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let id = people.users[1].id;
    let upper = id.to_string().to_uppercase();
    let cases: [(&str, &[&str]); 6] = [
        (&format!("id eq \"{id}\""), &["bert"]),
        (&format!("id ne \"{id}\""), &["anna", "carl", "dora"]),
        (&format!("id gt \"{id}\""), &["carl", "dora"]),
        ("id eq \"nonsense\"", &[]),
        ("id sw \"0\"", &["anna", "bert", "carl", "dora"]),
        // Of letters, ids only have those up to f, in lower case.
        (&format!("id ge \"{upper}g\""), &["carl", "dora"]),
    ];
    people.expect(&cases).await;
}

pub async fn times_compare_as_moments(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let at = |index: usize| people.users[index].meta.created;
    let elsewhere = at(2).to_string().replace(".000Z", "+00:00");
    let cases: [(&str, &[&str]); 7] = [
        (&format!("meta.created eq \"{}\"", at(2)), &["carl"]),
        (&format!("meta.created eq \"{elsewhere}\""), &["carl"]),
        (&format!("meta.created gt \"{}\"", at(1)), &["carl", "dora"]),
        (&format!("meta.created lt \"{}\"", at(1)), &["anna"]),
        (&format!("meta.lastModified ge \"{}\"", at(1)), &["bert", "carl", "dora"]),
        (&format!("meta.lastModified le \"{}\"", at(1)), &["anna", "bert"]),
        ("meta.created pr", &["anna", "bert", "carl", "dora"]),
    ];
    people.expect(&cases).await;
}

pub async fn computed_facts_of_a_resource_are_searched(store: Arc<dyn Store>) {
    let people = People::on(store).await;
    let everybody: &[&str] = &["anna", "bert", "carl", "dora"];
    let cases: [(&str, &[&str]); 3] = [
        ("meta.resourceType eq \"User\"", everybody),
        ("meta.resourceType eq \"Group\"", &[]),
        ("schemas eq \"urn:ietf:params:scim:schemas:core:2.0:User\"", everybody),
    ];
    people.expect(&cases).await;
}
