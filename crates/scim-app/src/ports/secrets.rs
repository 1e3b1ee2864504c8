use async_trait::async_trait;

/// What became of checking a token against a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The token made this hash.
    Right,
    /// It did not.
    Wrong,
    /// Too many checks are waiting; nothing was checked. To be answered with 503.
    Busy,
}

/// Makes and checks secrets. Slow by intent; never called inside a unit of work.
#[async_trait]
pub trait Secrets: Send + Sync + std::fmt::Debug {
    /// 256 fresh random bits.
    fn random(&self) -> Result<[u8; 32], String>;

    /// The argon2id hash of a token, as a PHC string.
    async fn hash(&self, token: &str) -> Result<String, String>;

    /// Checks a token against a PHC string, off the threads that serve requests and behind a small
    /// bounded gate. `None` stands for an unknown key: it must cost the same and be `Wrong`.
    async fn verify(&self, token: &str, hash: Option<&str>) -> Verdict;
}
