//! Identifiers. All are UUIDs (version 7 where the server makes them).

use crate::macros::id;

id!(
    /// A person.
    UserId
);
id!(
    /// One open tab of a person: the thing that rings, answers and holds media. Given by the server in
    /// `welcome`, kept by the tab while it lives, and handed back in `hello` when its socket returns.
    DeviceId
);
id!(
    /// A signed-in browser or API client.
    SessionId
);
id!(
    /// Two people, or a named group.
    ConversationId
);
id!(
    /// A link into a group.
    LinkId
);
id!(
    /// One line of text in a conversation.
    MessageId
);
id!(
    /// One picture of a person, as it was uploaded; another picture has another one.
    PictureId
);
id!(
    /// A call, from the first ring to its end.
    CallId
);
