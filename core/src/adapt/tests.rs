//! Scripts of calls of two to eight people and the plans in them, and properties that hold in every call.

use super::*;
use crate::{
    quality::{Flow, sample::Path},
    testing::device,
};
use proptest::prelude::*;

const CAMERA_ON: Own = Own { camera: true, screen: false };
const SHARING: Own = Own { camera: true, screen: true };

fn reading(loss: u16) -> Reading {
    let flow = Flow { loss: Some(loss), jitter_ms: Some(5), kbps: 500 };
    Reading {
        score: Score::Good,
        rtt_ms: Some(450),
        down: flow,
        up: flow,
        picture: None,
        fps_up: None,
        frozen: 0,
        limited: None,
        path: Some(Path { available_kbps: Some(5_000), ..Path::default() }),
    }
}

fn link(n: u32, camera: Shown, loss: u16) -> ObservedLink {
    ObservedLink { device: device(n), camera, screen: Shown::Large, reading: Some(reading(loss)) }
}

/// Builds the links of so many people, who all show everything in this size.
fn links(people: u32, camera: Shown, loss: u16) -> Vec<ObservedLink> {
    (1..people).map(|n| link(n, camera, loss)).collect()
}

/// Formats a plan as lines, frames and kbps of a camera of 720 lines.
fn short(plan: &Plan) -> Option<(u32, u32, u32)> {
    plan.camera.map(|camera| (72_000 / camera.scale, camera.fps, camera.kbps))
}

fn cameras(adapt: &Adapt) -> Vec<Option<(u32, u32, u32)>> {
    adapt.links.values().map(|state| state.plan.as_ref().and_then(short)).collect()
}

/// Runs rounds of two seconds, and returns the plans of the first link whenever they changed.
fn run(adapt: &mut Adapt, from: u64, rounds: u64, own: Own, links: &[ObservedLink]) -> Vec<(u64, Plan)> {
    let at = (0..rounds).map(|n| from + 2 * n);
    at.filter_map(|at| Some((at, *adapt.handle(Instant(at * 1_000), own, links).first()?))).collect()
}

#[test]
fn the_more_people_the_smaller() {
    let lines = |people: u32, shown: Shown| -> Vec<u32> {
        let mut adapt = Adapt::default();
        adapt.handle(Instant(0), CAMERA_ON, &links(people, shown, 0));
        cameras(&adapt).into_iter().map(|camera| camera.map_or(0, |(lines, _, _)| lines)).collect()
    };
    assert_eq!(lines(2, Shown::Large), [720]);
    assert_eq!(lines(2, Shown::Medium), [360]);
    assert_eq!(lines(3, Shown::Large), [541, 541], "900 and 1,700 would be more than an uplink has");
    assert_eq!(lines(5, Shown::Medium), [360; 4]);
    assert_eq!(lines(8, Shown::Small), [180; 7]);
    assert_eq!(lines(8, Shown::Large), [360, 360, 360, 360, 180, 180, 180], "as long as the uplink has room");
    assert_eq!(lines(8, Shown::Hidden), [0; 7]);
}

#[test]
fn a_tile_that_is_hidden_is_not_sent_after_a_moment() {
    let mut adapt = Adapt::default();
    let seen = [link(1, Shown::Medium, 0)];
    let hidden = [link(1, Shown::Hidden, 0)];
    adapt.handle(Instant(0), CAMERA_ON, &seen);
    assert_eq!(adapt.handle(Instant(1_000), CAMERA_ON, &hidden), []);
    assert_eq!(adapt.handle(Instant(2_999), CAMERA_ON, &hidden), []);
    let plans = adapt.handle(Instant(3_000), CAMERA_ON, &hidden);
    assert_eq!(plans.iter().map(short).collect::<Vec<_>>(), [None]);
    assert_eq!(adapt.handle(Instant(3_001), CAMERA_ON, &seen).len(), 1, "and is there at once");
    adapt.handle(Instant(3_002), CAMERA_ON, &hidden);
    adapt.handle(Instant(4_000), CAMERA_ON, &seen);
    assert_eq!(adapt.handle(Instant(5_500), CAMERA_ON, &hidden), [], "each moment counts on its own");
}

#[test]
fn nothing_that_is_off_is_sent() {
    let mut adapt = Adapt::default();
    let plans = adapt.handle(Instant(0), Own::default(), &links(2, Shown::Large, 0));
    assert_eq!((plans[0].camera, plans[0].screen, plans[0].audio_kbps), (None, None, 40));
}

