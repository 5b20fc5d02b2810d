//! Queries for presence: the facts that it follows from, and the people who see it.

use super::{
    Store, Stored,
    tables::{call_participants as participants, conversation_members as members, conversations, users},
};
use parley_protocol::{UserId, call::ParticipantStatus, people::ConversationStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

impl Store {
    /// Returns the people among these who are in a live call.
    pub async fn people_in_calls(&self, users: &[UserId]) -> Stored<HashSet<UserId>> {
        let is_in =
            ParticipantStatus::ALL.iter().filter(|status| status.is_in()).map(|status| status.as_str());
        let seats: Vec<Uuid> = participants::Entity::find()
            .select_only()
            .column(participants::Column::UserId)
            .filter(participants::Column::UserId.is_in(users.iter().map(|id| id.0)))
            .filter(participants::Column::Status.is_in(is_in))
            .filter(participants::Column::LeftAt.is_null())
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(seats.into_iter().map(UserId).collect())
    }

    pub async fn people_who_do_not_disturb(&self, these: &[UserId]) -> Stored<HashSet<UserId>> {
        let ids: Vec<Uuid> = users::Entity::find()
            .select_only()
            .column(users::Column::Id)
            .filter(users::Column::Id.is_in(these.iter().map(|id| id.0)))
            .filter(users::Column::DoNotDisturb.eq(true))
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(ids.into_iter().map(UserId).collect())
    }

    /// Finds the people who share an accepted conversation with one of these, without a block between them.
    /// Returns pairs of one of these and another person.
    pub async fn acquaintances(&self, of: &[UserId]) -> Stored<HashSet<(UserId, UserId)>> {
        // The number of values in a statement is limited. With subqueries only `of` is listed, however many
        // conversations and people there are.
        let theirs = members::Entity::find()
            .select_only()
            .column(members::Column::ConversationId)
            .filter(members::Column::UserId.is_in(of.iter().map(|id| id.0)))
            .into_query();
        let accepted = conversations::Entity::find()
            .select_only()
            .column(conversations::Column::Id)
            .filter(conversations::Column::Id.in_subquery(theirs))
            .filter(conversations::Column::Status.eq(ConversationStatus::Accepted.as_str()))
            .into_query();
        let all: Vec<(Uuid, Uuid)> = members::Entity::find()
            .select_only()
            .columns([members::Column::ConversationId, members::Column::UserId])
            .filter(members::Column::ConversationId.in_subquery(accepted))
            .into_tuple()
            .all(&self.db)
            .await?;
        let mut by_conversation: HashMap<Uuid, Vec<UserId>> = HashMap::new();
        for (conversation, user) in all {
            by_conversation.entry(conversation).or_default().push(UserId(user));
        }
        let asked: HashSet<UserId> = of.iter().copied().collect();
        let mut pairs: HashSet<(UserId, UserId)> = HashSet::new();
        for together in by_conversation.values() {
            for one in together.iter().filter(|one| asked.contains(one)) {
                let others = together.iter().filter(|other| *other != one);
                pairs.extend(others.map(|other| (*one, *other)));
            }
        }
        for block in self.blocks_around(of).await? {
            pairs.remove(&(block.by, block.of));
            pairs.remove(&(block.of, block.by));
        }
        Ok(pairs)
    }
}
