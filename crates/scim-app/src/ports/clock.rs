use scim_domain::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The moment it is.
    fn now(&self) -> Timestamp;
}
