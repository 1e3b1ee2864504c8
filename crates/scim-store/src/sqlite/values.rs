//! Values, rows and errors between sea-query and rusqlite.

use rusqlite::{
    Connection, ErrorCode, Statement, ToSql, ffi,
    types::{FromSql, ToSqlOutput, ValueRef},
};
use scim_app::ports::StoreError;
use sea_orm::Value;
use uuid::Uuid;

use crate::{
    dialect::Dialect,
    error::{failed, not_unique, unavailable},
    session::{Call, Read, Row},
};

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::Bool(it) => it.map(|it| ValueRef::Integer(it.into())),
            Value::Int(it) => it.map(|it| ValueRef::Integer(it.into())),
            Value::BigInt(it) => it.map(ValueRef::Integer),
            Value::String(it) => it.as_ref().map(|it| ValueRef::Text(it.as_bytes())),
            Value::Bytes(it) => it.as_ref().map(|it| ValueRef::Blob(it)),
            Value::Uuid(it) => it.as_ref().map(|it| ValueRef::Blob(it.as_bytes())),
            Value::BigUnsigned(it) => {
                let fitting = it.map(i64::try_from).transpose();
                let fitting =
                    fitting.map_err(|it| rusqlite::Error::ToSqlConversionFailure(Box::new(it)))?;
                fitting.map(ValueRef::Integer)
            }
            _ => {
                let reason = "a value of this type has no form in SQLite";
                return Err(rusqlite::Error::ToSqlConversionFailure(reason.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

fn get<T: FromSql>(row: &rusqlite::Row<'_>, column: usize) -> Result<T, StoreError> {
    row.get(column).map_err(failed)
}

impl Row for rusqlite::Row<'_> {
    fn text(&self, column: usize) -> Result<String, StoreError> {
        get(self, column)
    }

    fn optional_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        get(self, column)
    }

    fn int(&self, column: usize) -> Result<i64, StoreError> {
        get(self, column)
    }

    fn optional_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        get(self, column)
    }

    fn flag(&self, column: usize) -> Result<bool, StoreError> {
        get(self, column)
    }

    fn optional_flag(&self, column: usize) -> Result<Option<bool>, StoreError> {
        get(self, column)
    }

    fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        get::<[u8; 16]>(self, column).map(Uuid::from_bytes)
    }

    fn optional_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        Ok(get::<Option<[u8; 16]>>(self, column)?.map(Uuid::from_bytes))
    }

    fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        get(self, column)
    }
}

/// What a refusal of SQLite means.
pub(super) fn refused(error: rusqlite::Error) -> StoreError {
    let Some(code) = error.sqlite_error().copied() else { return failed(error) };
    match code.code {
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::ReadOnly
        | ErrorCode::SchemaChanged
        | ErrorCode::OutOfMemory => unavailable(error),
        ErrorCode::ConstraintViolation => match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                not_unique(&error.to_string(), error)
            }
            // What the row points to is gone.
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::Stale,
            _ => failed(error),
        },
        _ if error.to_string().starts_with("no such table") => unavailable(error),
        _ => failed(error),
    }
}

/// Whether another process holds the write lock.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Runs a statement without values or answer.
pub(super) fn run(connection: &Connection, text: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(text)?.raw_execute().map(drop)
}

fn bind(statement: &mut Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    // A place without a value would count as null.
    if statement.parameter_count() != values.len() {
        return Err(rusqlite::Error::InvalidParameterCount(
            values.len(),
            statement.parameter_count(),
        ));
    }
    for (at, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, Bound(value))?;
    }
    Ok(())
}

pub(super) fn execute(connection: &Connection, call: &Call) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(call.text(Dialect::Sqlite)).map_err(refused)?;
    bind(&mut statement, &call.values).map_err(refused)?;
    statement.raw_execute().map(|it| it as u64).map_err(refused)
}

pub(super) fn query<T>(
    connection: &Connection,
    call: &Call,
    read: Read<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(call.text(Dialect::Sqlite)).map_err(refused)?;
    bind(&mut statement, &call.values).map_err(refused)?;
    let mut rows = statement.raw_query();
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(refused)? {
        all.push(read(row)?);
    }
    Ok(all)
}
