//! The table of endpoints. It is read from the `OpenAPI` document, which is made from the code.

use std::{collections::HashMap, fmt::Write as _, future::Future, pin::Pin};

use actix_web::http::Method;
use scim_domain::api_key::Permission;
use serde_json::Value;

use super::{MOUNT, call::Call, document, problem::Problem};

#[cfg(test)]
mod tests;

/// What an endpoint makes of a request.
pub(super) type Handled = Result<actix_web::HttpResponse, Problem>;

/// An endpoint's function.
pub(super) type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Handled>>>;

/// Endpoints that belong together.
pub(super) struct Part {
    /// What they say of themselves.
    pub(super) document: utoipa::openapi::OpenApi,
    /// Their functions, by their names, which are the ids of the operations.
    pub(super) handlers: Vec<(&'static str, Handler)>,
}

/// Makes a [`Part`] of functions that have `#[utoipa::path]`: `fn part()`.
macro_rules! part {
    ($($handler:ident),+ $(,)?) => {
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($handler),+))]
        struct Described;

        /// The endpoints of this module.
        pub(in crate::api) fn part() -> $crate::api::endpoints::Part {
            $crate::api::endpoints::Part {
                document: <Described as utoipa::OpenApi>::openapi(),
                handlers: vec![$((stringify!($handler), |call| Box::pin($handler(call)))),+],
            }
        }
    };
}
pub(super) use part;

/// What a request must show to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// Nothing.
    Open,
    /// Any key that is not for SCIM.
    Key,
    /// A key with this permission.
    Permission(Permission),
    /// An operator key with this permission.
    Operator(Permission),
}

impl Guard {
    /// Reads what the document says of an operation (`security`).
    fn of(operation: &Value) -> Result<Self, String> {
        let Some(requirements) = operation["security"].as_array() else { return Ok(Self::Open) };
        let requirement = requirements.first().and_then(Value::as_object);
        let Some((scheme, scopes)) = requirement.and_then(|it| it.iter().next()) else {
            return Ok(Self::Open);
        };
        let named = scopes.as_array().and_then(|it| it.first()).and_then(Value::as_str);
        let Some(name) = named else { return Ok(Self::Key) };
        let permission = Permission::parse(name);
        let permission = permission.ok_or_else(|| format!("no permission is called {name}"))?;
        match scheme.as_str() {
            document::KEY => Ok(Self::Permission(permission)),
            document::OPERATOR_KEY => Ok(Self::Operator(permission)),
            other => Err(format!("no security scheme is called {other}")),
        }
    }
}

/// One endpoint.
pub(super) struct Endpoint {
    pub(super) method: Method,
    /// The path below the mount; a name in braces stands for one segment.
    pub(super) path: String,
    pub(super) guard: Guard,
    pub(super) handler: Handler,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// All endpoints.
#[derive(Debug)]
pub(super) struct Table(Vec<Endpoint>);

/// The document of all parts, and the table that it describes.
pub(super) fn assemble(parts: Vec<Part>, base: &str) -> Result<(Value, Table), String> {
    let mut handlers = HashMap::new();
    let mut documents = Vec::new();
    for part in parts {
        for (name, handler) in part.handlers {
            if handlers.insert(name, handler).is_some() {
                return Err(format!("two endpoints are called {name}"));
            }
        }
        documents.push(part.document);
    }
    let document = document::assemble(documents, base)?;
    let mut endpoints = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            let handler = handlers.remove(name);
            let handler = handler.ok_or_else(|| format!("nothing answers {method} {path}"))?;
            let method = method.to_ascii_uppercase().parse().map_err(|_| method.clone())?;
            let guard = Guard::of(operation)?;
            endpoints.push(Endpoint { method, path: path.clone(), guard, handler });
        }
    }
    match handlers.keys().next() {
        None => Ok((document, Table(endpoints))),
        Some(name) => Err(format!("{name} is not described")),
    }
}

/// What a request's path gave for the names in its endpoint's path.
pub(super) type Segments = Vec<(String, String)>;

impl Table {
    /// The endpoint of a method and a whole path as it was sent: nothing is decoded, and no case,
    /// slash or dot is forgiven. HEAD is answered as GET, without the body.
    pub(super) fn find(
        &self,
        method: &Method,
        sent: &str,
    ) -> Result<(&Endpoint, Segments), Problem> {
        let path = sent.strip_prefix(MOUNT).unwrap_or_default();
        let wanted = if method == Method::HEAD { &Method::GET } else { method };
        let mut allowed = Vec::new();
        for endpoint in &self.0 {
            let Some(segments) = matched(&endpoint.path, path) else { continue };
            if endpoint.method == *wanted {
                return Ok((endpoint, segments));
            }
            allowed.push(endpoint.method.as_str());
            if endpoint.method == Method::GET {
                allowed.push("HEAD");
            }
        }
        if allowed.is_empty() {
            Err(Problem::unknown_path())
        } else {
            Err(Problem::not_allowed(&allowed.join(", ")))
        }
    }

    /// The endpoints as text.
    pub(super) fn inventory(&self) -> String {
        let mut text = String::new();
        for Endpoint { method, path, guard, .. } in &self.0 {
            // Writing to a String cannot fail.
            let _ = match guard {
                Guard::Open => writeln!(text, "{method} {MOUNT}{path} open"),
                Guard::Key => writeln!(text, "{method} {MOUNT}{path} any-key"),
                Guard::Permission(it) => writeln!(text, "{method} {MOUNT}{path} {it}"),
                Guard::Operator(it) => writeln!(text, "{method} {MOUNT}{path} operator:{it}"),
            };
        }
        text
    }
}

/// The values for the names of a pattern, if the path is one that it describes.
fn matched(pattern: &str, path: &str) -> Option<Segments> {
    let mut segments = Vec::new();
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(segments),
            (Some(wanted), Some(given)) => {
                let name = wanted.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
                match name {
                    Some(name) if plain(given) => {
                        segments.push((name.to_owned(), given.to_owned()));
                    }
                    None if wanted == given => {}
                    Some(_) | None => return None,
                }
            }
            (Some(_), None) | (None, Some(_)) => return None,
        }
    }
}

/// Ids, role keys and the like; anything else names nothing.
fn plain(segment: &str) -> bool {
    let character = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':');
    !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(character)
}
