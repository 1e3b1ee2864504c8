//! The management API, as a backend sees it.

#[cfg(test)]
mod doors;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod organizations;
#[cfg(test)]
mod public_keys;
#[cfg(test)]
mod switching;
