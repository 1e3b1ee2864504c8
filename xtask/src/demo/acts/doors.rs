//! Who gets in: permission, plan, key.

use anyhow::{Context as _, Result, ensure};

use crate::demo::okta;
use crate::demo::organization::Operator;
use crate::demo::stage::Stage;

pub(super) fn operator<'s, 'a>(stage: &'s Stage<'a>) -> Result<&'s Operator<'a>> {
    stage.operator.as_ref().context("this step needs `scimd` beside the service")
}

/// A key without the permission opens nothing; with it, the next request passes.
pub(super) fn without_permission(stage: &mut Stage<'_>) -> Result<()> {
    let refused = stage.send(&okta::test_users())?;
    stage.note(refused.refused(403, None)?);
    operator(stage)?.permit_scim()?;
    stage.operator_did("api-key permit --permission scim");
    stage.send(&okta::test_users())?.list()?;
    Ok(())
}

/// SCIM comes with Growth. The detail names the plan: Okta shows it to the customer's administrator.
pub(super) fn below_growth(stage: &mut Stage<'_>) -> Result<()> {
    operator(stage)?.set_plan("starter")?;
    stage.operator_did("organization set-plan --plan starter");
    let refused = stage.send(&okta::test_users())?;
    let detail = refused.refused(403, None)?;
    stage.note(detail);
    let named = detail.to_lowercase().contains("starter");
    ensure!(named, "the refusal does not name the organization's plan: {detail}");
    operator(stage)?.set_plan("growth")?;
    stage.operator_did("organization set-plan --plan growth");
    stage.send(&okta::test_users())?.list()?;
    Ok(())
}

/// "Test Connector Configuration": a wrong key is refused, the right one answers twice.
pub(super) fn test_connector(stage: &mut Stage<'_>) -> Result<()> {
    let wrong = stage.app.authorization("non-token");
    let refused = stage.send_as(&wrong, &okta::test_users())?;
    stage.note(refused.refused(401, None)?);
    let users = stage.send(&okta::test_users())?.list()?;
    let groups = stage.send(&okta::groups_page(1))?.list()?;
    stage.note(&format!("{} users, {} groups", users.total, groups.total));
    Ok(())
}

/// What `scimd` takes back is gone for the next request.
pub(super) fn permission_taken(stage: &mut Stage<'_>) -> Result<()> {
    stage.send(&okta::test_users())?.list()?;
    operator(stage)?.forbid_scim()?;
    stage.operator_did("api-key forbid --permission scim");
    let refused = stage.send(&okta::test_users())?;
    stage.note(refused.refused(403, None)?);
    Ok(())
}
