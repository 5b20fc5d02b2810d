//! From somebody whom the issuer vouches for to a person here, and their session.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::session,
    oidc::{Identity, Provider},
    storage::StoreError,
};
use axum::http::HeaderMap;
use parley_protocol::{
    ErrorCode, UserId,
    people::{Account, Me, UserSummary},
    rest::SignedIn,
};
use uuid::Uuid;

/// How often to look again when the same account signs in twice at once, for the first time.
const ATTEMPTS: usize = 4;

/// The configured issuer.
pub fn issuer(app: &App) -> Answer<&Provider> {
    let none = || ApiError::new(ErrorCode::SignInDisabled, "this server knows no other sign-in than by name");
    app.oidc.as_ref().ok_or_else(none)
}

/// Signs in whoever that is; the first time, as a new person. Who is known keeps the name that they have here.
pub async fn sign_in(app: &App, identity: &Identity, request: &HeaderMap) -> Answer<SignedIn> {
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let known = app.store.user_of_identity(&identity.issuer, &identity.subject).await?;
        let write = app.store.write().await?;
        let id = known.unwrap_or_else(|| UserId(Uuid::now_v7()));
        if known.is_none() {
            let user = UserSummary::named(id, identity.name.clone());
            write.insert_user(&user, now).await?;
            match write.insert_identity(&identity.issuer, &identity.subject, id, now).await {
                Err(StoreError::Taken) => {
                    write.abandon().await?;
                    continue;
                }
                inserted => inserted?,
            }
        }
        let (session_id, token) = session::open(app, &write, id, request).await?;
        write.commit().await?;
        let (user, created_at) = app.store.user(id).await?.ok_or_else(ApiError::unauthorized)?;
        let me = Me {
            id,
            display_name: user.display_name,
            session_id,
            created_at,
            account: Account::Oidc,
            picture: user.picture,
        };
        return Ok(SignedIn { me, token });
    }
    Err(StoreError::Taken.into())
}
