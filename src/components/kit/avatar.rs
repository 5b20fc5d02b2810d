//! A person's sign: their picture, or their initials on a colour of their own.

use super::each::text;
use leptos::prelude::*;
use parley_protocol::people::UserSummary;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AvatarSize {
    Small,
    #[default]
    Medium,
    Huge,
}

/// Decoration: the name stands beside it.
#[component]
pub fn Avatar(#[prop(into)] of: Signal<UserSummary>, #[prop(optional)] size: AvatarSize) -> impl IntoView {
    let size = match size {
        AvatarSize::Small => "small",
        AvatarSize::Medium => "medium",
        AvatarSize::Huge => "huge",
    };
    view! {
        <span class="avatar" data-size=size data-hue=text(move || of.with(hue)) aria-hidden="true">
            {text(move || of.with(|user| initials(&user.display_name)))}
            // Over the initials, which stay if it does not come.
            {move || of.with(|user| user.picture).map(|id| view! { <img src=format!("/api/pictures/{id}") alt="" /> })}
        </span>
    }
}

/// One of twelve; the stylesheet has their colours.
fn hue(user: &UserSummary) -> String {
    // The last bytes of an id are random, the first ones are the time.
    (user.id.0.as_bytes()[15] % 12).to_string()
}

/// Of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    let initials: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
    // A name without letters still is somebody.
    if initials.is_empty() { name.chars().take(1).collect() } else { initials }
}
