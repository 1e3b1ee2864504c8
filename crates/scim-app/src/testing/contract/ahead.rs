//! What is asked ahead: no answer is another one for it.

use std::sync::Arc;

use scim_domain::{
    FoldedText, OrganizationId, UserId,
    resource::{filter::Filter, representation::GroupRef},
    schema::Catalog,
    user::StoredUser,
};

use super::stage::Stage;
use crate::ports::{Ahead, Ids as _, Part, Search, Snapshot, Store, Window};

/// A user with its groups, as a request reads them.
type Found = (Option<StoredUser>, Vec<(UserId, GroupRef)>);

async fn by_id(snapshot: &mut dyn Snapshot, organization: OrganizationId, id: UserId) -> Found {
    let found = snapshot.users().find(organization, id).await.unwrap();
    (found, snapshot.users().groups_of(organization, &[id]).await.unwrap())
}

async fn by_name(snapshot: &mut dyn Snapshot, organization: OrganizationId, name: &str) -> Found {
    let catalog = Catalog::standard();
    let text = format!("userName eq \"{name}\"");
    let filter = Filter::parse(&text, &catalog.user, &[]).unwrap();
    let search = Search {
        catalog: &catalog,
        filter: Some(&filter),
        sort: None,
        part: Part::Window(Window { offset: 0, limit: 10 }),
    };
    let found = snapshot.users().search(organization, search).await.unwrap().items.pop();
    let ids: Vec<_> = found.iter().map(|it| it.id).collect();
    (found, snapshot.users().groups_of(organization, &ids).await.unwrap())
}

/// Two organizations with a user of the same name; in the first one it has groups, and another
/// user has none.
struct House {
    stage: Stage,
    acme: OrganizationId,
    bolt: OrganizationId,
    /// Acme's Anna, Acme's Bert, Bolt's Anna, nobody.
    ids: [UserId; 4],
}

const NAMES: [&str; 3] = ["Anna@acme.example", "bert@acme.example", "nobody@acme.example"];

impl House {
    async fn new(store: Arc<dyn Store>) -> Self {
        let stage = Stage::new(store);
        let (acme, bolt) = (stage.organization("Acme").await, stage.organization("Bolt").await);
        let anna = stage.user(acme, NAMES[0]).await.id;
        let bert = stage.user(acme, NAMES[1]).await.id;
        let namesake = stage.user(bolt, NAMES[0]).await.id;
        for name in ["Zeta", "Alpha"] {
            let group = stage.group(acme, name).await.id;
            stage.join(acme, group, &[anna]).await;
        }
        let group = stage.group(bolt, "Others").await.id;
        stage.join(bolt, group, &[namesake]).await;
        let nobody = UserId::new(stage.ids.next());
        Self { stage, acme, bolt, ids: [anna, bert, namesake, nobody] }
    }

    /// A view that has read something, and was told before what comes.
    async fn view(&self, organization: OrganizationId, ahead: &Ahead) -> Box<dyn Snapshot> {
        let mut snapshot = self.stage.read().await;
        snapshot.ahead(organization, ahead);
        assert!(snapshot.organizations().find(organization).await.unwrap().is_some());
        snapshot
    }

    /// Everything that a request may ask for after any announcement.
    async fn all(&self, ahead: &Ahead) -> Vec<Found> {
        let mut all = Vec::new();
        for organization in [self.acme, self.bolt] {
            for id in self.ids {
                let mut snapshot = self.view(organization, ahead).await;
                all.push(by_id(&mut *snapshot, organization, id).await);
                // Once more, when nothing is left of what was asked ahead.
                assert_eq!(by_id(&mut *snapshot, organization, id).await, *all.last().unwrap());
            }
            for name in NAMES {
                let mut snapshot = self.view(organization, ahead).await;
                all.push(by_name(&mut *snapshot, organization, name).await);
                assert_eq!(by_name(&mut *snapshot, organization, name).await, *all.last().unwrap());
            }
        }
        all
    }
}

pub async fn no_answer_is_another_one_for_what_was_asked_ahead(store: Arc<dyn Store>) {
    let house = House::new(store).await;
    let plain = house.all(&Ahead::Nothing).await;
    assert_eq!(plain[0].1.len(), 2, "Anna has her groups");
    assert_eq!(plain[4], plain[0], "by name as by id");
    for id in house.ids {
        assert_eq!(house.all(&Ahead::User(id)).await, plain);
    }
    for name in NAMES {
        assert_eq!(house.all(&Ahead::UserNamed(FoldedText::of(name))).await, plain);
    }
}

pub async fn what_was_asked_ahead_for_one_organization_is_not_told_of_another(
    store: Arc<dyn Store>,
) {
    let house = House::new(store).await;
    let [anna, ..] = house.ids;
    let ahead = [Ahead::User(anna), Ahead::UserNamed(FoldedText::of(NAMES[0]))];
    for ahead in &ahead {
        let mut snapshot = house.view(house.acme, ahead).await;
        assert_eq!(by_id(&mut *snapshot, house.bolt, anna).await, (None, Vec::new()));
        let (namesake, groups) = by_name(&mut *snapshot, house.bolt, NAMES[0]).await;
        assert_eq!(namesake.unwrap().id, house.ids[2]);
        assert_eq!(groups[0].1.display_name, "Others");
    }
}

pub async fn what_was_asked_ahead_is_of_the_same_moment_as_the_rest(store: Arc<dyn Store>) {
    let house = House::new(store).await;
    let [anna, ..] = house.ids;
    let mut snapshot = house.view(house.acme, &Ahead::User(anna)).await;
    let more = house.stage.group(house.acme, "More").await.id;
    house.stage.join(house.acme, more, &[anna]).await;
    assert_eq!(by_id(&mut *snapshot, house.acme, anna).await.1.len(), 2);
    drop(snapshot);
    let mut snapshot = house.view(house.acme, &Ahead::User(anna)).await;
    assert_eq!(by_id(&mut *snapshot, house.acme, anna).await.1.len(), 3);
}
