pub(super) const STORIES: &[&str] = &[];
