//! Property tests of the core machines against one another, over a network that loses, repeats and reorders,
//! on a virtual clock.
//!
//! Every run derives from a seed, which is printed when the run fails. `PARLEY_SEED=42 cargo test -p
//! parley-core` repeats that run alone.

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
#[path = "pair/seeds.rs"]
mod seeds;
#[path = "pair/server.rs"]
mod server;
#[path = "pair/world.rs"]
mod world;

#[test]
fn two_peers_always_settle_and_connect() {
    seeds::each(|seed, _| peers::run(seed));
}

#[test]
fn a_call_between_several_devices_always_settles() {
    seeds::each(|seed, _| calls::run(seed));
}

#[test]
fn a_group_call_connects_everybody_with_everybody() {
    seeds::each(|seed, _| rooms::run(seed));
}
