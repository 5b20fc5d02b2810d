//! People: their names, settings and profiles.

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

/// The settings of a person, and their plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    pub do_not_disturb: bool,
    pub always_relay: bool,
    pub call_waiting: bool,
    pub plan: Plan,
}

/// Summaries of people, which others may see, by person.
pub type Summaries = HashMap<UserId, UserSummary>;

/// Facts about people that a call needs: summaries for the others, and the settings that the server follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profiles {
    pub people: Summaries,
    /// The people who want to be reached through a relay alone.
    pub relayed: Vec<UserId>,
    /// The people who do not want to be disturbed.
    pub undisturbed: Vec<UserId>,
}

impl Store {
    /// Returns the person's summary, and the time when they first came.
    pub async fn user(&self, id: UserId) -> Stored<Option<(UserSummary, Timestamp)>> {
        let row = users::Entity::find_by_id(id.0).one(&self.db).await?;
        Ok(row.map(|row| (summary(&row), Timestamp(row.created_at))))
    }

    /// Returns the settings by person; unknown people are left out.
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

    /// Finds people whose name begins with the text, then those whose name contains it. A block between two
    /// people hides each from the other.
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

    /// Returns everybody with this display name, in any case of its letters; the longest here first.
    pub async fn users_named(&self, name: &str) -> Stored<Vec<UserSummary>> {
        let rows = users::Entity::find()
            .filter(users::Column::NameKey.eq(name.to_lowercase()))
            .order_by_asc(users::Column::Id)
            .all(&self.db)
            .await?;
        Ok(rows.iter().map(summary).collect())
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

    /// Stores all settings except the plan, which the person does not choose.
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

    /// Keeps other transactions from deciding about these people's calls until this one ends.
    pub async fn lock_users(&self, ids: &[UserId]) -> Stored<()> {
        if self.is_alone() {
            return Ok(());
        }
        // Everybody locks in the same order, so that two transactions cannot wait for each other.
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
