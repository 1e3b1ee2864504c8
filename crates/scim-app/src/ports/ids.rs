use uuid::Uuid;

/// Makes identifiers.
pub trait Ids: Send + Sync + std::fmt::Debug {
    /// A fresh version 7 UUID (RFC 9562 §5.7): never given twice, later ones sort after earlier ones.
    fn next(&self) -> Uuid;
}