#[test]
fn a_screen_share_makes_the_camera_small() {
    let mut adapt = Adapt::default();
    let plans = adapt.handle(Instant(0), SHARING, &links(2, Shown::Large, 0));
    assert_eq!(short(&plans[0]), Some((180, 20, 160)));
    assert_eq!(plans[0].screen, Some(SCREEN[3]));
    let plans = adapt.handle(Instant(0), SHARING, &links(6, Shown::Large, 0));
    assert_eq!(plans[0].screen, Some(SCREEN[1]));
}

#[test]
fn the_camera_yields_first_then_the_screen_the_voice_last() {
    let mut adapt = Adapt::default();
    let changes = run(&mut adapt, 100, 40, SHARING, &links(2, Shown::Large, 200));
    let told: Vec<_> = changes
        .iter()
        .map(|(at, plan)| (*at, plan.camera.map(|c| c.kbps), plan.screen.map(|s| s.kbps), plan.audio_kbps))
        .collect();
    assert_eq!(
        told,
        [
            (100, Some(160), Some(2_500), 40),
            (104, None, Some(2_500), 40),
            (108, None, Some(600), 40),
            (112, None, None, 40),
            (116, None, None, 20),
        ]
    );
    let back = run(&mut adapt, 200, 60, SHARING, &links(2, Shown::Large, 0));
    let last = back.last().map(|(_, plan)| *plan);
    assert_eq!(back.len(), 7, "one step at a time: {back:?}");
    assert_eq!(last.map(|plan| (plan.camera, plan.screen)), Some((Some(CAMERA[1]), Some(SCREEN[3]))));
}

#[test]
fn a_reduction_by_a_weak_line_is_reported_and_a_hidden_tile_is_none() {
    let mut adapt = Adapt::default();
    let mut easing = |at: u64, own: Own, shown: Shown, loss: u16| {
        adapt.handle(Instant(at * 1_000), own, &links(2, shown, loss));
        adapt.easing()
    };
    assert_eq!(easing(100, CAMERA_ON, Shown::Large, 50), Easing::None);
    assert_eq!(easing(102, CAMERA_ON, Shown::Large, 50), Easing::None);
    assert_eq!(easing(104, CAMERA_ON, Shown::Large, 50), Easing::Reduced);
    let worse: Vec<Easing> =
        (106..130).step_by(2).map(|at| easing(at, CAMERA_ON, Shown::Large, 50)).collect();
    assert!(worse.is_sorted() && worse.last() == Some(&Easing::Paused), "{worse:?}");
    assert_eq!(easing(130, Own::default(), Shown::Large, 50), Easing::None, "nothing is there to be taken");
    for at in (132..140).step_by(2) {
        easing(at, CAMERA_ON, Shown::Hidden, 0);
    }
    assert_eq!(easing(140, CAMERA_ON, Shown::Hidden, 0), Easing::None, "nobody looks");
}

#[test]
fn one_bad_link_leaves_the_others_alone() {
    let mut adapt = Adapt::default();
    let mut links = links(4, Shown::Medium, 0);
    links[1].reading = Some(reading(50));
    run(&mut adapt, 100, 3, CAMERA_ON, &links);
    assert_eq!(cameras(&adapt), [Some((360, 24, 450)), Some((180, 20, 160)), Some((360, 24, 450))]);
}

#[test]
fn distance_is_no_reason_to_send_less() {
    let mut adapt = Adapt::default();
    // The round trip of this link is 450 ms.
    let changes = run(&mut adapt, 100, 60, CAMERA_ON, &links(2, Shown::Large, 0));
    assert_eq!(changes.len(), 1);
}

#[test]
fn a_starved_line_gets_less() {
    let mut adapt = Adapt::default();
    let mut links = links(2, Shown::Large, 0);
    links[0].reading =
        Some(Reading { path: Some(Path { available_kbps: Some(400), ..Path::default() }), ..reading(0) });
    run(&mut adapt, 100, 30, CAMERA_ON, &links);
    let camera = cameras(&adapt)[0];
    assert!(matches!(camera, Some((_, _, 450 | 900))), "no longer twice what it can carry: {camera:?}");
}

#[test]
fn an_overloaded_computer_sends_less_to_everybody_but_not_nothing() {
    let mut adapt = Adapt::default();
    let mut links = links(4, Shown::Medium, 0);
    links[2].reading = Some(Reading { limited: Some(Limit::Cpu), ..reading(0) });
    run(&mut adapt, 100, 60, CAMERA_ON, &links);
    assert_eq!(cameras(&adapt), [Some((180, 10, 90)); 3]);
}

