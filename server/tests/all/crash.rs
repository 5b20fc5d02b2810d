//! The program is killed without warning, again and again, while people call one another. Afterwards every
//! call has exactly one end, nobody is left in a call that is over, and the log of each call is complete and
//! in order.
//!
//! Runs on the database that this run of the tests uses. The seed is printed; `PARLEY_TEST_SEED` repeats the
//! scripts, though not the timing.

pub mod client;
pub mod server;
mod truth;

use crate::support::Database;
use client::Pair;
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use server::Server;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, time::timeout};

const PAIRS: usize = 20;
const CALLS: usize = 25;
/// The time within which people who do not return must have been removed from their calls.
const GONE_WITHIN: Duration = Duration::from_secs(60);
/// The time between two kills.
const ALIVE_MS: std::ops::Range<u64> = 200..1_500;

fn seed() -> u64 {
    let given = std::env::var("PARLEY_TEST_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(rand::random)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_calls_survive_a_server_that_is_killed() {
    let seed = seed();
    println!("PARLEY_TEST_SEED={seed}");
    let database = Database::of_this_run().await;
    let server = Arc::new(Server::start(&database));
    let mut pairs = Vec::new();
    for number in 0..PAIRS {
        pairs.push(Pair::new(&server, number, seed).await);
    }
    let left = Arc::new(AtomicUsize::new(PAIRS));
    let killing = tokio::spawn(kill_at_random(server.clone(), left.clone(), seed));
    let calling = pairs.iter_mut().map(|pair| {
        let left = left.clone();
        async move {
            for _ in 0..CALLS {
                pair.call().await;
            }
            left.fetch_sub(1, Ordering::SeqCst);
        }
    });
    join_all(calling).await;
    let deaths = killing.await.unwrap();
    println!("killed {deaths} times");
    assert!(deaths >= 5, "killed {deaths} times: too few to mean anything");

    // In the end half of the pairs stay in a call, half vanish, and the server is killed once more.
    let (staying, going) = pairs.split_at_mut(PAIRS / 2);
    for pair in staying.iter_mut().chain(going.iter_mut()) {
        pair.talk().await;
    }
    for pair in going.iter_mut() {
        pair.vanish();
    }
    server.kill_and_start();
    let others = watch::Sender::new(false);
    let waiting = async {
        timeout(GONE_WITHIN, join_all(going.iter().map(Pair::ended)))
            .await
            .expect("the calls of vanished people must end");
        others.send_replace(true);
    };
    tokio::join!(waiting, join_all(staying.iter_mut().map(|pair| pair.stay(&others))));
    let live: Vec<String> = staying.iter().map(Pair::call_id).collect();
    truth::only_these_are_live(&database, &live).await;
    join_all(staying.iter_mut().map(Pair::hang_up)).await;
    truth::every_call_is_whole(&database, PAIRS * CALLS + PAIRS).await;
}

async fn kill_at_random(server: Arc<Server>, left: Arc<AtomicUsize>, seed: u64) -> usize {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut deaths = 0;
    while left.load(Ordering::SeqCst) > 0 {
        // tidy: allow sleep: the moment of death is what is random here
        tokio::time::sleep(Duration::from_millis(rng.random_range(ALIVE_MS))).await;
        server.kill_and_start();
        deaths += 1;
    }
    deaths
}
