//! Pictures of people.

use super::{
    Store, Stored, Write,
    rows::word,
    tables::{pictures, users},
};
use parley_protocol::{PictureId, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    Jpeg,
    WebP,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub kind: PictureKind,
    pub bytes: Vec<u8>,
}

impl PictureKind {
    /// Returns the kind as a `Content-Type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }
}

impl FromStr for PictureKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Jpeg, Self::WebP].into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text)).ok_or(())
    }
}

impl Store {
    pub async fn picture(&self, id: PictureId) -> Stored<Option<Picture>> {
        let row = pictures::Entity::find_by_id(id.0).one(&self.db).await?;
        row.map(|row| Ok(Picture { kind: word::<PictureKind>(&row.kind)?, bytes: row.bytes })).transpose()
    }
}

impl Write {
    /// Stores the person's picture in place of the one before, or removes it.
    pub async fn set_picture(&self, user: UserId, picture: Option<(PictureId, Picture)>) -> Stored<()> {
        pictures::Entity::delete_many().filter(pictures::Column::UserId.eq(user.0)).exec(&self.tx).await?;
        let id = picture.as_ref().map(|(id, _)| id.0);
        if let Some((id, picture)) = picture {
            let row = pictures::ActiveModel {
                id: Set(id.0),
                user_id: Set(user.0),
                kind: Set(picture.kind.as_str().to_owned()),
                bytes: Set(picture.bytes),
            };
            pictures::Entity::insert(row).exec_without_returning(&self.tx).await?;
        }
        let row = users::ActiveModel { picture_id: Set(id), ..Default::default() };
        users::Entity::update_many().set(row).filter(users::Column::Id.eq(user.0)).exec(&self.tx).await?;
        Ok(())
    }
}
