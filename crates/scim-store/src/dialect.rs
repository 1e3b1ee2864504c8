use sea_orm::sea_query::{
    Expr, Func, FunctionCall, InsertStatement, PostgresQueryBuilder, Query, QueryStatementWriter,
    SelectStatement, SqliteQueryBuilder,
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

    /// The text of a selection of at most so many rows. PostgreSQL takes a limit that is a value for a
    /// tenth of all rows, and a statement that seems that dear it plans anew each time it is asked,
    /// which can take as long as the answer.
    pub(crate) fn first(self, rows: u64, select: &SelectStatement) -> String {
        format!("{} LIMIT {rows}", self.text(select))
    }

    /// The place of the value with that number, from 1, in a text that is written by hand.
    pub(crate) fn value(self, number: usize) -> String {
        match self {
            Self::Sqlite => format!("?{number}"),
            Self::Postgres => format!("${number}"),
        }
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

/// The text for a window of rows in the order of their ids, none of which is further than
/// [`NEAR`]; its last two values are limit and offset.
pub(crate) fn near(dialect: Dialect, rows: &SelectStatement) -> String {
    match dialect {
        Dialect::Sqlite => dialect.text(rows.clone().limit(1).offset(1)),
        Dialect::Postgres => {
            let near = dialect.first(NEAR, rows);
            format!("SELECT * FROM ({near}) AS near ORDER BY id ASC LIMIT $3 OFFSET $4")
        }
    }
}

/// How far a window of [`near`] may reach.
pub(crate) const NEAR: u64 = 512;
