//! Extractors for the bodies, path ids and paging queries of requests, each with an error that names the
//! field.

use crate::{app::App, error::ApiError, storage::Cursor};
use axum::{
    RequestPartsExt,
    body::{self, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{header, request::Parts},
};
use parley_protocol::{ErrorCode, limits};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use std::str::FromStr;
use utoipa::openapi::{
    ObjectBuilder, Type,
    path::{Parameter, ParameterBuilder, ParameterIn},
};
use uuid::Uuid;

/// A JSON body.
pub struct Body<T>(pub T);

/// A JSON body that may be declared as `text/plain`, as that of `navigator.sendBeacon` is.
pub struct BeaconBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _app: &App) -> Result<Self, ApiError> {
        read(request, &["application/json"]).await.map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for BeaconBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _app: &App) -> Result<Self, ApiError> {
        read(request, &["application/json", "text/plain"]).await.map(Self)
    }
}

/// The ignored body of a request whose path says everything.
pub struct NoBody;

impl FromRequest<App> for NoBody {
    type Rejection = ApiError;

    async fn from_request(_request: Request, _app: &App) -> Result<Self, ApiError> {
        Ok(Self)
    }
}

async fn read<T: DeserializeOwned>(request: Request, kinds: &[&str]) -> Result<T, ApiError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !kinds.iter().any(|known| known.eq_ignore_ascii_case(kind)) {
        let why = format!("the body must be {}", kinds.join(" or "));
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, why));
    }
    parse(&read_body(request.into_body()).await?)
}

/// Reads the bytes of a body, up to the size limit.
pub async fn read_body(body: body::Body) -> Result<Bytes, ApiError> {
    let bytes = to_bytes(body, limits::FRAME_MAX_BYTES).await;
    bytes.map_err(|_| ApiError::new(ErrorCode::TooLarge, "a body may have at most 64 KiB"))
}

/// Parses JSON; the error names the field that is wrong.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // serde would take the items of a list for the fields of an object, in their order.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let is_json = serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
        return Err(if is_json { ApiError::field("body", "must be an object") } else { invalid_json() });
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() { wrong_value(&path, &inner) } else { invalid_json() }
    })?;
    json.end().map_err(|_| invalid_json())?;
    Ok(value)
}

fn wrong_value(path: &str, error: &serde_json::Error) -> ApiError {
    let text = error.to_string();
    // serde gives a missing field no path of its own, so its name is taken from the message.
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(field) if path == "." => ApiError::field(field, "is missing"),
        Some(field) => ApiError::field(&format!("{path}.{field}"), "is missing"),
        None => ApiError::field(if path == "." { "body" } else { path }, "is malformed"),
    }
}

fn invalid_json() -> ApiError {
    ApiError::new(ErrorCode::InvalidJson, "the body is not JSON")
}

/// An id in the path. A malformed one gets 404, as an unknown one does.
pub struct Id<T>(pub T);

impl<T: From<Uuid>> FromRequestParts<App> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        let Path(id) = parts.extract::<Path<Uuid>>().await.map_err(|_| ApiError::not_found())?;
        Ok(Self(id.into()))
    }
}

/// Two ids in the path.
pub struct Ids<A, B>(pub A, pub B);

impl<A: From<Uuid>, B: From<Uuid>> FromRequestParts<App> for Ids<A, B> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        let Path((a, b)) = parts.extract::<Path<(Uuid, Uuid)>>().await.map_err(|_| ApiError::not_found())?;
        Ok(Self(a.into(), b.into()))
    }
}

/// The query as text.
#[derive(Deserialize)]
struct RawPage {
    limit: Option<String>,
    cursor: Option<String>,
}

/// The paging of a list: `?limit=&cursor=`.
pub struct Paging {
    pub limit: u32,
    pub after: Option<Cursor>,
}

const DEFAULT_LIMIT: u32 = 50;

impl FromRequestParts<App> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        let Query(raw) =
            parts.extract::<Query<RawPage>>().await.map_err(|_| ApiError::field("query", "is malformed"))?;
        let limit = match raw.limit {
            None => DEFAULT_LIMIT,
            Some(text) => match text.parse() {
                Ok(limit) if (1..=limits::PAGE_MAX).contains(&limit) => limit,
                _ => return Err(ApiError::field("limit", format!("must be 1 to {}", limits::PAGE_MAX))),
            },
        };
        let after = raw.cursor.as_deref().map(Cursor::from_str).transpose();
        let after = after.map_err(|()| ApiError::field("cursor", "is not a cursor of this server"))?;
        Ok(Self { limit, after })
    }
}

impl utoipa::IntoParams for Paging {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(limits::PAGE_MAX))
            .default(Some(DEFAULT_LIMIT.into()));
        let limit =
            ParameterBuilder::new().name("limit").parameter_in(ParameterIn::Query).schema(Some(limit));
        let text = ObjectBuilder::new().schema_type(Type::String);
        let cursor =
            ParameterBuilder::new().name("cursor").parameter_in(ParameterIn::Query).schema(Some(text));
        let cursor = cursor.description(Some("`next_cursor` of the previous page"));
        vec![limit.build(), cursor.build()]
    }
}

impl Paging {
    /// Returns the number of rows to read: one more than asked for, which tells whether there is a next page.
    pub fn fetch(&self) -> u64 {
        u64::from(self.limit) + 1
    }

    /// Drops the extra row, and returns the cursor of the next page if there was one.
    pub fn cut<T>(&self, items: &mut Vec<T>, cursor: impl Fn(&T) -> Cursor) -> Option<String> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        items.last().filter(|_| more).map(|last| cursor(last).to_string())
    }
}