#[test]
fn a_lost_link_keeps_its_plan() {
    let mut adapt = Adapt::default();
    let mut links = links(2, Shown::Large, 0);
    run(&mut adapt, 100, 1, CAMERA_ON, &links);
    links[0].reading = Some(Reading { score: Score::Lost, ..reading(1_000) });
    assert_eq!(run(&mut adapt, 102, 30, CAMERA_ON, &links), []);
}

#[test]
fn a_limit_outlives_a_change_of_the_cap_bug() {
    let mut adapt = Adapt::default();
    run(&mut adapt, 100, 8, CAMERA_ON, &links(2, Shown::Large, 50));
    let before = cameras(&adapt)[0];
    assert_eq!(before, Some((180, 20, 160)));
    // A cap that falls below the limit does not lower the limit as well.
    adapt.handle(Instant(116_000), CAMERA_ON, &links(2, Shown::Small, 0));
    assert_eq!(cameras(&adapt)[0], before);
    adapt.handle(Instant(116_001), CAMERA_ON, &links(2, Shown::Large, 0));
    assert_eq!(cameras(&adapt)[0], before, "and one that rises gives nothing back");
}

fn shown() -> impl Strategy<Value = Shown> {
    prop_oneof![Just(Shown::Hidden), Just(Shown::Small), Just(Shown::Medium), Just(Shown::Large)]
}

fn rounds() -> impl Strategy<Value = Vec<(u64, Own, Vec<ObservedLink>)>> {
    let own = (any::<bool>(), any::<bool>()).prop_map(|(camera, screen)| Own { camera, screen });
    let link = (shown(), shown(), proptest::option::of(0_u16..120), any::<bool>(), 0_u32..3_000);
    let round = (100_u64..4_000, own, proptest::collection::vec(link, 0..8));
    proptest::collection::vec(round, 0..60).prop_map(|rounds| {
        let make = |n: usize, camera, screen, loss: Option<u16>, cpu: bool, available_kbps| {
            let limited = cpu.then_some(Limit::Cpu);
            let path = Some(Path { available_kbps: Some(available_kbps), ..Path::default() });
            let reading = loss.map(|loss| Reading { limited, path, ..reading(loss) });
            ObservedLink { device: device(u32::try_from(n).unwrap()), camera, screen, reading }
        };
        let round = |(wait, own, links): (u64, Own, Vec<_>)| {
            let links = links.into_iter().enumerate();
            (wait, own, links.map(|(n, (c, s, loss, cpu, kbps))| make(n, c, s, loss, cpu, kbps)).collect())
        };
        rounds.into_iter().map(round).collect()
    })
}

proptest! {
    #[test]
    fn every_plan_is_within_bounds(rounds in rounds()) {
        let mut adapt = Adapt::default();
        let mut now = 0;
        for (wait, own, links) in rounds {
            now += wait;
            let before: Vec<_> = adapt.links.iter().map(|(device, state)| (*device, state.plan)).collect();
            let changed = adapt.handle(Instant(now), own, &links);
            prop_assert_eq!(adapt.links.len(), links.len());
            let mut cameras_kbps = 0;
            for link in &links {
                let plan = adapt.links[&link.device].plan.unwrap();
                let old = before.iter().find(|(device, _)| *device == link.device).and_then(|(_, plan)| *plan);
                prop_assert_eq!(old != Some(plan), changed.contains(&plan), "told when, and only when, it changed");
                prop_assert!(plan.audio_kbps >= 20);
                let least = |sending: Option<Sending>| sending.is_none_or(|sending| sending.kbps <= 250);
                prop_assert!(plan.audio_kbps == 40 || (least(plan.camera) && least(plan.screen)));
                prop_assert!(own.camera || plan.camera.is_none());
                prop_assert!(own.screen || plan.screen.is_none());
                prop_assert!(!own.screen || plan.camera.is_none_or(|camera| camera.kbps <= 160));
                if link.camera == Shown::Small {
                    prop_assert!(plan.camera.is_none_or(|camera| camera.scale == 400));
                }
                cameras_kbps += plan.camera.map_or(0, |camera| camera.kbps);
            }
            prop_assert!(cameras_kbps <= ladder::CAMERAS_KBPS);
        }
    }
}
