//! The core User schema (RFC 7643 §4.1, §8.7.1), as this service offers it.

use super::{
    Attribute, Schema, USER,
    build::{binary, complex, flag, labelled_list, labels, reference, schema as make, text},
};

const PLACES: &[&str] = &["work", "home", "other"];
const PHONES: &[&str] = &["work", "home", "mobile", "fax", "pager", "other"];
const MESSENGERS: &[&str] = &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"];

/// The schema, `password` included as write-only and never returned.
pub fn schema() -> Schema {
    let mut attributes = person();
    attributes.extend(account());
    attributes.extend(contact());
    attributes.extend(rights());
    make(USER, "User", "User account", attributes)
}

fn person() -> Vec<Attribute> {
    let name = vec![
        text("formatted", "The full name as it is shown, titles and suffixes included."),
        text("familyName", "The family name, or last name."),
        text("givenName", "The given name, or first name."),
        text("middleName", "The middle names."),
        text("honorificPrefix", "Titles in front of the name, such as \"Ms.\"."),
        text("honorificSuffix", "Suffixes of the name, such as \"III\"."),
    ];
    vec![
        text("userName", "The name the user signs in with; letter case does not tell two apart.")
            .required()
            .unique(),
        complex("name", "The parts of the user's real name.", name),
        text("displayName", "The name shown to other people."),
        text("nickName", "What the user is casually called."),
        reference("profileUrl", &["external"], "A page about the user."),
        text("title", "The job title, such as \"Vice President\"."),
        text("userType", "How user and organization relate, such as \"Employee\"."),
    ]
}

fn account() -> Vec<Attribute> {
    vec![
        text("preferredLanguage", "The language the user prefers, as in Accept-Language."),
        text("locale", "Where the user is, for dates, numbers and currency, such as \"en-US\"."),
        text("timezone", "The time zone as the IANA database names it, such as \"Europe/Berlin\"."),
        flag("active", "Whether the user may use the product; false takes all access at once."),
        text("password", "Accepted and dropped: this service keeps no passwords of its users.")
            .exact()
            .secret(),
    ]
}

fn contact() -> Vec<Attribute> {
    let mut address = vec![
        text("formatted", "The whole address as it is shown; may hold line breaks."),
        text("streetAddress", "Street, house number, post box; may hold line breaks."),
        text("locality", "The city."),
        text("region", "The state or region."),
        text("postalCode", "The postal code."),
        text("country", "The country, as an ISO 3166-1 alpha-2 code."),
    ];
    address.extend(labels(PLACES));
    let photo = reference("value", &["external"], "The URL of the picture.");
    vec![
        labelled_list("emails", "E-mail addresses.", text("value", "The address."), PLACES)
            .indexed(),
        labelled_list("phoneNumbers", "Phone numbers.", text("value", "The number."), PHONES),
        labelled_list("ims", "Instant messaging.", text("value", "The address."), MESSENGERS),
        labelled_list("photos", "Pictures of the user.", photo, &["photo", "thumbnail"]),
        complex("addresses", "Postal addresses.", address).list(),
    ]
}

fn rights() -> Vec<Attribute> {
    let group = vec![
        text("value", "The id of the group.").exact(),
        reference("$ref", &["Group"], "The URI of the group."),
        text("display", "The name of the group."),
        text("type", "How the user belongs to it.").suggests(&["direct", "indirect"]),
    ];
    let entitlement = text("value", "The entitlement.");
    let certificate = binary("value", "The certificate: DER in Base64.");
    vec![
        complex("groups", "The groups the user is a member of; changed through them only.", group)
            .list()
            .read_only(),
        labelled_list("entitlements", "What the user is entitled to, as data.", entitlement, &[]),
        labelled_list("roles", "What the user is, as data.", text("value", "The role."), &[]),
        labelled_list("x509Certificates", "X.509 certificates of the user.", certificate, &[]),
    ]
}
