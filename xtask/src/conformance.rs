//! `cargo xtask conformance`: the page of the requirement ledger.
//!
//! The ledger (`conformance/*.toml`) has a row for each requirement of the RFCs that binds a service
//! provider, and names the tests that show it. `docs/conformance.md` is made of it and of nothing
//! else; a test fails when the page is not what the ledger makes, or a row names no living test.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use evidence::Evidence;
use ledger::Ledger;

mod evidence;
mod ledger;
mod page;
#[cfg(test)]
mod tests;

/// The page, from the root of the repository.
const PAGE: &str = "docs/conformance.md";

/// Writes the page.
///
/// # Errors
/// When the ledger is not valid, names a test that does not exist, or the page cannot be written.
pub fn run() -> Result<()> {
    let (ledgers, evidence) = read()?;
    let wrong: Vec<String> = ledgers.iter().flat_map(|it| it.faults(&evidence)).collect();
    if !wrong.is_empty() {
        bail!("the ledger is not valid:\n{}", wrong.join("\n"));
    }
    let path = root().join(PAGE);
    fs::write(&path, page::write(&ledgers, &evidence)).with_context(|| format!("writing {PAGE}"))
}

/// The ledgers, and every test that they may name.
fn read() -> Result<(Vec<Ledger>, Evidence)> {
    Ok((ledger::read(&root().join("conformance"))?, Evidence::gather(&root())?))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
