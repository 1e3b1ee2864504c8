//! The management API, as a backend sees it.

#[cfg(test)]
mod doors;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod organizations;
#[cfg(test)]
mod switching;
#[cfg(test)]
mod users;
