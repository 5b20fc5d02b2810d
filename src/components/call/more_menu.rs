//! The menu of actions that are needed less often; on a narrow screen also those that the bar has no room
//! for.

use super::{
    float::FloatButton,
    room_panel::{Panel, Panels},
    shortcuts::{self, Sheet, with_key},
    view_choice::ViewChoice,
};
use crate::components::kit::{
    each::press,
    icon::{Glyph, Icon},
};
use crate::{
    call::view::Room,
    platform,
    words::{Word, say},
};
use leptos::prelude::*;

const ID: &str = "more-menu";

#[component]
pub fn MoreMenu(room: Signal<Room>, sheet: Sheet) -> impl IntoView {
    let panels = expect_context::<Panels>();
    // A popover: the browser opens and closes it, and returns the focus to the button.
    view! {
        <button
            type="button"
            class="call-control"
            popovertarget=ID
            aria-label=say(Word::More)
            title=say(Word::More)
        >
            <Icon of=Glyph::Ellipsis />
        </button>
        <div id=ID popover="auto" class="device-menu more-menu">
            <div class="more-narrow">
                <MenuRow glyph=Glyph::Users word=Word::PeopleInCall on_press=move || panels.toggle(Panel::People) />
                <button type="button" class="menu-row" popovertarget="sound-devices">
                    <Icon of=Glyph::Mic />
                    {say(Word::SoundDevices)}
                </button>
                <button type="button" class="menu-row" popovertarget="camera-devices">
                    <Icon of=Glyph::Video />
                    {say(Word::CameraDevices)}
                </button>
            </div>
            <ViewChoice />
            <FloatButton room />
            {platform::can_full_screen()
                .then(|| {
                    view! {
                        <MenuRow
                            glyph=Glyph::Expand
                            word=Word::KeyFullScreen
                            key=Word::KeyF
                            on_press=platform::toggle_full_screen
                        />
                    }
                })}
            <div class="more-keys">
                <MenuRow
                    glyph=Glyph::Keyboard
                    word=Word::Shortcuts
                    key=Word::KeyQuestion
                    on_press=move || {
                        // Closes the menu first, so that the focus returns to its button when the sheet
                        // closes.
                        platform::close_menu(ID);
                        shortcuts::show(sheet);
                    }
                />
            </div>
        </div>
    }
}

/// Shows a row that runs one action and closes the menu.
#[component]
fn MenuRow(
    glyph: Glyph,
    word: Word,
    #[prop(optional, into)] key: Option<Word>,
    on_press: impl Fn() + Copy + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="menu-row"
            title=key.map(|key| with_key(say(word), key))
            popovertarget=ID
            popovertargetaction="hide"
            on:click=press(on_press)
        >
            <Icon of=glyph />
            {say(word)}
        </button>
    }
}
