//! Sign-in and sign-out, and the server's configuration for this browser.

use super::{Failure, get, send, tell};
use gloo_net::http::Method;
use parley_protocol::{
    people::Me,
    rest::{ClientConfig, GuestSignIn, SignedIn},
};

/// `POST /api/auth/guest`
pub async fn sign_in(display_name: String) -> Result<Me, Failure> {
    let signed_in: SignedIn = send(Method::POST, "/api/auth/guest", &GuestSignIn { display_name }).await?;
    Ok(signed_in.me)
}

/// `POST /api/auth/logout`
pub async fn sign_out() -> Result<(), Failure> {
    tell(Method::POST, "/api/auth/logout").await
}

/// `GET /api/config`
pub async fn config() -> Result<ClientConfig, Failure> {
    get("/api/config").await
}

/// `GET /api/me`
pub async fn me() -> Result<Me, Failure> {
    get("/api/me").await
}
