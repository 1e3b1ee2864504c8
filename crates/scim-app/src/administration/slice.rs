//! Parts of lists that go on from where the part before ended.

/// Some items of a list that has an order, and from where on there are more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T, P> {
    /// The items, in their order.
    pub items: Vec<T>,
    /// The place of the last item, if there are more after it.
    pub next: Option<P>,
}

impl<T, P> Slice<T, P> {
    /// At most `limit` of the items, of which one more was read than is wanted, if there is one.
    pub fn cut(mut items: Vec<T>, limit: u64, place: impl Fn(&T) -> P) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(place);
        Self { items, next }
    }
}
