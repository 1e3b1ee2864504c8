//! Parts of long lists.

use std::fmt::Display;

use clap::Args;
use scim_app::ports::Window;

/// Which part of a list is shown.
#[derive(Debug, Clone, Copy, Args)]
pub struct Part {
    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub limit: u64,
    /// Leave so many out at the beginning
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub skip: u64,
}

impl Part {
    /// The part in the words of the use cases.
    pub fn window(self) -> Window {
        Window { offset: self.skip, limit: self.limit }
    }
}

/// The items that are wanted, of up to one more; and for people a line that says how to go on where
/// there is more, else nothing.
pub fn cut<T, I: Display>(mut items: Vec<T>, limit: u64, id: impl Fn(&T) -> I) -> (Vec<T>, String) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(id);
    let line = last.map_or_else(String::new, |it| format!("\n\nThere are more: --after {it}"));
    (items, line)
}

/// For people: a line that says how many there are when not all are shown, else nothing.
pub fn rest_of(total: u64, shown: usize) -> String {
    if u64::try_from(shown).is_ok_and(|shown| shown < total) {
        format!("\n\n{shown} of {total}; --limit and --skip show others.")
    } else {
        String::new()
    }
}
