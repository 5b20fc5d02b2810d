//! The plans that an operator gives to people. An issuer's claim gives them at sign-in, see
//! [`super::accounts`].

use crate::storage::Store;
use anyhow::{Context, bail};
use parley_protocol::{
    UserId,
    people::{Plan, UserSummary},
};

/// Gives a plan to the person with this id, or to the only one with this display name.
///
/// Live calls keep the longest duration with which they started.
pub async fn give(store: &Store, person: &str, plan: Plan) -> anyhow::Result<UserSummary> {
    let found = match person.parse::<UserId>() {
        Ok(id) => store.user(id).await?.map(|(user, _)| user).into_iter().collect(),
        Err(_) => store.users_named(person).await?,
    };
    let user = match &found[..] {
        [] => bail!("nobody here is called {person}"),
        [one] => one.clone(),
        several => {
            let ids: Vec<String> = several.iter().map(|user| user.id.to_string()).collect();
            bail!("{} people are called {person}; name one by id: {}", ids.len(), ids.join(", "))
        }
    };
    let write = store.write().await?;
    write.set_plan(user.id, plan).await?;
    write.commit().await.context("the plan was not saved")?;
    Ok(user)
}
