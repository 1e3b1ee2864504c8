use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use uuid::Uuid;

use super::*;

fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

/// Places, and the requests that want one.
struct World {
    places: Places,
    turns: Turns,
}

impl World {
    fn of(at_once: usize) -> Self {
        Self { places: Places::new(at_once), turns: Turns::new(1_000, 0) }
    }

    /// A request of a key of an organization that waits for a place.
    async fn take(&self, organization: u128, key: u128) -> Result<Place, Refusal> {
        let turn = Arc::new(self.turns.take(key).await?);
        let organization = OrganizationId::new(Uuid::from_u128(organization));
        self.places.take(organization, ApiKeyId::new(Uuid::from_u128(key)), &turn).await
    }

    /// The places that these requests get at once, each by organization and key.
    fn taken<const N: usize>(&self, wanted: [(u128, u128); N]) -> Vec<Place> {
        let take = |(organization, key)| now(self.take(organization, key)).map(Result::unwrap);
        wanted.into_iter().filter_map(take).collect()
    }
}

#[test]
fn a_key_has_two_places_and_an_organization_half_of_them() {
    let world = World::of(8);
    let of_key = world.taken([(1, 1), (1, 1), (1, 1)]);
    assert_eq!(of_key.len(), 2);
    let of_organization = world.taken([(1, 2), (1, 3), (1, 4), (1, 5)]);
    assert_eq!(of_organization.len(), 2);
    let of_others = world.taken([(2, 6), (2, 7), (3, 8), (3, 9), (4, 10)]);
    assert_eq!(of_others.len(), 4);
    drop(of_key);
    assert_eq!(world.taken([(1, 4), (1, 4), (1, 5)]).len(), 2);
}

#[test]
fn of_few_places_one_is_for_another_organization() {
    for at_once in [2, 3] {
        let world = World::of(at_once);
        assert_eq!(world.taken([(1, 1)]).len(), 1);
        let first = world.taken([(1, 1), (1, 1), (1, 2)]);
        assert_eq!((first.len(), world.taken([(2, 3)]).len()), (1, 1), "of {at_once}");
    }
    let world = World::of(1);
    let only = world.taken([(1, 1), (2, 2)]);
    assert_eq!(only.len(), 1);
    drop(only);
    assert_eq!(world.taken([(2, 2)]).len(), 1);
}

#[test]
fn some_of_a_key_wait_for_a_place_and_more_are_refused() {
    let world = World::of(8);
    let taken = world.taken([(1, 1), (1, 1)]);
    let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(world.take(1, 1))).collect();
    for it in &mut waiting {
        assert!(now(it.as_mut()).is_none());
    }
    assert!(matches!(now(world.take(1, 1)), Some(Err(Refusal::Crowded))));
    assert!(matches!(now(world.take(1, 2)), Some(Ok(_))), "another key of it is not");
    drop(taken);
    assert!(matches!(now(waiting.remove(0).as_mut()), Some(Ok(_))));
}
