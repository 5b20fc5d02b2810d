//! The page that creates a group: its name, and the people to invite.

use crate::{
    api::groups,
    components::{
        kit::{
            back_link::BackLink,
            each::text,
            name_field::{NameField, NameForm},
            toasts::Toasts,
        },
        people::picker::PeoplePicker,
    },
    platform,
    router::{Route, Walk},
    state::inbox::Inbox,
    words::{Word, say},
};
use leptos::{ev, prelude::*};
use parley_protocol::people::UserSummary;

#[component]
pub fn NewGroupPage() -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let walk = expect_context::<Walk>();
    let form = NameForm::new(Word::GroupNeedsName);
    form.focus_on_mount();
    let people = RwSignal::new(Vec::<UserSummary>::new());
    // Set when the form was sent without any people.
    let alone = RwSignal::new(false);
    let lonely = move || alone.get() && people.with(Vec::is_empty);
    // The idempotency key: a request repeated with it creates no second group. A failure renews it.
    let key = StoredValue::new(platform::random_word());
    let make = move |event: ev::SubmitEvent| {
        let Some(name) = form.typed(&event) else { return };
        if people.with_untracked(Vec::is_empty) {
            return alone.set(true);
        }
        let ids = people.with_untracked(|people| people.iter().map(|person| person.id).collect());
        form.send(async move {
            match groups::make(&name, ids, key.get_value().as_deref()).await {
                Ok(group) => {
                    let route = Route::Conversation(group.id);
                    inbox.put(group);
                    walk.replace(&route);
                }
                Err(failure) => {
                    key.set_value(platform::random_word());
                    toasts.fail(failure.sentence());
                }
            }
            Ok(())
        });
    };
    view! {
        <div class="page">
            <header class="page-head">
                <BackLink to=Route::Home label=say(Word::BackToConversations) />
                <h1>{say(Word::NewGroup)}</h1>
            </header>
            <form class="page-body" novalidate on:submit=make>
                <NameField of=form id="group-name" label=Word::GroupName />
                <p class="soft">{say(Word::NewGroupMeans)}</p>
                <PeoplePicker chosen=people without=Vec::new() />
                <p class="field-trouble" role="alert">
                    {text(move || if lonely() { say(Word::GroupNeedsPeople).to_owned() } else { String::new() })}
                </p>
                <button type="submit" class="button" data-tone="brand" aria-busy=form.busy()>
                    {say(Word::MakeGroup)}
                </button>
            </form>
        </div>
    }
}
