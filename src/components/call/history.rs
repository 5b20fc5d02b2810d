//! The call history, newest first: the other person, the outcome, and a button to call back.

use super::{past_call::PastCall, statistics::CallStatistics, timer::clock};
use crate::components::kit::{
    avatar::Avatar,
    each::{Key, each, press},
    icon::{Glyph, Icon},
};
use crate::{
    api::{Failure, history},
    call::handle::CallHandle,
    platform,
    router::Route,
    state::{
        features::Features,
        inbox::{Inbox, partner},
    },
    words::{Word, fill, say},
};
use leptos::{ev, prelude::*, task::spawn_local};
use parley_protocol::{
    UserId,
    call::{Call, CallStatus, CallType},
    people::UserSummary,
};
use std::sync::Arc;

/// The number of further pages that load by themselves when the filter leaves too few rows.
const PAGES_MORE: usize = 4;
/// The number of rows that fill the screen.
const ROWS_PER_SCREEN: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    All,
    Missed,
    Incoming,
    Outgoing,
}

impl Filter {
    const ALL: [Self; 4] = [Self::All, Self::Missed, Self::Incoming, Self::Outgoing];

    const fn word(self) -> Word {
        match self {
            Self::All => Word::CallsAll,
            Self::Missed => Word::CallsMissed,
            Self::Incoming => Word::CallsIncoming,
            Self::Outgoing => Word::CallsOutgoing,
        }
    }

    pub fn takes(self, call: &Call, me: UserId) -> bool {
        match self {
            Self::All => true,
            Self::Missed => call.was_missed_by(me),
            Self::Incoming => call.initiator_id != me,
            Self::Outgoing => call.initiator_id == me,
        }
    }
}

/// The state of the calls before the oldest one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Older {
    Loading,
    Cursor(String),
    None,
    Failed(Failure, Option<String>),
}

#[derive(Clone, Copy)]
struct History {
    calls: RwSignal<Vec<Call>>,
    older: RwSignal<Older>,
    filter: RwSignal<Filter>,
    me: UserId,
}

#[component]
pub fn CallHistory() -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let me = inbox.me().id;
    let history = History {
        calls: RwSignal::new(Vec::new()),
        older: RwSignal::new(Older::Loading),
        filter: RwSignal::new(Filter::All),
        me,
    };
    // Reloads after every call that ends.
    Effect::new(move |_| {
        inbox.calls_over().track();
        history.load(None);
    });
    mark_missed_seen(inbox);
    let shown = RwSignal::new(None);
    let keys = move || {
        let filter = history.filter.get();
        history.calls.with(|calls| {
            calls.iter().filter(|call| filter.takes(call, me)).map(|call| (call.id.0.as_u128(), 0)).collect()
        })
    };
    let row = move |(id, _): Key| {
        let call =
            history.calls.with_untracked(|calls| calls.iter().find(|c| c.id.0.as_u128() == id).cloned());
        call.map(|call| view! { <Row call shown /> }).into_any()
    };
    view! {
        <div class="call-history">
            <fieldset class="filters">
                <legend class="visually-hidden">{say(Word::CallsShown)}</legend>
                {Filter::ALL.map(|filter| view! { <Chip filter history /> })}
            </fieldset>
            <div class="call-history-list">
                <ul class="rows" aria-label=say(Word::Calls)>
                    {each(keys, Arc::new(row))}
                </ul>
                <HistoryEnd history />
            </div>
            <CallStatistics />
            <PastCall shown />
        </div>
    }
}

#[component]
fn Chip(filter: Filter, history: History) -> impl IntoView {
    let choose = move |_: ev::Event| {
        history.filter.set(filter);
        history.fill(PAGES_MORE);
    };
    view! {
        <label class="filter">
            <input
                type="radio"
                name="calls"
                prop:checked=move || history.filter.get() == filter
                on:change=choose
            />
            <span>{say(filter.word())}</span>
        </label>
    }
}

#[component]
fn Row(call: Call, shown: RwSignal<Option<Call>>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let handle = expect_context::<CallHandle>();
    let calls = expect_context::<Features>().calls;
    let me = inbox.me().id;
    let id = call.conversation_id;
    let known = inbox.conversation(id);
    let with =
        known.with_untracked(|c| c.as_ref().map(|c| partner(c, me))).unwrap_or_else(|| other(&call, me));
    let missed = call.was_missed_by(me);
    let (glyph, what) = outcome(&call, me);
    let call_type = call.call_type;
    let (again, label) = match call_type {
        CallType::Audio => (Glyph::Phone, Word::AudioCallWith),
        CallType::Video => (Glyph::Video, Word::VideoCallWith),
    };
    let label = fill(label, &[("name", &with.display_name)]);
    let back = with.clone();
    let details = fill(Word::CallDetailsWith, &[("name", &with.display_name)]);
    let past = call.clone();
    view! {
        <li class="call-row">
            <a class="row" href=Route::Conversation(id).path() data-missed=missed.to_string()>
                <Avatar of=with.clone() />
                <span class="row-text">
                    <span class="row-title">{with.display_name}</span>
                    " "
                    <time class="row-when" datetime=call.created_at.to_string()>
                        {platform::when(call.created_at)}
                    </time>
                    " "
                    <span class="row-preview call-outcome">
                        <Icon of=glyph />
                        {what}
                    </span>
                </span>
            </a>
            <button
                type="button"
                class="icon-button"
                aria-label=details
                title=say(Word::CallDetails)
                on:click=press(move || shown.set(Some(past.clone())))
            >
                <Icon of=Glyph::Info />
            </button>
            <Show when=move || calls.get()>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=label.clone()
                    title=say(Word::CallBack)
                    on:click=press({
                        let back = back.clone();
                        move || handle.start(id, back.clone(), call_type)
                    })
                >
                    <Icon of=again />
                </button>
            </Show>
        </li>
    }
}

