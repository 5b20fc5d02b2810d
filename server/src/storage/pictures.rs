//! Pictures of people.

use super::{
    Store, Stored, Write,
    rows::word,
    tables::{pictures, users},
};
use crate::people::pictures::{Kind, Picture};
use parley_protocol::{PictureId, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

impl Store {
    pub async fn picture(&self, id: PictureId) -> Stored<Option<Picture>> {
        let row = pictures::Entity::find_by_id(id.0).one(&self.db).await?;
        row.map(|row| Ok(Picture { kind: word::<Kind>(&row.kind)?, bytes: row.bytes })).transpose()
    }
}

impl Write {
    /// In place of the one before.
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
