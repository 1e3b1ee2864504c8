//! Values and rows between sea-query and tokio-postgres.

use std::error::Error as StdError;

use scim_app::ports::StoreError;
use sea_orm::Value;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};
use uuid::Uuid;

use crate::{error::failed, session::Row};

type Refusal = Box<dyn StdError + Sync + Send>;

/// A value on its way to a place of a statement. The statement says of which type the place is.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) &'a Value);

fn integer(value: i64, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Refusal> {
    match *ty {
        Type::INT2 => i16::try_from(value)?.to_sql(ty, out),
        Type::INT4 => i32::try_from(value)?.to_sql(ty, out),
        _ => value.to_sql(ty, out),
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Refusal> {
        match self.0 {
            Value::Bool(it) => it.to_sql(ty, out),
            Value::Int(it) => it.map_or(Ok(IsNull::Yes), |it| integer(it.into(), ty, out)),
            Value::BigInt(it) => it.map_or(Ok(IsNull::Yes), |it| integer(it, ty, out)),
            Value::BigUnsigned(it) => {
                it.map_or(Ok(IsNull::Yes), |it| integer(i64::try_from(it)?, ty, out))
            }
            Value::String(it) => it.as_ref().map(|it| &**it).to_sql(ty, out),
            Value::Bytes(it) => it.as_ref().map(|it| &**it).to_sql(ty, out),
            Value::Uuid(it) => it.to_sql(ty, out),
            _ => Err("a value of this type has no form in PostgreSQL".into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Each value is asked when it is written.
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Refusal> {
        let fits = match self.0 {
            Value::Bool(_) => *ty == Type::BOOL,
            Value::Int(_) | Value::BigInt(_) | Value::BigUnsigned(_) => {
                matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8)
            }
            Value::String(_) => matches!(*ty, Type::TEXT | Type::VARCHAR),
            Value::Bytes(_) => *ty == Type::BYTEA,
            Value::Uuid(_) => *ty == Type::UUID,
            _ => false,
        };
        if fits {
            self.to_sql(ty, out)
        } else {
            Err(format!("a place of type {ty} got another").into())
        }
    }
}

/// The type that a value has by itself, for a statement that is not prepared.
pub(super) const fn type_of(value: &Value) -> Type {
    match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT4,
        Value::Bytes(_) => Type::BYTEA,
        Value::String(_) => Type::TEXT,
        Value::Uuid(_) => Type::UUID,
        _ => Type::INT8,
    }
}

/// The value of a column.
pub(super) fn get<'a, T: FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    column: usize,
) -> Result<T, StoreError> {
    row.try_get(column).map_err(failed)
}

impl Row for tokio_postgres::Row {
    fn text(&self, column: usize) -> Result<String, StoreError> {
        get(self, column)
    }

    fn optional_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        get(self, column)
    }

    fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.optional_int(column)?.ok_or_else(|| failed("a number is missing"))
    }

    fn optional_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.columns().get(column).map(tokio_postgres::Column::type_) {
            // What a statement says of itself, such as the kind of a row.
            Some(&Type::INT4) => Ok(get::<Option<i32>>(self, column)?.map(i64::from)),
            _ => get(self, column),
        }
    }

    fn flag(&self, column: usize) -> Result<bool, StoreError> {
        get(self, column)
    }

    fn optional_flag(&self, column: usize) -> Result<Option<bool>, StoreError> {
        get(self, column)
    }

    fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        get(self, column)
    }

    fn optional_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        get(self, column)
    }

    fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        get(self, column)
    }
}
