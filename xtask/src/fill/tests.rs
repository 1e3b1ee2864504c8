use super::from_here;

#[test]
fn a_relative_path_starts_where_the_task_does() {
    let here = std::env::current_dir().unwrap();
    assert_eq!(from_here("sqlite://a.db").unwrap(), format!("sqlite://{}/a.db", here.display()));
    assert_eq!(from_here("sqlite:///tmp/a.db").unwrap(), "sqlite:///tmp/a.db");
    assert_eq!(from_here("postgres://a/b").unwrap(), "postgres://a/b");
}
