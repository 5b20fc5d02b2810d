//! The permission for system notifications.

use crate::browser::permission;

pub use crate::browser::permission::Permission;

/// Returns whether system notifications are allowed.
pub fn notices() -> Permission {
    permission::notices()
}

/// Asks the person to allow system notifications, and returns the decision. Browsers ask only after a click.
pub async fn ask_notices() -> Permission {
    permission::ask_notices().await
}
