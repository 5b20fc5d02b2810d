//! A walk past every screen and every state of it, for whoever wants to look: the screenshots and the tests of
//! accessibility stop at the same places.

mod around;
mod call;
mod group;
mod settings;

pub use around::around;
pub use call::call;
pub use group::group;
pub use settings::settings;

use crate::user::User;
use anyhow::Result;

/// Somebody who looks at each stop.
pub trait Visitor {
    /// `place` names the screen and its state, as a file is named.
    fn look(&mut self, user: &User, place: &str) -> impl Future<Output = Result<()>>;
}
