use std::path::Path;

use super::*;

#[test]
fn a_time_is_a_number_with_its_unit() {
    for (text, seconds) in [("30s", 30), ("10m", 600), ("8h", 28_800)] {
        assert_eq!(time(text), Ok(Duration::from_secs(seconds)), "{text}");
    }
    for text in ["", "10", "m", "ten m", "10d", "-1s"] {
        assert!(time(text).is_err(), "{text}");
    }
}

#[test]
fn every_target_has_its_module() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/scim-app/tests/fuzz");
    for target in TARGETS {
        assert!(folder.join(format!("{target}.rs")).is_file(), "{target}");
    }
}
