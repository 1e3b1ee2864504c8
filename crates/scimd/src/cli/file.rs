//! Files that commands are given.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, bail};
use scim_domain::Json;

/// The JSON of a file of at most so many bytes; `-` reads standard input.
///
/// # Errors
/// A file that cannot be read, is longer, or holds no acceptable JSON.
pub(super) fn read_json(path: &Path, longest: usize) -> anyhow::Result<Json> {
    let unreadable = || format!("cannot read {}", path.display());
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).with_context(unreadable)?)
    };
    let mut bytes = Vec::new();
    input.take(longest as u64 + 1).read_to_end(&mut bytes).with_context(unreadable)?;
    if bytes.len() > longest {
        bail!("{} is longer than the {longest} bytes it may have", path.display());
    }
    Ok(Json::parse(&bytes)?)
}
