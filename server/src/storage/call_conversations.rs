//! The part of a conversation that a call needs, read with one query: its members and their settings.

use super::{Choices, Profiles, Store, Stored, rows::word};
use parley_protocol::{
    ConversationId, PictureId, UserId,
    people::{ConversationKind, ConversationStatus, UserSummary},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

const CALL_CONVERSATION: &str = "SELECT c.kind, c.status, m.user_id, u.display_name, u.picture_id, u.do_not_disturb, u.always_relay, \
    u.call_waiting, u.plan FROM conversation_members m \
    JOIN conversations c ON c.id = m.conversation_id JOIN users u ON u.id = m.user_id \
    WHERE m.conversation_id = $1 ORDER BY m.joined_at, m.user_id";

#[derive(Debug, Clone)]
pub struct CallConversation {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub status: ConversationStatus,
    /// The members in the order in which they joined.
    pub members: Vec<MemberSettings>,
}

#[derive(Debug, Clone)]
pub struct MemberSettings {
    pub user: UserId,
    pub picture: Option<PictureId>,
    pub name: String,
    pub choices: Choices,
}

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    status: String,
    user_id: Uuid,
    display_name: String,
    picture_id: Option<Uuid>,
    do_not_disturb: bool,
    always_relay: bool,
    call_waiting: bool,
    plan: String,
}

impl CallConversation {
    pub fn ids(&self) -> Vec<UserId> {
        self.members.iter().map(|member| member.user).collect()
    }

    pub fn profiles(&self) -> Profiles {
        let relayed =
            self.members.iter().filter(|member| member.choices.always_relay).map(|member| member.user);
        let undisturbed =
            self.members.iter().filter(|member| member.choices.do_not_disturb).map(|member| member.user);
        Profiles {
            people: self.members.iter().map(|member| (member.user, member.face())).collect(),
            relayed: relayed.collect(),
            undisturbed: undisturbed.collect(),
        }
    }

    pub fn settings(&self, user: UserId) -> Option<&MemberSettings> {
        self.members.iter().find(|member| member.user == user)
    }
}

impl MemberSettings {
    fn face(&self) -> UserSummary {
        UserSummary { id: self.user, display_name: self.name.clone(), picture: self.picture }
    }
}

impl Store {
    /// Returns the conversation, if the person is a member.
    pub async fn call_conversation(
        &self,
        id: ConversationId,
        of: UserId,
    ) -> Stored<Option<CallConversation>> {
        let ask =
            Statement::from_sql_and_values(self.db.get_database_backend(), CALL_CONVERSATION, [id.0.into()]);
        let rows = Row::find_by_statement(ask).all(&self.db).await?;
        let Some(first) = rows.first().filter(|_| rows.iter().any(|row| row.user_id == of.0)) else {
            return Ok(None);
        };
        let (kind, status) = (word(&first.kind)?, word(&first.status)?);
        let members: Stored<_> = rows.into_iter().map(member).collect();
        Ok(Some(CallConversation { id, kind, status, members: members? }))
    }
}

fn member(row: Row) -> Stored<MemberSettings> {
    let choices = Choices {
        do_not_disturb: row.do_not_disturb,
        always_relay: row.always_relay,
        call_waiting: row.call_waiting,
        plan: word(&row.plan)?,
    };
    let picture = row.picture_id.map(PictureId);
    Ok(MemberSettings { user: UserId(row.user_id), name: row.display_name, picture, choices })
}
