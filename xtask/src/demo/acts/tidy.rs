//! Leaving a house in which the demo was a guest as it was found.

use anyhow::Result;

use super::links::{self, Linked};
use crate::demo::okta;
use crate::demo::stage::Stage;

/// Deletes the users and gives the groups back the names they were found with.
pub(super) fn everything(stage: &mut Stage<'_>, linked: &[Linked]) -> Result<()> {
    for group in linked {
        links::rename(stage, &group.id, group.role.name)?;
    }
    let bar = stage.progress(stage.cast.len());
    for id in stage.cast.ids() {
        stage.send_quietly(&okta::delete_user(id))?.expect(&[204])?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    stage.note(&format!("{} users deleted", stage.cast.ids().len()));
    Ok(())
}
