//! Tests of who typed a command.

use super::name_of;

#[test]
fn a_user_is_known_by_its_name() {
    let users = "root:x:0:0:root:/root:/bin/bash\nnonsense\nalice:x:1000:1000::/home/alice:\n";
    assert_eq!(name_of(0, users).as_deref(), Some("root"));
    assert_eq!(name_of(1000, users).as_deref(), Some("alice"));
    assert_eq!(name_of(10, users), None);
}
