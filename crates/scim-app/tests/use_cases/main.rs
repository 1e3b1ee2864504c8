//! The use cases over the in-memory store, told as what an admin or an identity provider sees.

#[cfg(test)]
mod access;
#[cfg(test)]
mod adoption;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod assignments;
#[cfg(test)]
mod authentication;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod cursors;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod home_groups;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod local_users;
#[cfg(test)]
mod management;
#[cfg(test)]
mod mapping_rules;
#[cfg(test)]
mod nested;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod ownership;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod protected;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod search;
#[cfg(test)]
mod seats;
#[cfg(test)]
mod switching;
#[cfg(test)]
mod users;
#[cfg(test)]
mod world;
