//! The parts of the page that are loaded on demand: each constant names a view and the file that holds its
//! code.
//!
//! Signing in needs none of them. `lazy.rs` shows how loading works, and the bench `size` how large each file
//! is.

use crate::{
    call::{
        driver,
        extras::view::After,
        handle::CallHandle,
        view::{Incoming, Outgoing, Over, Room},
    },
    components::{
        call::{
            after::AfterCall,
            before::{BeforeCall, PlannedCall},
            chat_panel::ChatPanel,
            history::CallHistory,
            incoming::IncomingCall,
            outgoing::OutgoingCall,
            over::CallOver,
            rings_elsewhere::RingsElsewhere,
            room::CallRoom,
        },
        kit::{part_missing::PartMissing, toasts::Toasts},
    },
    lazy::{Fallback, part},
    pages::{
        conversation::ConversationPage,
        details::DetailsPage,
        new_group::NewGroupPage,
        settings::SettingsPage,
        signed_in::{Pane, SignedIn},
    },
    router::Section,
    state::{inbox::Inbox, news::News, session::Session},
};
use leptos::prelude::*;
use parley_protocol::{ConversationId, people::Me};

const MISSING: Fallback = |retry| view! { <PartMissing retry /> }.into_any();

part! {
    /// The page of a signed-in person, with the list of conversations.
    pub SIGNED_IN in inside = fn signed_in(me: Me) -> AnyView {
        view! { <SignedIn me /> }.into_any()
    }
}

part! {
    /// The pane beside the list, with the router. It comes after the list, which is drawn first.
    pub PANE in talk = fn pane(_nothing: ()) -> AnyView {
        view! { <Pane /> }.into_any()
    }
}

part! {
    /// One conversation.
    pub CONVERSATION in talk = fn conversation(id: ConversationId) -> AnyView {
        view! { <ConversationPage id /> }.into_any()
    }
}

part! {
    /// The settings: of this browser, and of the account.
    pub SETTINGS in around = fn settings(section: Option<Section>) -> AnyView {
        view! { <SettingsPage section /> }.into_any()
    }
}

part! {
    /// The details of a conversation: its members, links and name.
    pub DETAILS in around = fn details(id: ConversationId) -> AnyView {
        view! { <DetailsPage id /> }.into_any()
    }
}

part! {
    /// The preview before a call, for a browser that will ask for permission to use its devices.
    pub BEFORE_CALL in around = fn before_call(of: PlannedCall) -> AnyView {
        view! { <BeforeCall of /> }.into_any()
    }
}

part! {
    pub NEW_GROUP in around = fn new_group(_nothing: ()) -> AnyView {
        view! { <NewGroupPage /> }.into_any()
    }
}

part! {
    pub HISTORY in around = fn history(_nothing: ()) -> AnyView {
        view! { <CallHistory /> }.into_any()
    }
}

part! {
    /// The call driver, which shows nothing: it connects this tab, which can call and ring from then on.
    pub CALLS in calls = fn calls(of: (Inbox, CallHandle)) -> AnyView {
        let (inbox, handle) = of;
        let session = expect_context::<RwSignal<Session>>();
        driver::start(handle, inbox.me().id, expect_context::<Toasts>(), move |news| match news {
            News::SignedOut => session.set(Session::SignedOut),
            news => inbox.apply(news),
        });
        ROOM.prefetch();
        ().into_any()
    }
}

part! {
    pub INCOMING in calls = fn incoming(call: Incoming) -> AnyView {
        view! { <IncomingCall call /> }.into_any()
    }
}

part! {
    pub ELSEWHERE in calls = fn elsewhere(call: Incoming) -> AnyView {
        view! { <RingsElsewhere call /> }.into_any()
    }
}

part! {
    pub OUTGOING in calls = fn outgoing(call: Outgoing) -> AnyView {
        view! { <OutgoingCall call /> }.into_any()
    }
}

part! {
    pub OVER in calls = fn over(over: Over) -> AnyView {
        view! { <CallOver over /> }.into_any()
    }
}

part! {
    /// The conversation's messages in a panel beside a call.
    pub CHAT in talk = fn chat(id: ConversationId) -> AnyView {
        view! { <ChatPanel id /> }.into_any()
    }
}

part! {
    /// The report and the rating after a call.
    pub AFTER in room = fn after(after: After) -> AnyView {
        view! { <AfterCall after /> }.into_any()
    }
}

part! {
    /// The live call. It is loaded as soon as the driver runs, so that an answer does not wait for it.
    pub ROOM in room = fn room(room: Signal<Room>) -> AnyView {
        view! { <CallRoom room /> }.into_any()
    }
}
