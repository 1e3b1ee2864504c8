use sea_orm::sea_query::{
    Expr, Func, FunctionCall, InsertStatement, PostgresQueryBuilder, Query, QueryStatementWriter,
    SqliteQueryBuilder,
};

/// The database that a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(crate) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// The text of a statement whose values are bound later, in the order of their places.
    pub(crate) fn text(self, statement: &impl QueryStatementWriter) -> String {
        self.build(statement).0
    }

    /// The text of a statement, and the values it was made with.
    pub(crate) fn build(
        self,
        statement: &impl QueryStatementWriter,
    ) -> (String, Vec<sea_orm::Value>) {
        let (text, values) = match self {
            Self::Sqlite => statement.build(SqliteQueryBuilder),
            Self::Postgres => statement.build(PostgresQueryBuilder),
        };
        (text, values.0)
    }

    /// Where `needle` stands in `text`, from 1; 0 if nowhere. By code points, unlike LIKE, which
    /// has wildcards and on SQLite takes no notice of the case of ASCII letters.
    pub(crate) fn position(self, text: Expr, needle: &str) -> FunctionCall {
        let name = match self {
            Self::Sqlite => "instr",
            Self::Postgres => "strpos",
        };
        Func::cust(name).args([text, Expr::val(needle)])
    }

    /// The last `length` characters of a text, or all if there are fewer.
    pub(crate) fn tail(self, text: Expr, length: i32) -> FunctionCall {
        match self {
            Self::Sqlite => Func::cust("substr").args([text, Expr::val(-length)]),
            Self::Postgres => Func::cust("right").args([text, Expr::val(length)]),
        }
    }
}

/// The place of a value in a kept text. What stands in it while the text is built is forgotten.
pub(crate) fn place() -> Expr {
    Expr::val(0_i64)
}

/// As many places, for `IN`.
pub(crate) fn places(count: usize) -> Vec<Expr> {
    std::iter::repeat_with(place).take(count).collect()
}

/// An insertion of so many rows, with a place for every value.
pub(crate) fn insert(
    table: &'static str,
    columns: &'static [&'static str],
    rows: usize,
) -> InsertStatement {
    let mut statement = Query::insert();
    statement.into_table(table).columns(columns.iter().copied());
    for _ in 0..rows {
        // Fails only if a row had more or fewer values than there are columns.
        let _ = statement.values(places(columns.len()));
    }
    statement
}
