//! The use cases over the in-memory store, told as what an admin or an identity provider sees.

mod adoption;
mod authentication;
mod groups;
mod home_groups;
mod journal;
mod plans;
mod protected;
mod roles;
mod users;
mod world;
