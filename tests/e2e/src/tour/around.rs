//! The screens around a call: sign-in, invitation, conversation and an unknown address.

use super::Visitor;
use crate::{
    app,
    scenario::{Pair, World},
    user::Named,
};
use anyhow::Result;

pub async fn around(world: &World, visitor: &mut impl Visitor) -> Result<()> {
    let (alice, bob) = world.pair(Pair::Chromium).await?;
    alice.go("/").await?;
    alice.sees("textbox", "Your name").await?;
    visitor.look(&alice, "sign-in").await?;
    tokio::try_join!(app::sign_in_by_hand(&alice), app::sign_in_by_hand(&bob))?;
    visitor.look(&alice, "home-empty").await?;
    alice.type_into("searchbox", "Find people", &bob.name).await?;
    alice.sees("button", bob.name.as_str()).await?;
    visitor.look(&alice, "people-found").await?;
    app::befriend_by_hand(&alice, &bob, async || {
        visitor.look(&alice, "invitation-sent").await?;
        visitor.look(&bob, "invitation-received").await
    })
    .await?;
    for (from, text) in [(&alice, "Shall we talk at three?"), (&bob, "Yes. I will call you.")] {
        from.type_into("textbox", "Message", text).await?;
        from.click("button", "Send").await?;
        tokio::try_join!(alice.reads(text), bob.reads(text))?;
    }
    visitor.look(&alice, "conversation").await?;
    alice.go("/nowhere").await?;
    alice.sees("heading", Named::Any).await?;
    visitor.look(&alice, "not-found").await
}
