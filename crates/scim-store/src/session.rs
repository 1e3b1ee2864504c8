use scim_app::ports::{Ahead, StoreError};
use sea_orm::Value;
use uuid::Uuid;

use crate::{dialect::Dialect, kept::Kept};

/// How much a statement may have to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// A few rows by an index.
    Point,
    /// Many rows: not on a thread that serves requests.
    Scan,
}

/// Where the text of a statement comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// Kept, for lists of so many values.
    Kept(&'static Kept, usize),
    /// Made for this call.
    Made(String),
}

/// A statement with its values.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) source: Source,
    pub(crate) values: Vec<Value>,
    pub(crate) cost: Cost,
}

impl Call {
    /// The same, as something that may take long.
    pub(crate) fn scan(mut self) -> Self {
        self.cost = Cost::Scan;
        self
    }

    /// Whether this is that statement with the same values.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let same = match (&self.source, &other.source) {
            (Source::Kept(one, size), Source::Kept(another, its)) => {
                std::ptr::eq(*one, *another) && size == its
            }
            (Source::Made(one), Source::Made(another)) => one == another,
            (Source::Kept(..), Source::Made(_)) | (Source::Made(_), Source::Kept(..)) => false,
        };
        same && self.values == other.values
    }

    /// The same with one more value behind the others.
    pub(crate) fn and(mut self, value: Value) -> Self {
        self.values.push(value);
        self
    }

    pub(crate) fn text(&self, dialect: Dialect) -> &str {
        match &self.source {
            Source::Kept(kept, size) => kept.text(dialect, *size),
            Source::Made(text) => text,
        }
    }
}

/// One row of an answer, column by column from 0.
pub(crate) trait Row {
    fn text(&self, column: usize) -> Result<String, StoreError>;
    fn optional_text(&self, column: usize) -> Result<Option<String>, StoreError>;
    fn int(&self, column: usize) -> Result<i64, StoreError>;
    fn optional_int(&self, column: usize) -> Result<Option<i64>, StoreError>;
    fn flag(&self, column: usize) -> Result<bool, StoreError>;
    fn optional_flag(&self, column: usize) -> Result<Option<bool>, StoreError>;
    fn id(&self, column: usize) -> Result<Uuid, StoreError>;
    fn optional_id(&self, column: usize) -> Result<Option<Uuid>, StoreError>;
    fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError>;
}

/// Makes something of a row.
pub(crate) type Read<T> = fn(&dyn Row) -> Result<T, StoreError>;

/// Something that runs statements one after the other and sees one state of the database.
pub(crate) trait Session: Send {
    fn dialect(&self) -> Dialect;

    /// Changes rows; answers how many.
    fn execute(&mut self, call: Call) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Reads all rows, or what a change returns.
    fn rows<T: Send + 'static>(
        &mut self,
        call: Call,
        read: Read<T>,
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send;

    /// Takes what will be asked for after the key that is authenticated next. Nothing happens where
    /// nobody waits for a statement.
    fn together(&mut self, wanted: &Ahead) {
        let _ = wanted;
    }

    /// Takes statements that will be asked for, most likely: they go out together with the next one,
    /// and their rows wait until they are. Nothing happens where nobody waits for a statement.
    fn ahead(&mut self, calls: Vec<Call>) {
        drop(calls);
    }

    /// Runs work that takes long without the database, where it keeps nobody from being served.
    fn compute<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;

    /// Reads the first row, if there is one.
    fn first<T: Send + 'static>(
        &mut self,
        call: Call,
        read: Read<T>,
    ) -> impl Future<Output = Result<Option<T>, StoreError>> + Send {
        async move { Ok(self.rows(call, read).await?.into_iter().next()) }
    }
}

/// A session that changes things. Dropping it leaves nothing of what it did.
pub(crate) trait Transaction: Session {
    /// Changes rows, and tells of a failure at the latest when the unit commits: for what cannot be
    /// refused, and of which nobody asks how many rows it were. Whatever comes next sees it.
    fn later(&mut self, call: Call) -> impl Future<Output = Result<(), StoreError>> + Send {
        async move { self.execute(call).await.map(drop) }
    }

    /// Makes everything durable, or nothing.
    fn commit(self) -> impl Future<Output = Result<(), StoreError>> + Send;
}
