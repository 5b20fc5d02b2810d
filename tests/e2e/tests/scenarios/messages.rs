//! Messages without a call.

use crate::as_delivered as run;
use parley_e2e::app::meet;

told_by!(Chromium Firefox:
async fn a_message_is_read_by_the_other(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.type_into("textbox", "Message", "Shall we talk? <b>now</b>").await?;
    alice.click("button", "Send").await?;
    bob.reads("Shall we talk? <b>now</b>").await?;
    alice.reads("Shall we talk? <b>now</b>").await?;
});
