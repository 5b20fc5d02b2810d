//! Words travel without a call.

use crate::as_delivered as run;
use parley_e2e::app::meet;

told_by!(Chromium Firefox:
async fn what_one_writes_the_other_reads(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.type_into("textbox", "Message", "Shall we talk? <b>now</b>").await?;
    alice.click("button", "Send").await?;
    bob.reads("Shall we talk? <b>now</b>").await?;
    alice.reads("Shall we talk? <b>now</b>").await?;
});
