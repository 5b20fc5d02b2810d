//! The side panel of a call, for one panel at a time; on a phone it is a sheet over the lower part.

use super::{connection_panel::ConnectionPanel, people_panel::PeoplePanel};
use crate::components::kit::{
    each::press,
    icon::{Glyph, Icon},
};
use crate::{
    bundles::CHAT,
    call::view::Room,
    platform,
    words::{Word, say},
};
use leptos::{ev, html::Button, prelude::*};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    Chat,
    People,
    Connection,
}

/// The open panel, and the element that had the focus before it opened.
#[derive(Clone, Copy)]
pub struct Panels {
    open: RwSignal<Option<Panel>>,
    before: StoredValue<Option<platform::Focused>, LocalStorage>,
}

impl Panels {
    #[expect(clippy::new_without_default, reason = "makes signals, which belong to the calling component")]
    pub fn new() -> Self {
        Self { open: RwSignal::new(None), before: StoredValue::new_local(None) }
    }

    pub fn any(self) -> bool {
        self.open.get().is_some()
    }

    pub fn shows(self, panel: Panel) -> bool {
        self.open.get() == Some(panel)
    }

    pub fn toggle(self, panel: Panel) {
        if self.open.get_untracked() == Some(panel) {
            return self.close();
        }
        if self.open.get_untracked().is_none() {
            self.before.set_value(Some(platform::focused()));
        }
        self.open.set(Some(panel));
    }

    /// Closes the panel and moves the focus back to where it was.
    pub fn close(self) {
        self.open.set(None);
        if let Some(Some(before)) = self.before.try_update_value(Option::take) {
            before.give_back();
        }
    }
}

#[component]
pub fn RoomPanel(room: Signal<Room>) -> impl IntoView {
    let panels = expect_context::<Panels>();
    move || {
        panels.open.get().map(|panel| {
            let inside = match panel {
                Panel::Chat => CHAT.show(room.with_untracked(|room| room.conversation_id)),
                Panel::People => view! { <PeoplePanel room /> }.into_any(),
                Panel::Connection => view! { <ConnectionPanel room /> }.into_any(),
            };
            view! { <Frame panel>{inside}</Frame> }
        })
    }
}

#[component]
fn Frame(panel: Panel, children: Children) -> impl IntoView {
    let panels = expect_context::<Panels>();
    let heading = match panel {
        Panel::Chat => say(Word::Chat),
        Panel::People => say(Word::PeopleInCall),
        Panel::Connection => say(Word::ConnectionDetails),
    };
    let close = NodeRef::<Button>::new();
    Effect::new(move |_| {
        // The chat focuses its own text field, because people open it to write.
        if let Some(button) = close.get().filter(|_| panel != Panel::Chat) {
            let _ = button.focus();
        }
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            panels.close();
        }
    };
    view! {
        <section class="room-panel" aria-label=heading on:keydown=on_key>
            <header class="room-panel-head">
                <h2>{heading}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=say(Word::Close)
                    title=say(Word::Close)
                    node_ref=close
                    on:click=press(move || panels.close())
                >
                    <Icon of=Glyph::X />
                </button>
            </header>
            {children()}
        </section>
    }
}
