//! Tests of the database file.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::DatabaseFile;

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn file_and_directory_are_for_their_owner_alone() {
    let here = tempfile::tempdir().unwrap();
    let file = DatabaseFile::new(here.path().join("a/b/scimd.db"));
    assert!(!file.exists());
    file.prepare().unwrap();
    assert!(file.exists());
    assert_eq!(mode(file.path()), 0o600);
    assert_eq!(mode(file.directory()), 0o700);

    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
    file.prepare().unwrap();
    assert_eq!(mode(file.path()), 0o600);
}

#[test]
fn what_is_written_beside_is_for_the_owner_alone_even_if_it_was_there() {
    let here = tempfile::tempdir().unwrap();
    let file = DatabaseFile::new(here.path().join("scimd.db"));
    std::fs::write(here.path().join("first-key"), "old and open").unwrap();
    let path = file.write_beside("first-key", "secret\n").unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "secret\n");
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_lock_is_held_until_it_is_dropped() {
    let here = tempfile::tempdir().unwrap();
    let file = DatabaseFile::new(here.path().join("scimd.db"));
    let held = file.lock().unwrap();
    let second = std::fs::File::open(here.path().join("scimd.db.lock")).unwrap();
    assert!(second.try_lock().is_err());
    drop(held);
    assert!(second.try_lock().is_ok());
}
