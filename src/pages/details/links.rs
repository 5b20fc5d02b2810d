//! The invite links of a group: the valid ones, a button for a new one, and a button to revoke each.

use crate::{
    api::groups,
    components::kit::{
        each::press,
        icon::{Glyph, Icon},
        toasts::Toasts,
    },
    platform,
    words::{Word, count, say},
};
use leptos::{html::Input, prelude::*, task::spawn_local};
use parley_protocol::{ConversationId, LinkId, rest::GroupLink};

#[component]
pub fn Links(id: ConversationId) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let links = RwSignal::new(Vec::<GroupLink>::new());
    // The server reveals the token of a link only once, when it is made.
    let newest = RwSignal::new(None::<String>);
    let field = NodeRef::<Input>::new();
    spawn_local(async move {
        if let Ok(known) = groups::links(id).await {
            links.try_set(known);
        }
    });
    let make = move || {
        spawn_local(async move {
            match groups::make_link(id).await {
                Ok((link, address)) => {
                    let copied = platform::copy(&address).await;
                    links.try_update(|links| links.insert(0, link));
                    newest.try_set(Some(address));
                    toasts.say(say(if copied { Word::LinkCopied } else { Word::InviteShown }));
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    let end = Callback::new(move |link: LinkId| {
        spawn_local(async move {
            match groups::end_link(id, link).await {
                Ok(()) => {
                    links.try_update(|links| links.retain(|known| known.id != link));
                    newest.try_set(None);
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    });
    let select = move |_| {
        if let Some(field) = field.get_untracked() {
            field.select();
        }
    };
    view! {
        <section class="details-part">
            <h3>{say(Word::InviteLinks)}</h3>
            <p class="soft">{say(Word::InviteLinksMeans)}</p>
            <button type="button" class="button" on:click=press(make)>
                <Icon of=Glyph::Link />
                {say(Word::NewInviteLink)}
            </button>
            {move || {
                newest
                    .get()
                    .map(|address| {
                        view! {
                            <input
                                class="input"
                                type="text"
                                readonly
                                aria-label=say(Word::InviteLink)
                                node_ref=field
                                prop:value=address
                                on:focus=select
                            />
                        }
                    })
            }}
            <ul class="rows">
                {move || links.get().into_iter().map(|link| view! { <Link link end /> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Link(link: GroupLink, end: Callback<LinkId>) -> impl IntoView {
    let id = link.id;
    let until = platform::on_day(link.expires_at, Word::GoodToday, Word::GoodUntil, Word::GoodUntil);
    let used = count(Word::UsedTimes, link.uses, &[]);
    view! {
        <li class="row">
            <Icon of=Glyph::Link />
            <span class="row-text">
                <span class="row-title">{until}</span>
                " "
                <span class="row-preview">{used}</span>
            </span>
            <button type="button" class="text-button" on:click=press(move || end.run(id))>
                {say(Word::EndLink)}
            </button>
        </li>
    }
}
