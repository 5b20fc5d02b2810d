//! A walk past every screen and every state of it, for whoever wants to look: the screenshots and the tests of
//! accessibility stop at the same places.

mod around;
mod call;
mod group;
mod settings;
mod styleguide;

pub use around::around;
pub use call::call;
pub use group::group;
pub use settings::settings;
pub use styleguide::styleguide;

use crate::{
    browser::{Kind, Media},
    scenario::World,
    user::User,
};
use anyhow::{Result, anyhow};
use futures_util::future::try_join_all;
use std::sync::Arc;

/// Somebody who looks at each stop.
pub trait Visitor {
    /// `place` names the screen and its state, as a file is named.
    fn look(&mut self, user: &User, place: &str) -> impl Future<Output = Result<()>>;
}

/// People of the walk, each with a browser, and with a face.
async fn people<const N: usize>(world: &World, names: [&str; N]) -> Result<[Arc<User>; N]> {
    let start = names
        .into_iter()
        .enumerate()
        .map(async |(at, name)| world.user(name, Kind::Chromium, Media::Portrait(at)).await);
    let people = try_join_all(start).await?;
    people.try_into().map_err(|_| anyhow!("as many people as names"))
}
