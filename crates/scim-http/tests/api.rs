//! The management API, as a backend sees it.

#[cfg(test)]
mod access;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod organizations;
#[cfg(test)]
mod switching;
