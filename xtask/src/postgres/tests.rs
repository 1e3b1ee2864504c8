use std::net::TcpStream;

use super::{Durability, Postgres};
use crate::ui::Ui;

#[test]
fn a_cluster_answers_takes_databases_and_leaves_nothing_behind() {
    let postgres = Postgres::start(Ui::plain(), Durability::Fleeting).unwrap();
    let folder = postgres.directory.path().to_owned();
    let port = postgres.port;
    assert_eq!(postgres.url(), format!("postgres://postgres@127.0.0.1:{port}/postgres"));
    let url = postgres.create_database("fresh").unwrap();
    assert_eq!(url, format!("postgres://postgres@127.0.0.1:{port}/fresh"));
    let twice = postgres.create_database("fresh").unwrap_err();
    assert!(twice.to_string().contains("already exists"), "{twice}");
    drop(postgres);
    assert!(!folder.exists());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}
