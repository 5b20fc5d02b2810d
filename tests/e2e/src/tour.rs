//! A tour of every screen in every state. Screenshots and accessibility tests stop at the same places.

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

/// A visitor of the tour, called at each stop.
pub trait Visitor {
    /// Looks at the page of one person. `place` names the screen and its state, in the form of a file name.
    fn look(&mut self, user: &User, place: &str) -> impl Future<Output = Result<()>>;
}

/// Adds the people of the tour, each with a browser and a drawn face.
async fn people<const N: usize>(world: &World, names: [&str; N]) -> Result<[Arc<User>; N]> {
    let start = names
        .into_iter()
        .enumerate()
        .map(async |(at, name)| world.user(name, Kind::Chromium, Media::Portrait(at)).await);
    let people = try_join_all(start).await?;
    people.try_into().map_err(|_| anyhow!("as many people as names"))
}
