//! The members of a group with their roles, the invited people, and the actions that the own role allows.

use crate::{
    api::{Failure, groups},
    components::{
        kit::{
            avatar::{Avatar, AvatarSize},
            each::press,
            toasts::Toasts,
        },
        people::presence::{PresenceDot, PresenceWords},
    },
    state::inbox::{Inbox, role_of},
    words::{Word, count, fill, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    ConversationId, UserId,
    people::{Conversation, MemberRole, UserSummary},
};

#[component]
pub fn Members(
    id: ConversationId,
    conversation: Signal<Conversation>,
    /// The person's own role.
    role: Memo<MemberRole>,
) -> impl IntoView {
    let heading = move || {
        let members = conversation.with(|c| c.members.len());
        count(Word::PeopleInIt, u32::try_from(members).unwrap_or(u32::MAX), &[])
    };
    let members = move || {
        conversation.with(|c| {
            let mut members: Vec<_> =
                c.members.iter().map(|person| (role_of(c, person.id), person.clone())).collect();
            members.sort_by_key(|(role, person)| (rank(*role), person.display_name.to_lowercase()));
            members
                .into_iter()
                .map(|(their, person)| view! { <Member id person their own=role.get() /> })
                .collect_view()
        })
    };
    let invited = move || {
        conversation.with(|c| {
            let people = c.invited.iter().cloned();
            people.map(|person| view! { <Invited id person own=role.get() /> }).collect_view()
        })
    };
    view! {
        <section class="details-part">
            <h3>{heading}</h3>
            <ul class="rows">{members} {invited}</ul>
        </section>
    }
}

#[component]
fn Member(id: ConversationId, person: UserSummary, their: MemberRole, own: MemberRole) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let user = person.id;
    let mine = user == inbox.me().id;
    let name = person.display_name.clone();
    let act = move |to: Option<MemberRole>| {
        spawn_local(async move {
            let done = match to {
                Some(role) => groups::set_role(id, user, role).await.map(|group| inbox.put(group)),
                None => remove(inbox, id, user).await,
            };
            if let Err(failure) = done {
                toasts.fail(failure.sentence());
            }
        });
    };
    let ways = member_actions(own, their, mine)
        .into_iter()
        .map(|(word, to)| {
            let label = fill(word, &[("name", &name)]);
            view! {
                <button type="button" class="text-button" on:click=press(move || act(to))>
                    {label}
                </button>
            }
        })
        .collect_view();
    let menu = (own != MemberRole::Member && !mine).then(|| {
        view! {
            <details class="member-more">
                <summary aria-label=fill(Word::MoreAbout, &[("name", &name)])>{say(Word::More)}</summary>
                <div class="member-ways">{ways}</div>
            </details>
        }
    });
    view! {
        <li class="row member">
            <span class="with-presence">
                <Avatar of=person.clone() size=AvatarSize::Small />
                {(!mine).then(|| view! { <PresenceDot of=user /> })}
            </span>
            <span class="row-text">
                <span class="row-title">{if mine { fill(Word::NameYou, &[("name", &name)]) } else { name.clone() }}</span>
                " "
                {(!mine).then(|| view! { <PresenceWords of=user /> })}
            </span>
            {badge(their).map(|word| view! { <span class="pill">{say(word)}</span> })}
            {menu}
        </li>
    }
}

#[component]
fn Invited(id: ConversationId, person: UserSummary, own: MemberRole) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let user = person.id;
    let name = person.display_name.clone();
    let label = fill(Word::TakeBackFrom, &[("name", &name)]);
    let take_back = move || {
        spawn_local(async move {
            if let Err(failure) = remove(inbox, id, user).await {
                toasts.fail(failure.sentence());
            }
        });
    };
    view! {
        <li class="row member" data-invited="true">
            <Avatar of=person size=AvatarSize::Small />
            <span class="row-text">
                <span class="row-title">{name}</span>
                " "
                <span class="row-preview">{say(Word::IsInvited)}</span>
            </span>
            {(own != MemberRole::Member)
                .then(|| {
                    view! {
                        <button type="button" class="text-button" aria-label=label on:click=press(take_back)>
                            {say(Word::TakeBack)}
                        </button>
                    }
                })}
        </li>
    }
}

async fn remove(inbox: Inbox, id: ConversationId, user: UserId) -> Result<(), Failure> {
    groups::remove(id, user).await?;
    inbox.refresh(id).await
}

/// Returns the actions that the own role allows: a label, and the role to give, or none to remove the member.
pub fn member_actions(own: MemberRole, their: MemberRole, mine: bool) -> Vec<(Word, Option<MemberRole>)> {
    let mut ways = Vec::new();
    if mine || their == MemberRole::Owner {
        return ways;
    }
    if own == MemberRole::Owner {
        if their == MemberRole::Admin {
            ways.push((Word::MakeMember, Some(MemberRole::Member)));
        } else {
            ways.push((Word::MakeAdmin, Some(MemberRole::Admin)));
        }
        ways.push((Word::MakeOwner, Some(MemberRole::Owner)));
    }
    if own == MemberRole::Owner || (own == MemberRole::Admin && their == MemberRole::Member) {
        ways.push((Word::RemoveFromGroup, None));
    }
    ways
}

fn rank(role: MemberRole) -> u8 {
    match role {
        MemberRole::Owner => 0,
        MemberRole::Admin => 1,
        MemberRole::Member => 2,
    }
}

fn badge(role: MemberRole) -> Option<Word> {
    match role {
        MemberRole::Owner => Some(Word::RoleOwner),
        MemberRole::Admin => Some(Word::RoleAdmin),
        MemberRole::Member => None,
    }
}
