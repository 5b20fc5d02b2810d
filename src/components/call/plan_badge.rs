//! The badge of a call with a time limit: the initiator's plan, and the time at which it ends the call.

use super::statistics::duration;
use crate::components::kit::each::{flag, text};
use crate::{
    call::view::{Limit, Room},
    platform,
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_protocol::people::Plan;

#[component]
pub fn PlanBadge(#[prop(into)] room: Signal<Room>) -> impl IntoView {
    let limit = Memo::new(move |_| room.with(|room| room.limit));
    let is_near = move || limit.get().is_some_and(|limit| limit.is_near);
    view! {
        <Show when=move || limit.get().is_some()>
            <p role="status" class="pill plan-badge" data-near=flag(is_near)>
                {text(move || limit.get().map(sentence).unwrap_or_default())}
            </p>
        </Show>
    }
}

/// Returns the text of the badge: the plan and the end of the call, or the end alone when it is near.
pub fn sentence(limit: Limit) -> String {
    let plan = say(match limit.plan {
        Plan::Free => Word::PlanFree,
        Plan::Pro => Word::PlanPro,
        Plan::Enterprise => Word::PlanEnterprise,
    });
    match limit.ends_at {
        Some(at) if limit.is_near => fill(Word::CallEndsAt, &[("time", &platform::time_of_day(at))]),
        Some(at) => fill(Word::PlanEndsAt, &[("plan", plan), ("time", &platform::time_of_day(at))]),
        None => fill(Word::PlanUpTo, &[("plan", plan), ("time", &duration(limit.seconds.into()))]),
    }
}