/// Shows the end of the list: a placeholder, an empty note, a button for more, or the error.
#[component]
fn HistoryEnd(history: History) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let none = Memo::new(move |_| {
        let filter = history.filter.get();
        history.calls.with(|calls| !calls.iter().any(|call| filter.takes(call, history.me)))
    });
    let more = move |label: &'static str, cursor: Option<String>| {
        view! {
            <button type="button" class="text-button" on:click=press(move || history.load(cursor.clone()))>
                {label}
            </button>
        }
        .into_any()
    };
    move || {
        let _ = inbox;
        match history.older.get() {
            Older::Loading if none.get() => view! {
                <div class="skeletons" aria-hidden="true">
                    <div class="skeleton"></div>
                    <div class="skeleton"></div>
                </div>
            }
            .into_any(),
            Older::Loading => view! { <p class="soft">{say(Word::Loading)}</p> }.into_any(),
            Older::None if none.get() => {
                let (heading, means) = match history.filter.get() {
                    Filter::All => (Word::NoCallsYet, Word::NoCallsYetMeans),
                    Filter::Missed => (Word::NothingMissed, Word::NothingMissedMeans),
                    Filter::Incoming | Filter::Outgoing => (Word::NoSuchCalls, Word::NoSuchCallsMeans),
                };
                view! {
                    <div class="list-note">
                        <h2>{say(heading)}</h2>
                        <p>{say(means)}</p>
                    </div>
                }
                .into_any()
            }
            Older::None => ().into_any(),
            Older::Cursor(cursor) => more(say(Word::ShowOlderCalls), Some(cursor)),
            Older::Failed(failure, cursor) => view! {
                <div class="list-note" role="alert">
                    <p>{failure.sentence()}</p>
                    {more(say(Word::TryAgain), cursor)}
                </div>
            }
            .into_any(),
        }
    }
}

impl History {
    /// Loads the page at the cursor, or the newest one.
    fn load(self, cursor: Option<String>) {
        self.load_more(cursor, PAGES_MORE);
    }

    fn load_more(self, cursor: Option<String>, pages: usize) {
        let newest = cursor.is_none();
        // The rows stay while the newest page is reloaded.
        let known = self.calls.with_untracked(|calls| !calls.is_empty());
        if !(newest && known) {
            self.older.set(Older::Loading);
        }
        spawn_local(async move {
            match history::page(history::Which::default(), cursor.as_deref()).await {
                Ok(page) => {
                    let (mut fresh, next) = (page.items, page.next_cursor);
                    let overlaps = self.calls.try_with_untracked(|calls| {
                        fresh.iter().any(|new| calls.iter().any(|old| old.id == new.id))
                    });
                    // A newest page without a known call leaves a gap in between: the list starts anew.
                    let begins_anew = newest && overlaps == Some(false);
                    self.calls.try_update(|calls| {
                        if begins_anew {
                            calls.clear();
                        }
                        fresh.retain(|new| calls.iter().all(|old| old.id != new.id));
                        calls.append(&mut fresh);
                        calls.sort_by_key(|call| std::cmp::Reverse((call.created_at, call.id)));
                    });
                    if !newest || begins_anew || self.older.try_get_untracked() == Some(Older::Loading) {
                        self.older.try_set(next.map_or(Older::None, Older::Cursor));
                    }
                    self.fill(pages);
                }
                Err(failure) => {
                    self.older.try_set(Older::Failed(failure, cursor));
                }
            }
        });
    }

    /// Loads further pages until the rows that pass the filter fill the screen.
    fn fill(self, pages: usize) {
        let filter = self.filter.try_get_untracked().unwrap_or(Filter::All);
        let shown = self
            .calls
            .try_with_untracked(|calls| calls.iter().filter(|call| filter.takes(call, self.me)).count());
        if let (Some(Older::Cursor(cursor)), true) =
            (self.older.try_get_untracked(), shown.is_some_and(|shown| shown < ROWS_PER_SCREEN) && pages > 0)
        {
            self.load_more(Some(cursor), pages - 1);
        }
    }
}

/// Marks missed calls as seen while the list is visible.
fn mark_missed_seen(inbox: Inbox) {
    let returned = RwSignal::new(());
    let listener = window_event_listener(ev::focus, move |_| returned.set(()));
    on_cleanup(move || listener.remove());
    Effect::new(move |_| {
        returned.track();
        if inbox.missed().count() > 0 && platform::is_visible() {
            inbox.missed().see();
        }
    });
}

fn other(call: &Call, me: UserId) -> UserSummary {
    call.others(me).next().map_or_else(
        || UserSummary::named(UserId(call.conversation_id.0), say(Word::SomebodyLeft).to_owned()),
        |seat| seat.user.clone(),
    )
}

/// Returns the icon and the text for the outcome of a call, from this person's side.
pub fn outcome(call: &Call, me: UserId) -> (Glyph, String) {
    let mine = call.initiator_id == me;
    if call.was_missed_by(me) {
        return (Glyph::PhoneMissed, say(Word::Missed).to_owned());
    }
    let way = if mine { Glyph::PhoneOutgoing } else { Glyph::PhoneIncoming };
    if let Some(seconds) = call.duration_seconds {
        return (way, clock(seconds.into()));
    }
    let word = match call.status {
        CallStatus::Declined => Word::Declined,
        CallStatus::Missed => Word::NoAnswer,
        CallStatus::Canceled => Word::Canceled,
        CallStatus::Busy => Word::Busy,
        CallStatus::Failed => Word::ConnectionLost,
        _ => Word::CallEnded,
    };
    (way, say(word).to_owned())
}
