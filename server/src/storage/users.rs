//! People.

use super::{
    Store, Stored, Write,
    blocks::{blocked_by, blockers_of},
    rows::word,
    tables::users,
};
use parley_protocol::{
    PictureId, Timestamp, UserId,
    people::{Plan, UserSummary},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait, LikeExpr, LockType},
};
use std::collections::HashMap;

/// What a person has chosen for themselves, and what they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    pub do_not_disturb: bool,
    pub always_relay: bool,
    pub call_waiting: bool,
    pub plan: Plan,
}

/// What others may know of people, by person.
pub type Summaries = HashMap<UserId, UserSummary>;

/// What the others in a call, and the server, have to know of its people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profiles {
    pub people: Summaries,
    /// Those who want to be reached through a relay alone.
    pub relayed: Vec<UserId>,
    /// Those for whom nothing rings.
    pub undisturbed: Vec<UserId>,
}

impl Store {
    /// Name, and when the person first came.
    pub async fn user(&self, id: UserId) -> Stored<Option<(UserSummary, Timestamp)>> {
        let row = users::Entity::find_by_id(id.0).one(&self.db).await?;
        Ok(row.map(|row| (summary(&row), Timestamp(row.created_at))))
    }

    /// By person; who does not exist has none.
    pub async fn choices(&self, ids: &[UserId]) -> Stored<HashMap<UserId, Choices>> {
        let some = users::Entity::find().filter(users::Column::Id.is_in(ids.iter().map(|id| id.0)));
        let rows = some.all(&self.db).await?;
        rows.iter().map(|row| Ok((UserId(row.id), choices(row)?))).collect()
    }

    pub async fn people(&self, ids: impl IntoIterator<Item = UserId>) -> Stored<Summaries> {
        summaries(&self.db, ids).await
    }

    pub async fn profiles(&self, ids: impl IntoIterator<Item = UserId>) -> Stored<Profiles> {
        profiles(&self.db, ids).await
    }

    /// People whose name begins with the text, then those whose name contains it. Who has blocked the other is not
    /// found, from either side.
    pub async fn find_users(&self, text: &str, but: UserId, limit: u64) -> Stored<Vec<UserSummary>> {
        let literal = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let mut found: Vec<UserSummary> = Vec::new();
        for pattern in [format!("{literal}%"), format!("_%{literal}%")] {
            let name = sea_orm::sea_query::Expr::col(users::Column::NameKey);
            let rows = users::Entity::find()
                .filter(name.like(LikeExpr::new(pattern).escape('\\')))
                .filter(users::Column::Id.ne(but.0))
                .filter(users::Column::Id.not_in_subquery(blocked_by(but)))
                .filter(users::Column::Id.not_in_subquery(blockers_of(but)))
                .order_by_asc(users::Column::NameKey)
                .order_by_asc(users::Column::Id)
                .limit(limit)
                .all(&self.db)
                .await?;
            for row in rows {
                if !found.iter().any(|profiles| profiles.id.0 == row.id) {
                    found.push(summary(&row));
                }
            }
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }
}

impl Write {
    pub async fn insert_user(&self, user: &UserSummary, now: Timestamp) -> Stored<()> {
        let row = users::ActiveModel {
            id: Set(user.id.0),
            display_name: Set(user.display_name.clone()),
            name_key: Set(user.display_name.to_lowercase()),
            created_at: Set(now.0),
            ..Default::default()
        };
        users::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn profiles(&self, ids: impl IntoIterator<Item = UserId>) -> Stored<Profiles> {
        profiles(&self.tx, ids).await
    }

    pub async fn rename_user(&self, id: UserId, name: &str) -> Stored<()> {
        let row = users::ActiveModel {
            display_name: Set(name.to_owned()),
            name_key: Set(name.to_lowercase()),
            ..Default::default()
        };
        users::Entity::update_many().set(row).filter(users::Column::Id.eq(id.0)).exec(&self.tx).await?;
        Ok(())
    }

    /// All but the plan, which is not the person's to choose.
    pub async fn set_choices(&self, id: UserId, chosen: Choices) -> Stored<()> {
        let row = users::ActiveModel {
            do_not_disturb: Set(chosen.do_not_disturb),
            always_relay: Set(chosen.always_relay),
            call_waiting: Set(chosen.call_waiting),
            ..Default::default()
        };
        users::Entity::update_many().set(row).filter(users::Column::Id.eq(id.0)).exec(&self.tx).await?;
        Ok(())
    }

    pub async fn set_plan(&self, id: UserId, plan: Plan) -> Stored<()> {
        let row = users::ActiveModel { plan: Set(plan.as_str().to_owned()), ..Default::default() };
        users::Entity::update_many().set(row).filter(users::Column::Id.eq(id.0)).exec(&self.tx).await?;
        Ok(())
    }

    /// Lets nobody else decide about these people's calls until this transaction ends.
    pub async fn lock_users(&self, ids: &[UserId]) -> Stored<()> {
        if self.is_alone() {
            return Ok(());
        }
        users::Entity::find()
            .filter(users::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(users::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(&self.tx)
            .await?;
        Ok(())
    }
}

pub(super) async fn summaries<C: ConnectionTrait>(
    c: &C,
    ids: impl IntoIterator<Item = UserId>,
) -> Stored<Summaries> {
    Ok(profiles(c, ids).await?.people)
}

async fn profiles<C: ConnectionTrait>(c: &C, ids: impl IntoIterator<Item = UserId>) -> Stored<Profiles> {
    let ids: std::collections::BTreeSet<_> = ids.into_iter().map(|id| id.0).collect();
    let rows = users::Entity::find().filter(users::Column::Id.is_in(ids)).all(c).await?;
    let relayed = rows.iter().filter(|row| row.always_relay).map(|row| UserId(row.id)).collect();
    let undisturbed = rows.iter().filter(|row| row.do_not_disturb).map(|row| UserId(row.id)).collect();
    let people = rows.iter().map(|row| (UserId(row.id), summary(row))).collect();
    Ok(Profiles { people, relayed, undisturbed })
}

fn choices(row: &users::Model) -> Stored<Choices> {
    Ok(Choices {
        do_not_disturb: row.do_not_disturb,
        always_relay: row.always_relay,
        call_waiting: row.call_waiting,
        plan: word(&row.plan)?,
    })
}

pub(super) fn summary(row: &users::Model) -> UserSummary {
    UserSummary {
        id: UserId(row.id),
        display_name: row.display_name.clone(),
        picture: row.picture_id.map(PictureId),
    }
}
