//! The permission for system notifications of calls. The browser is asked for it only on a click.

use crate::{
    components::kit::{
        each::{press, text},
        icon::{Glyph, Icon},
    },
    platform::{
        self, Permission,
        preview::{Maker, maker},
    },
    words::{Word, say},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Notices() -> impl IntoView {
    let permission = RwSignal::new(platform::notices());
    let dismissed = RwSignal::new(false);
    // The person may have changed the permission in the browser's own settings meanwhile.
    let returned = window_event_listener(leptos::ev::focus, move |_| permission.set(platform::notices()));
    on_cleanup(move || returned.remove());
    let ask = move || {
        spawn_local(async move {
            let answer = platform::ask_notices().await;
            permission.try_set(answer);
            dismissed.try_set(answer == Permission::Prompt);
        });
    };
    let means = move || match permission.get() {
        Permission::Granted => say(Word::NoticesOn),
        Permission::Denied => say(Word::NoticesRefused),
        Permission::Unknown => say(Word::NoticesUnknown),
        Permission::Prompt if dismissed.get() => say(Word::NoticesDismissed),
        Permission::Prompt => say(Word::NoticesMeans),
    };
    view! {
        <div class="settings-group" data-permission=text(move || format!("{:?}", permission.get()).to_lowercase())>
            <h2>{say(Word::Notices)}</h2>
            <p class="soft" role="status">
                {text(move || means().to_owned())}
            </p>
            {move || match permission.get() {
                Permission::Prompt => {
                    view! {
                        <button type="button" class="button" data-tone="brand" on:click=press(ask)>
                            <Icon of=Glyph::Bell />
                            {say(Word::TurnOnNotices)}
                        </button>
                    }
                        .into_any()
                }
                Permission::Denied => view! { <p>{say(way(maker()))}</p> }.into_any(),
                Permission::Granted | Permission::Unknown => ().into_any(),
            }}
        </div>
    }
}

fn way(maker: Maker) -> Word {
    match maker {
        Maker::Chromium => Word::WayNoticesChromium,
        Maker::Firefox => Word::WayNoticesFirefox,
        Maker::Safari => Word::WayNoticesSafari,
        Maker::Other => Word::WayNoticesOther,
    }
}
