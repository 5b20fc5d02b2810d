//! Accounts of people who sign in at the OpenID Connect issuer.

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

/// The number of attempts when one account signs in twice at once for the first time.
const ATTEMPTS: usize = 4;

/// Returns the configured issuer.
pub fn issuer(app: &App) -> Answer<&Provider> {
    let none = || ApiError::new(ErrorCode::SignInDisabled, "this server offers sign-in by name only");
    app.oidc.as_ref().ok_or_else(none)
}

/// Signs a person in, and makes an account for them the first time. A known person keeps the name they have
/// here.
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
                // The other sign-in was faster: the next round finds its account.
                Err(StoreError::Taken) => {
                    write.abandon().await?;
                    continue;
                }
                inserted => inserted?,
            }
        }
        if let Some(plan) = identity.plan {
            write.set_plan(id, plan).await?;
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
