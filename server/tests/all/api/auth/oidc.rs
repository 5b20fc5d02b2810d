//! `/api/auth/oidc`, against an issuer that runs in this process.

mod flow;
mod tokens;

use crate::support::{
    Database, TestApp,
    issuer::{CLIENT, Issuer, SECRET},
};
use parley_server::config::{Config, OidcConfig};

const ORIGIN: &str = "http://parley.test";

/// The time at which the tests' clock starts, in seconds.
const NOW: i64 = 1_780_000_000;

fn configure(config: &mut Config, issuer: &Issuer) {
    config.public_origin = Some(ORIGIN.to_owned());
    config.oidc = OidcConfig {
        issuer: issuer.address().to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(SECRET.to_owned()),
        scopes: "openid profile".to_owned(),
        plan_claim: None,
        name: "Example".to_owned(),
    };
}

async fn start() -> (TestApp, Issuer) {
    start_on(Database::sqlite()).await
}

async fn start_on(database: Database) -> (TestApp, Issuer) {
    let issuer = Issuer::start(NOW).await;
    let test = TestApp::on(database, |config| configure(config, &issuer)).await;
    (test, issuer)
}
