//! The operator's own organization: no customer, but the owner of keys that reach all of them.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m20261124_000015_operator",
    up: &["INSERT INTO organizations (id, name, plan, created_us)
            VALUES ({nil}, 'Operator', 'enterprise', 0)"],
    down: &[
        "DELETE FROM api_keys WHERE organization_id = {nil}",
        "DELETE FROM organizations WHERE id = {nil}",
    ],
};
