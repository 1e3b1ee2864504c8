//! Groups in groups, which one import takes back from an export.

use super::*;

impl Home {
    fn nests(&self, organization: &str) {
        self.run(organization, &["organization", "set-nested-groups", "allow"]);
    }
}

#[test]
fn groups_in_younger_groups_are_taken_back_by_one_import() {
    let home = Home::new();
    home.write("users.csv", USERS);
    home.import(&["users.csv"]);
    home.nests(&home.organization);
    home.write(
        "groups.jsonl",
        "{\"displayName\":\"Outer\",\"members\":[{\"userName\":\"ann@acme.example\"}]}\n\
         {\"displayName\":\"Inner\",\"members\":[{\"userName\":\"bob@acme.example\"}]}\n\
         {\"displayName\":\"Outer\",\"members\":[{\"displayName\":\"Inner\"}]}\n\
         {\"displayName\":\"Admin\",\"members\":[{\"displayName\":\"Outer\"}]}\n",
    );
    let (code, said) = home.import(&["groups.jsonl", "--kind", "groups"]);
    assert_eq!((code, counts(&said), &said["membersJoined"]), (Some(0), [2, 2, 0, 0], &json!(4)));
    let groups = home.export(&home.organization, "all.jsonl", &["--kind", "groups"]);

    let other = organization(&home.instance, "Bolt");
    home.run(&other, &["import", "users.csv"]);
    home.nests(&other);
    let import = ["import", "all.jsonl", "--kind", "groups"];
    let (code, tried) = home.run(&other, &[&import[..], &["--dry-run"]].concat());
    assert_eq!((code, &tried["membersLeftOut"]), (Some(0), &json!(0)), "{tried}");
    let (code, done) = home.run(&other, &import);
    assert_eq!((code, &done["membersLeftOut"]), (Some(0), &json!(0)), "{done}");
    assert_eq!(counts(&tried), counts(&done));
    assert_eq!((counts(&done)[0], &done["membersJoined"]), (2, &json!(4)));
    assert_eq!(home.export(&other, "other.jsonl", &["--kind", "groups"]), groups);
    let (_, again) = home.run(&other, &import);
    assert_eq!(counts(&again)[..2], [0, 0]);
    let (_, access) = home.run(&other, &["access", "show", "--user-name", "ann@acme.example"]);
    assert_eq!(access["roles"], json!(["admin"]));
}
