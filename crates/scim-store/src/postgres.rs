//! PostgreSQL by tokio-postgres, whose statements can be sent before the answer to the one before
//! has come: a transaction begins and ends without round trips of its own, and what nobody waits
//! for goes out together.

mod connector;
mod conversation;
mod errors;
mod options;
mod pipeline;
mod rows;
mod tls;
mod together;
mod unit;
mod values;
mod view;

pub(crate) use together::ALL;

pub use options::PostgresOptions;
pub(crate) use unit::Unit;
pub(crate) use view::View;

pub(crate) use connector::Pool;
