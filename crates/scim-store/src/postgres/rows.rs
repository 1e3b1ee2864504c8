//! Rows that are not as a statement answered them.

use scim_app::ports::StoreError;
use tokio_postgres::types::{FromSql, Type};
use uuid::Uuid;

use crate::{error::failed, session::Row};

/// The columns of a row from one on.
pub(super) struct Part<'a> {
    pub(super) row: &'a tokio_postgres::Row,
    pub(super) first: usize,
}

impl Row for Part<'_> {
    fn text(&self, column: usize) -> Result<String, StoreError> {
        Row::text(self.row, self.first + column)
    }

    fn optional_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        Row::optional_text(self.row, self.first + column)
    }

    fn int(&self, column: usize) -> Result<i64, StoreError> {
        Row::int(self.row, self.first + column)
    }

    fn optional_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        Row::optional_int(self.row, self.first + column)
    }

    fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Row::flag(self.row, self.first + column)
    }

    fn optional_flag(&self, column: usize) -> Result<Option<bool>, StoreError> {
        Row::optional_flag(self.row, self.first + column)
    }

    fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        Row::id(self.row, self.first + column)
    }

    fn optional_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        Row::optional_id(self.row, self.first + column)
    }

    fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        Row::bytes(self.row, self.first + column)
    }
}

/// A value of a row that no statement answered as a row.
pub(super) enum Cell {
    Id(Uuid),
    Text(String),
}

/// A row out of values.
pub(super) struct Made(pub(super) Vec<Cell>);

fn absent<T>() -> Result<T, StoreError> {
    Err(failed("a row has no such column"))
}

impl Row for Made {
    fn text(&self, column: usize) -> Result<String, StoreError> {
        match self.0.get(column) {
            Some(Cell::Text(text)) => Ok(text.clone()),
            Some(Cell::Id(_)) | None => absent(),
        }
    }

    fn optional_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        self.text(column).map(Some)
    }

    fn int(&self, _: usize) -> Result<i64, StoreError> {
        absent()
    }

    fn optional_int(&self, _: usize) -> Result<Option<i64>, StoreError> {
        absent()
    }

    fn flag(&self, _: usize) -> Result<bool, StoreError> {
        absent()
    }

    fn optional_flag(&self, _: usize) -> Result<Option<bool>, StoreError> {
        absent()
    }

    fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        match self.0.get(column) {
            Some(Cell::Id(id)) => Ok(*id),
            Some(Cell::Text(_)) | None => absent(),
        }
    }

    fn optional_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        self.id(column).map(Some)
    }

    fn bytes(&self, _: usize) -> Result<Vec<u8>, StoreError> {
        absent()
    }
}

/// A value as it came.
#[derive(PartialEq, Eq)]
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Whether two answers of one statement are the same, byte by byte.
pub(super) fn same(one: &[tokio_postgres::Row], other: &[tokio_postgres::Row]) -> bool {
    let same_row = |(one, other): (&tokio_postgres::Row, &tokio_postgres::Row)| {
        let values = |row: &tokio_postgres::Row, column| {
            row.try_get::<_, Option<Raw<'_>>>(column).ok().map(|it| it.map(|it| it.0.to_vec()))
        };
        one.len() == other.len() && (0..one.len()).all(|at| values(one, at) == values(other, at))
    };
    one.len() == other.len() && one.iter().zip(other).all(same_row)
}
