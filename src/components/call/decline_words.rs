//! Declining a call with a message. The call is declined first, and never waits for the message.

use crate::components::kit::{
    each::press,
    icon::{Glyph, Icon},
    toasts::Toasts,
};
use crate::{
    call::view::Incoming,
    state::inbox::Inbox,
    words::{Word, fill, say},
};
use leptos::{
    ev,
    html::{Button, Div},
    prelude::*,
    task::spawn_local,
};
use parley_protocol::{limits::MESSAGE_MAX_CHARS, text};

/// The prepared messages.
const READY: [Word; 4] = [Word::ReadyCallBack, Word::ReadyNotNow, Word::ReadyOnMyWay, Word::ReadyLater];

/// Shows the button and the panel. The card around them owns `open`: its keys work differently meanwhile.
#[component]
pub fn DeclineWords(
    call: Incoming,
    open: RwSignal<bool>,
    #[prop(into)] decline: Callback<()>,
) -> impl IntoView {
    let opener = NodeRef::<Button>::new();
    let panel = NodeRef::<Div>::new();
    let draft = RwSignal::new(String::new());
    let back = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            open.set(false);
        }
    };
    let label = fill(Word::DeclineWordsMeans, &[("name", &call.from.display_name)]);
    let message = DeclineMessage::new(call);
    let send = move |words: String| {
        if let Ok(words) = text::message(&words) {
            decline.run(());
            message.send(words);
        }
    };
    // Moves the focus into the panel, and back to the button that opened it.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if is && let Some(panel) = panel.get() {
            let _ = panel.focus();
        } else if was == Some(true)
            && let Some(opener) = opener.get()
        {
            let _ = opener.focus();
        }
        is
    });
    let ready = move |word: Word| {
        view! {
            <button type="button" class="decline-words-ready" on:click=press(move || send(say(word).to_owned()))>
                {say(word)}
            </button>
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send(draft.get_untracked());
    };
    view! {
        <button
            type="button"
            class="decline-words-open"
            node_ref=opener
            aria-expanded=move || open.get().to_string()
            on:keydown=|event| confine_enter(&event)
            on:click=press(move || open.set(true))
        >
            <Icon of=Glyph::MessageCircle />
            {say(Word::DeclineWithWords)}
        </button>
        <Show when=move || open.get()>
            <div
                class="decline-words"
                role="group"
                aria-label=label.clone()
                tabindex="-1"
                node_ref=panel
                on:keydown=back
            >
                {READY.map(ready).collect_view()}
                <form class="decline-words-own" on:submit=submit>
                    <input
                        class="input"
                        type="text"
                        aria-label=say(Word::OwnWords)
                        placeholder=say(Word::OwnWords)
                        maxlength=MESSAGE_MAX_CHARS.to_string()
                        enterkeyhint="send"
                        prop:value=draft
                        on:input=move |event| draft.set(event_target_value(&event))
                    />
                    <button
                        type="submit"
                        class="icon-button"
                        data-tone="brand"
                        aria-label=say(Word::DeclineAndSend)
                        title=say(Word::DeclineAndSend)
                    >
                        <Icon of=Glyph::Send />
                    </button>
                </form>
                <button type="button" class="decline-words-open" on:click=press(move || open.set(false))>
                    {say(Word::BackToTheCall)}
                </button>
            </div>
        </Show>
    }
}

/// Keeps Enter on a focused button from reaching the window, where it would answer the call.
pub fn confine_enter(event: &ev::KeyboardEvent) {
    if event.key() == "Enter" {
        event.stop_propagation();
    }
}

/// The sender of the message. It takes its contexts in advance, because the card is unmounted while it sends.
#[derive(Clone, Copy)]
struct DeclineMessage {
    inbox: Option<Inbox>,
    toasts: Option<Toasts>,
    call: StoredValue<Incoming>,
}

impl DeclineMessage {
    fn new(call: Incoming) -> Self {
        Self { inbox: use_context(), toasts: use_context(), call: StoredValue::new(call) }
    }

    fn send(self, words: String) {
        let (Some(inbox), Some(call)) = (self.inbox, self.call.try_get_value()) else { return };
        let thread = inbox.thread(call.conversation_id);
        let toasts = self.toasts;
        spawn_local(async move {
            if thread.write(words).await.is_err()
                && let Some(toasts) = toasts
            {
                toasts.fail(fill(Word::WordsNotSent, &[("name", &call.from.display_name)]));
            }
        });
    }
}
