use async_trait::async_trait;
use scim_app::ports::{MappingRuleQueries, MappingRules};
use scim_domain::{MappingRuleId, OrganizationId, mapping_rule::MappingRule, role::RoleKey};

use super::{Reading, Result, Writing};
use crate::{
    rows::read_mapping_rule,
    session::{Session, Transaction},
    statements::mapping_rules as statements,
};

#[async_trait]
impl<S: Session> MappingRuleQueries for Reading<S> {
    async fn list(&mut self, organization: OrganizationId) -> Result<Vec<(MappingRule, RoleKey)>> {
        let call = statements::LIST.call([organization.uuid().into()]);
        self.session.rows(call, read_mapping_rule).await
    }
}

#[async_trait]
impl<S: Transaction> MappingRules for Writing<S> {
    async fn insert(&mut self, organization: OrganizationId, rule: &MappingRule) -> Result<()> {
        let call = statements::INSERT.call([
            organization.uuid().into(),
            rule.id.uuid().into(),
            rule.pattern.matching().name().into(),
            rule.pattern.name().into(),
            rule.pattern.key().as_str().into(),
            rule.role.uuid().into(),
            rule.created.micros().into(),
        ]);
        self.session().execute(call).await.map(drop)
    }

    async fn update(&mut self, organization: OrganizationId, rule: &MappingRule) -> Result<()> {
        let call = statements::UPDATE.call([
            rule.pattern.matching().name().into(),
            rule.pattern.name().into(),
            rule.pattern.key().as_str().into(),
            rule.role.uuid().into(),
            organization.uuid().into(),
            rule.id.uuid().into(),
        ]);
        self.change_one(call).await
    }

    async fn delete(&mut self, organization: OrganizationId, id: MappingRuleId) -> Result<()> {
        let call = statements::DELETE.call([organization.uuid().into(), id.uuid().into()]);
        self.change_one(call).await
    }
}
