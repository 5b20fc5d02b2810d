//! Group calls: everybody is connected to everybody, proved on every connection; people come late, leave and
//! return.

use crate::{alone as run, media::light_is_off};
use anyhow::{Result, ensure};
use futures_util::future::{join_all, try_join_all};
use parley_e2e::{
    User, World,
    app::{ESCAPE, gather, leave},
    browser::{Kind, Media},
    eventually,
    stats::Sample,
    user::Named,
    wait::throughout,
};
use std::{sync::Arc, time::Duration};

/// Long enough to see whether packets flow.
const LOOK: Duration = Duration::from_millis(1_500);

const GROUP: &str = "Rowing club";

pub async fn people(world: &World, names: &[(&str, Kind)]) -> Result<Vec<Arc<User>>> {
    let mut people = Vec::new();
    for (name, kind) in names {
        people.push(world.user(name, *kind, Media::Fake).await?);
    }
    let all: Vec<&User> = people.iter().map(Arc::as_ref).collect();
    gather(&all, GROUP).await?;
    Ok(people)
}

/// Lets the first person call. The others see who calls and in which group, and answer.
pub async fn begin(people: &[Arc<User>]) -> Result<()> {
    let (caller, callees) = people.split_first().expect("somebody");
    caller.click("button", "Video call").await?;
    caller.sees("dialog", format!("Calling {GROUP}").as_str()).await?;
    let card = format!("Incoming video call from {} in {GROUP}", caller.name);
    for callee in callees {
        callee.sees("alertdialog", card.as_str()).await?;
        callee.click("button", "Answer").await?;
    }
    stand_in(people).await
}

/// The notes of the sound for somebody who joins, in hertz.
const JOINED: [f64; 2] = [523.0, 659.0];
/// The notes of the sound for somebody who leaves.
const LEFT: [f64; 2] = [659.0, 523.0];

/// Waits until the person has heard both notes of a sound in order.
async fn heard(user: &User, sound: [f64; 2]) -> Result<()> {
    eventually(format!("{} to hear it", user.name), async || {
        let notes = user.notes().await?;
        ensure!(notes.windows(2).any(|pair| pair == sound), "{notes:?}");
        Ok(())
    })
    .await
}

/// Waits until everybody is in the room.
async fn stand_in(people: &[Arc<User>]) -> Result<()> {
    for person in people {
        person.sees("main|region", format!("Call with {GROUP}").as_str()).await?;
    }
    Ok(())
}

/// Waits until this person has one connection to each of the others, with audio and video in both directions
/// on each.
async fn talks_with(user: &User, others: usize) -> Result<()> {
    let before = user.stats().await?;
    eventually(format!("{} to talk with {others}", user.name), async || {
        let after = user.stats().await?;
        let connected = after.open().filter(|peer| peer.connection == "connected").count();
        ensure!(after.open().count() == others && connected == others, "{connected} of {others}: {after:?}");
        for peer in after.open() {
            for kind in ["audio", "video"] {
                let sum = |sample: &parley_e2e::stats::Sample, inbound: bool| {
                    let same = sample.0.iter().find(|known| known.index == peer.index);
                    let streams = same.map(|known| if inbound { &known.inbound } else { &known.outbound });
                    let of_kind = streams.into_iter().flatten().filter(|rtp| rtp.kind == kind);
                    of_kind.map(|rtp| rtp.packets).sum::<u64>()
                };
                for inbound in [true, false] {
                    let moved = sum(&after, inbound).saturating_sub(sum(&before, inbound));
                    ensure!(
                        moved >= 5,
                        "{kind} on link {} (inbound: {inbound}): {moved} packets",
                        peer.index
                    );
                }
            }
            let decoded =
                peer.inbound.iter().filter(|rtp| rtp.kind == "video").map(|rtp| rtp.frames).sum::<u64>();
            ensure!(decoded > 0, "link {} shows nothing", peer.index);
        }
        Ok(())
    })
    .await
}

pub async fn all_talk(people: &[Arc<User>]) -> Result<()> {
    try_join_all(people.iter().map(|person| talks_with(person, people.len() - 1))).await?;
    Ok(())
}

#[tokio::test]
async fn a_member_of_three_leaves_and_comes_back() {
    run("a member of three leaves and comes back", async |world| {
        let chromium = Kind::Chromium;
        let three = people(world, &[("Alice", chromium), ("Bob", chromium), ("Carol", chromium)]).await?;
        begin(&three).await?;
        all_talk(&three).await?;
        let (two, carol) = three.split_at(2);
        let carol = &carol[0];
        leave(carol).await?;
        for other in two {
            other.reads("Carol left").await?;
            heard(other, LEFT).await?;
        }
        light_is_off(carol, true).await?;
        all_talk(two).await?;
        carol.click("button", "Join again").await?;
        for other in two {
            other.reads("Carol joined").await?;
            heard(other, JOINED).await?;
        }
        stand_in(&three).await?;
        all_talk(&three).await
    })
    .await;
}

