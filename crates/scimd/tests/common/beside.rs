//! What every test needs that runs the binary and asks it from beside: a client, a place with a running
//! scimd, organizations and resources, and looks into the database.

#[path = "../quality/client.rs"]
pub mod client;
#[path = "../quality/database.rs"]
pub mod database;
#[path = "../end_to_end/http.rs"]
pub mod http;
#[path = "../end_to_end/instance.rs"]
pub mod instance;
#[path = "sql.rs"]
pub mod sql;
#[path = "whole.rs"]
pub mod whole;
#[path = "../quality/world.rs"]
pub mod world;
