//! Random comings, goings and sealings, held to a plain model.

use std::collections::BTreeSet;

use proptest::{prelude::*, strategy::ValueTree as _};
use scim_app::ports::{Keyset, Part, Store, Window};
use scim_domain::{OrganizationId, testing::runs};
use scim_store::{Lengths, SqlStore};
use uuid::Uuid;

use super::{
    Behind, assert_right, create, create_group, delete, delete_group, groups, organization, users,
};

/// What may happen.
#[derive(Clone, Debug)]
pub enum Step {
    /// So many come, after all others.
    Come(usize),
    /// Some come somewhere among the others.
    ComeLate(Vec<u64>),
    /// One goes: which, in a thousand.
    Go(usize),
    /// A group comes, after the others or among them.
    GroupComes(Option<u64>),
    GroupGoes(usize),
    Seal,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..12_usize).prop_map(Step::Come),
        2 => prop::collection::vec(any::<u64>(), 1..4).prop_map(Step::ComeLate),
        4 => (0..1000_usize).prop_map(Step::Go),
        2 => prop::option::weighted(0.3, any::<u64>()).prop_map(Step::GroupComes),
        1 => (0..1000_usize).prop_map(Step::GroupGoes),
        2 => Just(Step::Seal),
    ]
}

/// What should be there.
#[derive(Default)]
pub struct Model {
    users: BTreeSet<Uuid>,
    groups: BTreeSet<Uuid>,
    newest: u64,
}

/// An id at that moment, more or less.
fn id_at(moment: u64) -> Uuid {
    Uuid::from_u128((u128::from(moment) << 64) | 0x8000_0000_0000_0001)
}

impl Model {
    fn newer(&mut self) -> Uuid {
        self.newest += 1000;
        id_at(self.newest)
    }

    /// Somewhere among those who are there, where nobody is.
    fn late(&self, draw: u64) -> Uuid {
        let mut moment = 1 + draw % (self.newest + 1);
        while self.users.contains(&id_at(moment)) || self.groups.contains(&id_at(moment)) {
            moment += 1;
        }
        id_at(moment)
    }
}

fn nth(of: &BTreeSet<Uuid>, draw: usize) -> Option<Uuid> {
    of.iter().nth(draw * of.len() / 1000).copied()
}

/// Lets it happen, there and in the model.
pub async fn take(step: &Step, model: &mut Model, store: &SqlStore, acme: OrganizationId) {
    match step {
        Step::Come(number) => {
            let ids: Vec<_> = (0..*number).map(|_| model.newer()).collect();
            create(store, acme, &ids).await;
            model.users.extend(ids);
        }
        Step::ComeLate(draws) => {
            let ids: BTreeSet<_> = draws.iter().map(|it| model.late(*it)).collect();
            let ids: Vec<_> = ids.into_iter().rev().collect();
            create(store, acme, &ids).await;
            model.users.extend(ids);
        }
        Step::Go(draw) => {
            let Some(id) = nth(&model.users, *draw) else { return };
            delete(store, acme, id).await;
            model.users.remove(&id);
        }
        Step::GroupComes(draw) => {
            let id = match draw {
                None => model.newer(),
                Some(draw) => model.late(*draw),
            };
            create_group(store, acme, id).await;
            model.groups.insert(id);
        }
        Step::GroupGoes(draw) => {
            let Some(id) = nth(&model.groups, *draw) else { return };
            delete_group(store, acme, id).await;
            model.groups.remove(&id);
        }
        Step::Seal => store.seal(acme).await.unwrap(),
    }
}

fn inside(of: &BTreeSet<Uuid>, descending: bool, window: Window) -> (u64, Vec<Uuid>) {
    let mut all: Vec<_> = of.iter().copied().collect();
    if descending {
        all.reverse();
    }
    let skip = usize::try_from(window.offset).unwrap();
    let take = usize::try_from(window.limit).unwrap();
    (of.len() as u64, all.into_iter().skip(skip).take(take).collect())
}

/// Every window of the same length agrees, and so do the totals of other parts.
pub async fn compare(model: &Model, store: &SqlStore, acme: OrganizationId, limit: u64) {
    let mut snapshot = store.read().await.unwrap();
    for offset in (0..model.users.len() as u64 + 2).step_by(if limit == 0 { 99 } else { 3 }) {
        let window = Window { offset, limit };
        for descending in [false, true] {
            let found = users(&mut *snapshot, acme, descending, Part::Window(window)).await;
            assert_eq!(found, inside(&model.users, descending, window), "{window:?} {descending}");
        }
        let found = groups(&mut *snapshot, acme, window).await;
        assert_eq!(found, inside(&model.groups, false, window), "{window:?}");
    }
    let keyset = Keyset { place: None, backwards: true, limit: 2 };
    let (total, _) = users(&mut *snapshot, acme, false, Part::Keyset(keyset)).await;
    assert_eq!(total, model.users.len() as u64);
}

/// Random comings and goings, on two stores of one database, with blocks of some length.
pub async fn whatever_happens_agrees_with_a_plain_model(behind: &impl Behind, lengths: Lengths) {
    let (mut runner, seed) = runs::runner();
    let store = behind.open_in_blocks(lengths);
    let other = behind.open_in_blocks(lengths);
    let acme = organization(&store).await;
    let mut model = Model::default();
    let steps = prop::collection::vec(step(), 40..70).new_tree(&mut runner).unwrap().current();
    for (number, step) in steps.iter().enumerate() {
        println!("{seed} {number}: {step:?}");
        let by = if number % 3 == 0 { &other } else { &store };
        take(step, &mut model, by, acme).await;
        compare(&model, if number % 2 == 0 { &store } else { &other }, acme, 5).await;
        assert_right(behind).await;
    }
    compare(&model, &store, acme, 0).await;
}
