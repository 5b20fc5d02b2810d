//! The search for people by name.

use super::{Failure, get};
use crate::browser::page;
use parley_protocol::{people::UserSummary, rest::Users};

/// `GET /api/users?query=`
pub async fn find(query: &str) -> Result<Vec<UserSummary>, Failure> {
    let users: Users = get(&format!("/api/users?query={}", page::encode(query))).await?;
    Ok(users.items)
}
