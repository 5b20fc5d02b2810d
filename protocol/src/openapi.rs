//! OpenAPI schemas written by hand, for types that utoipa's derive describes badly: times, and pages of any
//! list.

use crate::{rest::Page, time::Timestamp};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, KnownFormat, ObjectBuilder, Ref, RefOr, Schema, SchemaFormat, Type},
};

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(format))
            .description(Some("RFC 3339, UTC, milliseconds"))
            .into()
    }
}

impl ToSchema for Timestamp {}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let item = RefOr::Ref(Ref::from_schema_name(T::name()));
        let cursor = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The cursor of the next page; absent on the last one."));
        ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(item))
            .required("items")
            .property("next_cursor", cursor)
            .into()
    }
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Page", T::name()))
    }

    fn schemas(found: &mut Vec<(String, RefOr<Schema>)>) {
        found.push((T::name().into_owned(), T::schema()));
        T::schemas(found);
    }
}
