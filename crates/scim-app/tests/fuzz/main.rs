//! Fuzz targets (I6): whatever bytes come in at the edge, what must hold holds.
//!
//! In an ordinary run each target works for a moment and always on the same inputs; `cargo xtask
//! fuzz --target NAME --for 10m` gives it longer and other ones. See `driver`.

#[cfg(test)]
mod assertion;
#[cfg(test)]
mod cursor;
#[cfg(test)]
mod driver;
#[cfg(test)]
mod filter;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod patch;
#[cfg(test)]
mod path;
#[cfg(test)]
mod resource;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod token;
