//! The frame of a tile: it stands where the layout machine places it, with a ring while its person speaks. A
//! tile in the corner can be dragged, or moved with the arrow keys, into another corner.

use crate::call::{handle::CallHandle, view::CallViewStoreFields};
use crate::components::kit::each::{flag, text};
use leptos::{ev, prelude::*};
use parley_core::layout::{Input, Rect, TileId, TileSlot};

/// A coordinate beyond the edge of every stage.
const FAR: u32 = u32::MAX / 2;

/// A drag of the corner tile: its start and its offset, in pixels.
#[derive(Debug, Clone, Copy, Default)]
struct Drag {
    from: (i32, i32),
    by: (i32, i32),
}

#[component]
pub fn TileFrame(
    tile: TileId,
    #[prop(optional, into)] frozen: Signal<bool>,
    #[prop(optional, into)] speaks: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let placed = Memo::new(move |_| {
        handle.view().stage().with(|stage| {
            let layout = stage.layout.as_ref()?;
            layout.tiles.iter().find(|placed| placed.tile == tile).map(|placed| (placed.slot, placed.rect))
        })
    });
    let still = suppress_entry_transition(placed);
    let drag = RwSignal::new(None::<Drag>);
    listen_to_drag(handle, placed, drag);
    let rect = move || placed.get().map(|(_, rect)| rect).unwrap_or_default();
    let translate = move || {
        let (x, y) = drag.get().map(|drag| drag.by).unwrap_or_default();
        format!("{}px {}px", i64::from(rect().x) + i64::from(x), i64::from(rect().y) + i64::from(y))
    };
    let movable = move || matches!(placed.get(), Some((TileSlot::Corner, _)));
    let grab = move |event: ev::PointerEvent| {
        if movable() && event.button() == 0 {
            event.prevent_default();
            drag.set(Some(Drag { from: (event.client_x(), event.client_y()), by: (0, 0) }));
        }
    };
    let steer = move |event: ev::KeyboardEvent| {
        if let Some((TileSlot::Corner, rect)) = placed.get_untracked()
            && let Some(input) = steered(&event.key(), rect)
        {
            event.prevent_default();
            handle.arrange(input);
        }
    };
    view! {
        <div
            class="tile"
            data-place=text(move || slot_word(placed.get().map(|(place, _)| place)).to_owned())
            data-upper=flag(move || rect().y <= EDGE)
            data-dragged=flag(move || drag.get().is_some())
            data-still=flag(move || still.get())
            data-frozen=flag(move || frozen.get())
            data-speaks=flag(move || speaks.get())
            style:translate=translate
            style:inline-size=move || format!("{}px", rect().width)
            style:block-size=move || format!("{}px", rect().height)
            tabindex=move || movable().then_some("0")
            on:pointerdown=grab
            on:keydown=steer
        >
            {children()}
        </div>
    }
}

/// The distance from the top, in pixels, within which a tile lies under the bar.
const EDGE: u32 = 12;

pub fn pin_of(handle: CallHandle) -> Option<TileId> {
    handle.view().stage().with(|stage| stage.pinned)
}

/// Returns whether the transition of a tile is off. A tile that gets a place appears there at once; only its
/// later moves are animated.
fn suppress_entry_transition(placed: Memo<Option<(TileSlot, Rect)>>) -> RwSignal<bool> {
    let still = RwSignal::new(true);
    let here = Memo::new(move |_| placed.with(Option::is_some));
    Effect::new(move |_| {
        if !here.get() {
            still.set(true);
            return;
        }
        // A transition starts from the style of the previous frame, which has to have the place already.
        request_animation_frame(move || {
            request_animation_frame(move || {
                still.try_set(!here.try_get_untracked().unwrap_or_default());
            });
        });
    });
    still
}

fn listen_to_drag(handle: CallHandle, placed: Memo<Option<(TileSlot, Rect)>>, drag: RwSignal<Option<Drag>>) {
    let moved = window_event_listener(ev::pointermove, move |event| {
        if drag.try_get_untracked().flatten().is_some() {
            drag.try_update(|drag| {
                if let Some(drag) = drag {
                    drag.by = (event.client_x() - drag.from.0, event.client_y() - drag.from.1);
                }
            });
        }
    });
    let let_go = move || {
        let held = drag.try_update(Option::take).flatten();
        if let (Some(Drag { by, .. }), Some((_, rect))) = (held, placed.try_get_untracked().flatten())
            && by != (0, 0)
        {
            let x = (rect.x + rect.width / 2).saturating_add_signed(by.0);
            let y = (rect.y + rect.height / 2).saturating_add_signed(by.1);
            handle.arrange(Input::Drop { x, y });
        }
    };
    let up = window_event_listener(ev::pointerup, move |_| let_go());
    let lost = window_event_listener(ev::pointercancel, move |_| let_go());
    on_cleanup(move || {
        moved.remove();
        up.remove();
        lost.remove();
    });
}

/// Returns the drop in the corner towards which an arrow key points.
fn steered(key: &str, rect: Rect) -> Option<Input> {
    let (x, y) = (rect.x + rect.width / 2, rect.y + rect.height / 2);
    let (x, y) = match key {
        "ArrowLeft" => (0, y),
        "ArrowRight" => (FAR, y),
        "ArrowUp" => (x, 0),
        "ArrowDown" => (x, FAR),
        _ => return None,
    };
    Some(Input::Drop { x, y })
}

/// Returns the name of a slot for the stylesheet. A tile without a slot is on another page: only heard.
fn slot_word(slot: Option<TileSlot>) -> &'static str {
    match slot {
        Some(TileSlot::Grid) => "grid",
        Some(TileSlot::Stage) => "stage",
        Some(TileSlot::Strip) => "strip",
        Some(TileSlot::Corner) => "corner",
        None => "hidden",
    }
}
