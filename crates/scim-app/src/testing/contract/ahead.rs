//! What is asked ahead: no answer is another one for it.

use std::sync::Arc;

use scim_domain::{
    ApiKeyId, FoldedText, OrganizationId, UserId,
    resource::{filter::Filter, representation::GroupRef},
    schema::Catalog,
    user::{StoredUser, User},
};

use super::{builders::changed_user, stage::Stage};
use crate::ports::{Ahead, Ids as _, Part, Search, Snapshot, Store, StoreError, Window};

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
    /// A key of each.
    keys: [ApiKeyId; 2],
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
        let keys = [stage.key(acme, "Okta").await.id, stage.key(bolt, "Okta").await.id];
        Self { stage, acme, bolt, keys, ids: [anna, bert, namesake, nobody] }
    }

    /// A view in which a key was found, and that was told before what comes.
    async fn view(&self, key: ApiKeyId, ahead: &Ahead) -> Box<dyn Snapshot> {
        let mut snapshot = self.stage.read().await;
        snapshot.ahead(ahead);
        let (found, organization) = snapshot.api_keys().authenticate(key).await.unwrap().unwrap();
        assert_eq!((found.id, organization.id), (key, found.organization));
        snapshot
    }

    /// Everything that a request may ask for after any announcement.
    async fn all(&self, ahead: &Ahead) -> Vec<Found> {
        let mut all = Vec::new();
        for (organization, key) in [self.acme, self.bolt].into_iter().zip(self.keys) {
            for id in self.ids {
                let mut snapshot = self.view(key, ahead).await;
                all.push(by_id(&mut *snapshot, organization, id).await);
                // Once more, after something that nobody has announced.
                assert!(snapshot.users().count_active(organization).await.unwrap() > 0);
                assert_eq!(by_id(&mut *snapshot, organization, id).await, *all.last().unwrap());
            }
            for name in NAMES {
                let mut snapshot = self.view(key, ahead).await;
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
        let mut snapshot = house.view(house.keys[0], ahead).await;
        assert_eq!(by_id(&mut *snapshot, house.bolt, anna).await, (None, Vec::new()));
        let (namesake, groups) = by_name(&mut *snapshot, house.bolt, NAMES[0]).await;
        assert_eq!(namesake.unwrap().id, house.ids[2]);
        assert_eq!(groups[0].1.display_name, "Others");
    }
}

pub async fn what_was_asked_ahead_is_of_the_same_moment_as_the_rest(store: Arc<dyn Store>) {
    let house = House::new(store).await;
    let [anna, ..] = house.ids;
    let mut snapshot = house.view(house.keys[0], &Ahead::User(anna)).await;
    let more = house.stage.group(house.acme, "More").await.id;
    house.stage.join(house.acme, more, &[anna]).await;
    assert_eq!(by_id(&mut *snapshot, house.acme, anna).await.1.len(), 2);
    // Either all is of the moment before, or the view says that it cannot be.
    match snapshot.groups().find(house.acme, more).await {
        Ok(found) => assert_eq!(found, None),
        Err(error) => assert!(matches!(error, StoreError::Conflict(_)), "{error:?}"),
    }
    drop(snapshot);
    let mut snapshot = house.view(house.keys[0], &Ahead::User(anna)).await;
    assert_eq!(by_id(&mut *snapshot, house.acme, anna).await.1.len(), 3);
}

pub async fn an_unknown_key_is_unknown_whatever_is_wanted_with_it(store: Arc<dyn Store>) {
    let house = House::new(store).await;
    let mut snapshot = house.stage.read().await;
    snapshot.ahead(&Ahead::User(house.ids[0]));
    let unknown = ApiKeyId::new(house.stage.ids.next());
    assert!(snapshot.api_keys().authenticate(unknown).await.unwrap().is_none());
}

pub async fn a_group_that_was_asked_ahead_is_the_group(store: Arc<dyn Store>) {
    let house = House::new(store).await;
    let admins = house.stage.group(house.acme, "Admins").await.id;
    for (organization, key) in [house.acme, house.bolt].into_iter().zip(house.keys) {
        let plain = house.stage.read().await.groups().find(organization, admins).await.unwrap();
        let mut snapshot = house.view(key, &Ahead::Group(admins)).await;
        assert_eq!(snapshot.groups().find(organization, admins).await.unwrap(), plain);
        assert_eq!(plain.is_some(), organization == house.acme);
    }
}

pub async fn a_unit_that_was_told_ahead_finds_what_is_there(store: Arc<dyn Store>) {
    let house = House::new(store).await;
    let ([anna, ..], acme) = (house.ids, house.acme);
    let mut unit = house.stage.begin().await;
    unit.ahead(acme, &Ahead::User(anna));
    unit.organizations().hold(acme).await.unwrap();
    let found = unit.users().find_for_update(acme, anna).await.unwrap().unwrap();
    let user = User::from_stored(&Catalog::standard().user, &found).unwrap();
    let body = serde_json::json!({ "userName": "annika@acme.example", "active": false });
    let after = changed_user(&user, &body, house.stage.now());
    unit.users().update(acme, &Catalog::standard(), &after, 1).await.unwrap();
    // Nothing that was asked ahead outlives the change.
    let changed = unit.users().find_for_update(acme, anna).await.unwrap().unwrap();
    assert_eq!((changed.meta.version, changed.active), (2, false));
    unit.commit().await.unwrap();
    let name = by_name(&mut *house.stage.read().await, acme, "annika@acme.example").await;
    assert_eq!(name.0.unwrap().id, anna);
}

pub async fn a_name_that_was_asked_ahead_is_free_until_it_is_taken(store: Arc<dyn Store>) {
    let house = House::new(store).await;
    let name = FoldedText::of("carl@acme.example");
    let mut unit = house.stage.begin().await;
    unit.ahead(house.acme, &Ahead::UserNamed(name.clone()));
    unit.organizations().hold(house.acme).await.unwrap();
    assert_eq!(unit.read().users().find_by_name(house.acme, &name).await.unwrap(), None);
    let carl = house.stage.new_user("carl@acme.example");
    unit.users().insert(house.acme, &Catalog::standard(), &carl).await.unwrap();
    let found = unit.read().users().find_by_name(house.acme, &name).await.unwrap();
    assert_eq!(found.unwrap().id, carl.id);
}
