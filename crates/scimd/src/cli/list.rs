//! Parts of long lists.

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

/// For people: a line that says how to go on where there is more, else nothing.
pub fn more_after(next: Option<impl std::fmt::Display>) -> String {
    next.map_or_else(String::new, |it| format!("\n\nThere are more: --after {it}"))
}

/// For people: a line that says how many there are when not all are shown, else nothing.
pub fn rest_of(total: u64, shown: usize) -> String {
    if u64::try_from(shown).is_ok_and(|shown| shown < total) {
        format!("\n\n{shown} of {total}; --limit and --skip show others.")
    } else {
        String::new()
    }
}
