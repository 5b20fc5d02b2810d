//! A conversation as far as a call needs to know it, with one question: who is in it, and what they have chosen.

use super::{Choices, Known, Store, Stored, rows::word};
use parley_protocol::{
    ConversationId, PictureId, UserId,
    people::{ConversationKind, ConversationStatus, UserSummary},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

const CIRCLE: &str = "SELECT c.kind, c.status, m.user_id, u.display_name, u.picture_id, u.do_not_disturb, u.always_relay, \
    u.call_waiting, u.plan FROM conversation_members m \
    JOIN conversations c ON c.id = m.conversation_id JOIN users u ON u.id = m.user_id \
    WHERE m.conversation_id = $1 ORDER BY m.joined_at, m.user_id";

#[derive(Debug, Clone)]
pub struct Circle {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub status: ConversationStatus,
    /// In the order in which they came.
    pub members: Vec<Near>,
}

#[derive(Debug, Clone)]
pub struct Near {
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

impl Circle {
    pub fn ids(&self) -> Vec<UserId> {
        self.members.iter().map(|near| near.user).collect()
    }

    pub fn known(&self) -> Known {
        let relayed = self.members.iter().filter(|near| near.choices.always_relay).map(|near| near.user);
        let undisturbed =
            self.members.iter().filter(|near| near.choices.do_not_disturb).map(|near| near.user);
        Known {
            faces: self.members.iter().map(|near| (near.user, near.face())).collect(),
            relayed: relayed.collect(),
            undisturbed: undisturbed.collect(),
        }
    }

    pub fn near(&self, user: UserId) -> Option<&Near> {
        self.members.iter().find(|near| near.user == user)
    }
}

impl Near {
    fn face(&self) -> UserSummary {
        UserSummary { id: self.user, display_name: self.name.clone(), picture: self.picture }
    }
}

impl Store {
    /// The conversation, if the person is a member.
    pub async fn circle(&self, id: ConversationId, of: UserId) -> Stored<Option<Circle>> {
        let ask = Statement::from_sql_and_values(self.db.get_database_backend(), CIRCLE, [id.0.into()]);
        let rows = Row::find_by_statement(ask).all(&self.db).await?;
        let Some(first) = rows.first().filter(|_| rows.iter().any(|row| row.user_id == of.0)) else {
            return Ok(None);
        };
        let (kind, status) = (word(&first.kind)?, word(&first.status)?);
        let members: Stored<_> = rows.into_iter().map(near).collect();
        Ok(Some(Circle { id, kind, status, members: members? }))
    }
}

fn near(row: Row) -> Stored<Near> {
    let choices = Choices {
        do_not_disturb: row.do_not_disturb,
        always_relay: row.always_relay,
        call_waiting: row.call_waiting,
        plan: word(&row.plan)?,
    };
    let picture = row.picture_id.map(PictureId);
    Ok(Near { user: UserId(row.user_id), name: row.display_name, picture, choices })
}
