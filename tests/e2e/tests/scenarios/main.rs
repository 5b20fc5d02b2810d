//! End-to-end scenarios: whole calls in real browsers, one file per scenario.
//!
//! They need a built server (`cargo build -p parley-server`) and a built page (`trunk build`).

#![allow(clippy::similar_names, reason = "caller and callee are the words of the trade")]

use anyhow::Result;
use parley_e2e::{
    World,
    scenario::{patient_scenario, scenario, scenario_alone},
    server::Settings,
};

/// Makes a test of a story for each of several pairs of browsers.
macro_rules! told_by {
    ($($pair:ident)+ : $(#[$doc:meta])* async fn $name:ident($world:ident, $which:ident) $story:block) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn story($world: &parley_e2e::World, $which: parley_e2e::Pair) -> anyhow::Result<()> {
                $story
                Ok(())
            }

            told_by!(@tests $name $($pair)+);
        }
    };
    (@tests $name:ident $($pair:ident)+) => {
        $(
            #[tokio::test]
            #[allow(non_snake_case, reason = "named after the pair of browsers")]
            async fn $pair() {
                let name = concat!(stringify!($name), " ", stringify!($pair));
                super::run(name, async |world| story(world, parley_e2e::Pair::$pair).await).await;
            }
        )+
    };
}

mod accessible;
mod before_call;
mod call;
mod camera_light;
mod cancel;
mod cold;
mod decline;
mod device_denied;
mod devices_absent;
mod float;
mod forged_accept;
mod glare;
mod group;
mod groups;
mod harness;
mod history;
mod invite_link;
mod language;
mod leaks;
mod media;
mod messages;
mod network_lost;
mod no_answer;
mod panels;
mod part_missing;
mod phone;
mod plugs;
mod presence;
mod quality;
mod ringing;
mod server_killed;
mod server_renewed;
mod settings;
mod share;
mod shortcuts;
mod socket_dropped;
mod tab_closed;
mod trunk_serve;
mod two_tabs;
mod waiting;

/// Runs a story with a server in its default configuration.
async fn as_delivered(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    scenario(name, Settings::default(), body).await;
}

/// Runs a story that mostly waits, so that it may run beside others.
async fn patient(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    patient_scenario(name, Settings::default(), body).await;
}

/// Runs a story with no other beside it.
async fn alone(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    scenario_alone(name, Settings::default(), body).await;
}
