//! Where the page is cut: what is not needed to sign in and to see the conversations lies in files of its
//! own. See `lazy.rs` for how, and the bench `size` for how large each is.

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
            before::{BeforeCall, Planned},
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
    /// Everything behind sign-in.
    pub SIGNED_IN in inside = fn signed_in(me: Me) -> AnyView {
        view! { <SignedIn me /> }.into_any()
    }
}

part! {
    /// The right side, with the router: the list is there first.
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
    /// What the person has chosen, here and at the server.
    pub SETTINGS in around = fn settings(section: Option<Section>) -> AnyView {
        view! { <SettingsPage section /> }.into_any()
    }
}

part! {
    /// The people behind a conversation.
    pub DETAILS in around = fn details(id: ConversationId) -> AnyView {
        view! { <DetailsPage id /> }.into_any()
    }
}

part! {
    /// For a browser that has not been asked for its devices yet.
    pub BEFORE_CALL in around = fn before_call(of: Planned) -> AnyView {
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
    /// Connects this tab: it can ring and be rung from then on.
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
    /// The same messages beside a call.
    pub CHAT in talk = fn chat(id: ConversationId) -> AnyView {
        view! { <ChatPanel id /> }.into_any()
    }
}

part! {
    /// How the call was, once it is over.
    pub AFTER in room = fn after(after: After) -> AnyView {
        view! { <AfterCall after /> }.into_any()
    }
}

part! {
    /// The live call. Loaded while nothing rings, so that no answer waits for it.
    pub ROOM in room = fn room(room: Signal<Room>) -> AnyView {
        view! { <CallRoom room /> }.into_any()
    }
}
