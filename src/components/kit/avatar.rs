//! An avatar: a person's picture, or their initials on a colour derived from their id.

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

/// Shows the avatar, hidden from screen readers because the name stands beside it.
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
            // The picture covers the initials, which stay visible if it fails to load.
            {move || of.with(|user| user.picture).map(|id| view! { <img src=format!("/api/pictures/{id}") alt="" /> })}
        </span>
    }
}

/// Picks one of the twelve hues that the stylesheet defines.
fn hue(user: &UserSummary) -> String {
    // Ids are UUIDv7: the first bytes are the time, the last ones are random.
    (user.id.0.as_bytes()[15] % 12).to_string()
}

/// Returns the initials of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    let initials: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
    // A name without letters or digits is shortened to its first character.
    if initials.is_empty() { name.chars().take(1).collect() } else { initials }
}
