use std::path::{Path, PathBuf};

use super::{major, newest_first, version_in};

#[test]
fn the_major_version_is_what_the_server_says() {
    assert_eq!(major("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n"), Some(15));
    assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
    assert_eq!(major("postgres, and nothing else"), None);
}

#[test]
fn the_newest_version_comes_first_by_number_and_not_by_letter() {
    let folders = ["p/9", "p/15", "p/common", "p/17"].map(PathBuf::from);
    assert_eq!(newest_first(&folders), ["p/17/bin", "p/15/bin", "p/9/bin"].map(PathBuf::from));
}

#[test]
fn a_folder_without_the_programs_has_no_version() {
    assert_eq!(version_in(Path::new("/nowhere")), None);
}
