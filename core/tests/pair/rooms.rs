//! Group calls of three to eight people, some with a second device: they are rung, join late, leave and come
//! back.

use super::{
    calls::{CALM_MS, Happening, Scene, TROUBLE_MS},
    server::Server,
};
use parley_core::{call::Input, phone::Intent};
use parley_protocol::call::{CallMode, CallType};

pub fn run(seed: u64) {
    let mut scene = Scene::new(seed, group(seed));
    scene.plan_trouble();
    plan(&mut scene);
    scene.play();
}

/// Creates a server for a group of people. It depends on the seed alone, not on the random numbers drawn
/// before it.
fn group(seed: u64) -> Server {
    let people = 3 + usize::try_from(seed % 6).expect("small");
    let mut owners: Vec<usize> = (0..people).collect();
    if seed.is_multiple_of(4) {
        owners.push(1);
    }
    // Some rooms are too small for everybody.
    let capacity = if seed.is_multiple_of(5) { 2 } else { 8 };
    let mut server = Server::new(owners, CallMode::Group, capacity);
    if seed % 7 == 3 {
        server.do_not_disturb(2);
    }
    server
}

fn plan(scene: &mut Scene) {
    let devices: Vec<usize> = scene.server.devices().collect();
    scene.wish(50, 100, devices[0], scene.call(1));
    if scene.world.chance.percent(20) {
        scene.wish(50, 100, devices[1], scene.call(0));
    }
    for device in devices.iter().copied().skip(1) {
        match scene.world.chance.below(6) {
            0..=2 => scene.wish(200, 20_000, device, Intent::Answer { with_video: true }),
            3 => scene.wish(200, 20_000, device, Intent::Decline),
            _ => {}
        }
        if scene.world.chance.percent(40) {
            scene.wish(5_000, TROUBLE_MS, device, join());
        }
    }
    for device in devices {
        if scene.world.chance.percent(30) {
            scene.wish(5_000, TROUBLE_MS, device, Intent::Leave);
            scene.wish(5_000, TROUBLE_MS, device, Intent::Again);
        }
    }
    plan_moderation(scene);
    scene.world.after(CALM_MS, Happening::Calm);
}

/// Schedules moderation: the first caller mutes or removes others, if still allowed to by then.
fn plan_moderation(scene: &mut Scene) {
    let by = scene.server.user(0).id;
    for _ in 0..2 {
        let user = scene.server.user(scene.world.chance.pick(&[1, 2])).id;
        let at = 5_000 + scene.world.chance.below(TROUBLE_MS);
        if scene.world.chance.percent(20) {
            let mutes = scene.world.chance.percent(50);
            let input = if mutes { Input::Mute { by, user } } else { Input::Kick { by, user } };
            scene.world.after(at, Happening::Moderate(input));
        }
    }
}

fn join() -> Intent {
    Intent::Join {
        call_id: Server::first_call(),
        conversation_id: Server::conversation(),
        with: parley_protocol::people::UserSummary::named(
            parley_protocol::UserId(Server::conversation().0),
            "a group",
        ),
        call_type: CallType::Video,
    }
}
