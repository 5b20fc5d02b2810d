//! Machines against machines, over a network that loses, repeats and reorders, on a virtual clock.
//!
//! Every run is made from a seed, printed when it fails: `PARLEY_SEED=42 cargo test -p parley-core`
//! repeats that one alone.

#[path = "pair/browser.rs"]
mod browser;
#[path = "pair/calls.rs"]
mod calls;
#[path = "pair/chance.rs"]
mod chance;
#[path = "pair/peers.rs"]
mod peers;
#[path = "pair/rooms.rs"]
mod rooms;
#[path = "pair/server.rs"]
mod server;
#[path = "pair/world.rs"]
mod world;

const SEEDS: u64 = 10_000;

#[test]
fn two_peers_always_settle_and_connect() {
    each_seed(peers::run);
}

#[test]
fn a_call_between_several_devices_always_settles() {
    each_seed(calls::run);
}

#[test]
fn a_group_call_connects_everybody_with_everybody() {
    each_seed(rooms::run);
}

fn each_seed(run: impl Fn(u64)) {
    if let Some(seed) = std::env::var("PARLEY_SEED").ok().and_then(|text| text.parse().ok()) {
        return run(seed);
    }
    for seed in 0..SEEDS {
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(seed)));
        assert!(caught.is_ok(), "failed with PARLEY_SEED={seed}");
    }
}
