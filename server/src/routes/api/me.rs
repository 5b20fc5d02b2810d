//! `GET/PATCH /api/me`: returns and changes the profile of the person who asks.

pub mod blocks;
pub mod invite_link;
pub mod picture;

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{
        input::Body,
        session::{self, Person},
    },
    storage::Choices,
};
use axum::{Json, extract::State, http::HeaderMap};
use parley_protocol::{
    people::{Account, Me, Profile},
    rest::UpdateMe,
    text,
};

/// Returns your profile. Extends the session and renews its cookie when that is due.
#[utoipa::path(
    get, path = "/api/me", tag = "people",
    responses((status = 200, body = Profile)),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    request: HeaderMap,
) -> Answer<(HeaderMap, Json<Profile>)> {
    let headers = session::renew(&app, &person, &request).await?;
    Ok((headers, Json(profile(&app, &person).await?)))
}

/// Changes your name and your settings.
#[utoipa::path(
    patch, path = "/api/me", tag = "people",
    request_body = UpdateMe,
    responses((status = 200, body = Profile)),
)]
pub async fn patch(
    State(app): State<App>,
    person: Person,
    Body(wish): Body<UpdateMe>,
) -> Answer<Json<Profile>> {
    let name = wish.display_name.as_deref().map(text::display_name).transpose();
    let name = name.map_err(|error| ApiError::text("display_name", error))?;
    let before = choices(&app, &person).await?;
    let after = Choices {
        do_not_disturb: wish.do_not_disturb.unwrap_or(before.do_not_disturb),
        always_relay: wish.always_relay.unwrap_or(before.always_relay),
        call_waiting: wish.call_waiting.unwrap_or(before.call_waiting),
        ..before
    };
    let write = app.store.write().await?;
    if let Some(name) = &name {
        write.rename_user(person.user, name).await?;
    }
    if before != after {
        write.set_choices(person.user, after).await?;
    }
    write.commit().await?;
    if wish.do_not_disturb.is_some() {
        app.stale_presence.add([person.user]);
    }
    let is_known = |of: &Choices| (of.always_relay, of.do_not_disturb);
    if name.is_some() || is_known(&before) != is_known(&after) {
        forget_profile(&app, &person);
    }
    Ok(Json(profile(&app, &person).await?))
}

/// Drops cached calls with the person's old profile, here and on other servers.
fn forget_profile(app: &App, person: &Person) {
    app.call_cache.forget_person(person.user);
    app.bus.renamed(person.user);
}

/// Reads the person's settings.
async fn choices(app: &App, person: &Person) -> Answer<Choices> {
    let found = app.store.choices(&[person.user]).await?.remove(&person.user);
    found.ok_or_else(ApiError::unauthorized)
}

/// Reads the person's profile.
async fn profile(app: &App, person: &Person) -> Answer<Profile> {
    let Me { id, display_name, session_id, created_at, account, picture } = me(app, person).await?;
    let Choices { do_not_disturb, always_relay, call_waiting, plan } = choices(app, person).await?;
    Ok(Profile {
        id,
        display_name,
        session_id,
        created_at,
        account,
        picture,
        do_not_disturb,
        always_relay,
        call_waiting,
        plan,
    })
}

/// Reads the part of the profile that `GET /api/config` has as well.
pub(super) async fn me(app: &App, person: &Person) -> Answer<Me> {
    let (user, created_at) = app.store.user(person.user).await?.ok_or_else(ApiError::unauthorized)?;
    let account = if app.store.has_identity(user.id).await? { Account::Oidc } else { Account::Guest };
    Ok(Me {
        id: user.id,
        display_name: user.display_name,
        session_id: person.session,
        created_at,
        account,
        picture: user.picture,
    })
}