#[tokio::test]
async fn a_member_who_declined_joins_from_the_conversation() {
    run("a member who declined joins from the conversation", async |world| {
        let kinds = [("Alice", Kind::Chromium), ("Bob", Kind::Firefox), ("Carol", Kind::Chromium)];
        let three = people(world, &kinds).await?;
        let (alice, bob, carol) = (&three[0], &three[1], &three[2]);
        alice.click("button", "Video call").await?;
        carol.sees("alertdialog", Named::Any).await?;
        carol.click("button", "Decline").await?;
        bob.click("button", "Answer").await?;
        all_talk(&three[..2]).await?;
        carol.click("button", "Join the call").await?;
        stand_in(&three).await?;
        all_talk(&three).await?;
        leave(alice).await?;
        all_talk(&three[1..]).await
    })
    .await;
}

#[tokio::test]
async fn a_member_who_let_it_ring_has_missed_the_call() {
    run("a member who let it ring has missed the call", async |world| {
        let kinds = [("Alice", Kind::Chromium), ("Bob", Kind::Firefox), ("Carol", Kind::Chromium)];
        let three = people(world, &kinds).await?;
        let (alice, bob, carol) = (&three[0], &three[1], &three[2]);
        alice.click("button", "Audio call").await?;
        carol.sees("alertdialog", Named::Any).await?;
        bob.click("button", "Answer").await?;
        stand_in(&three[..2]).await?;
        leave(alice).await?;
        leave(bob).await?;
        carol.click("link", "Calls 1 missed").await?;
        carol.sees("button", format!("Audio call with {GROUP}").as_str()).await?;
        let missed = "return document.querySelector('.row[data-missed=true]').innerText";
        let row = carol.script(missed, vec![]).await?;
        ensure!(row.as_str().is_some_and(|row| row.contains(GROUP) && row.contains("Missed")), "{row}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn four_people_talk() {
    run("four people talk", async |world| {
        let chromium = Kind::Chromium;
        let names = [("Alice", chromium), ("Bob", chromium), ("Carol", chromium), ("Dan", chromium)];
        let four = people(world, &names).await?;
        begin(&four).await?;
        all_talk(&four).await?;
        let left: Vec<Result<()>> = join_all(four.iter().map(|person| leave(person))).await;
        left.into_iter().collect()
    })
    .await;
}

/// Measures for a moment: on how many of this person's connections video goes out, and the least number of
/// audio packets that went out on one.
async fn videos_out(user: &User) -> Result<(usize, u64)> {
    let before = user.stats().await?;
    throughout(LOOK, "the page is there", async || user.sees("timer", Named::Any).await).await?;
    let after = user.stats().await?;
    let sum = |sample: &Sample, index: usize, kind: &str| {
        let peer = sample.open().find(|peer| peer.index == index);
        let streams = peer.into_iter().flat_map(|peer| &peer.outbound).filter(|rtp| rtp.kind == kind);
        streams.map(|rtp| rtp.frames.max(rtp.packets)).sum::<u64>()
    };
    let moved = |index: usize, kind: &str| sum(&after, index, kind).saturating_sub(sum(&before, index, kind));
    let links: Vec<usize> = after.open().map(|peer| peer.index).collect();
    let videos = links.iter().filter(|index| moved(**index, "video") > 2).count();
    let voice = links.iter().map(|index| moved(*index, "audio")).min().unwrap_or(0);
    Ok((videos, voice))
}

#[tokio::test]
async fn a_picture_that_nobody_looks_at_is_not_sent() {
    run("a picture that nobody looks at is not sent", async |world| {
        let chromium = Kind::Chromium;
        let names = [("Alice", chromium), ("Bob", chromium), ("Carol", chromium), ("Dan", chromium)];
        let four = people(world, &names).await?;
        begin(&four).await?;
        all_talk(&four).await?;
        // In a narrow, high window with one person large, the strip below has room for two, and the rest are
        // on another page.
        let alice = &four[0];
        alice.resize(600, 1000).await?;
        alice.click("button", "More").await?;
        alice.click("radio", "Speaker").await?;
        alice.press(ESCAPE).await?;
        alice.click("button", "Next page").await?;
        eventually("somebody to send Alice no picture any more, but their voice", async || {
            let mut unseen = 0;
            for other in &four[1..] {
                let (videos, voice) = videos_out(other).await?;
                ensure!(voice > 5, "{} is not heard by everybody", other.name);
                ensure!((2..=3).contains(&videos), "{} sends {videos} pictures", other.name);
                unseen += 3 - videos;
            }
            ensure!(unseen > 0, "everybody still sends everything");
            Ok(())
        })
        .await?;
        alice.resize(1280, 800).await?;
        alice.click("button", "More").await?;
        alice.click("radio", "Grid").await?;
        alice.press(ESCAPE).await?;
        all_talk(&four).await
    })
    .await;
}
