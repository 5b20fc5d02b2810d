//! Notices of the system: whether they are allowed, and the question for it.

use crate::browser::permission;

pub use crate::browser::permission::Permission;

/// Tells whether notices of the system are allowed.
pub fn notices() -> Permission {
    permission::notices()
}

/// Asks the person to allow them; browsers do so only after a click.
pub async fn ask_notices() -> Permission {
    permission::ask_notices().await
}
