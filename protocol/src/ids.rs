//! Identifiers. All are UUIDs, of version 7 where the server makes them.

use crate::macros::id;

id!(
    /// Id of a person.
    UserId
);
id!(
    /// Id of one open tab of a person: the unit that rings, answers and holds media. The server assigns it in
    /// `welcome`; the tab keeps it while it lives and sends it in `hello` when its socket returns.
    DeviceId
);
id!(
    /// Id of a session: a signed-in browser or API client.
    SessionId
);
id!(
    /// Id of a conversation: two people, or a named group.
    ConversationId
);
id!(
    /// Id of an invite link into a group.
    LinkId
);
id!(
    /// Id of a message in a conversation.
    MessageId
);
id!(
    /// Id of an uploaded picture of a person. A new picture gets a new id, so the bytes behind an id never
    /// change.
    PictureId
);
id!(
    /// Id of a call, from the first ring to its end.
    CallId
);
