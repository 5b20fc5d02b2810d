//! Scripts of notices: inputs with their times, the sounds at once, and the toasts afterwards.

use super::*;
use crate::testing::user;
use proptest::prelude::*;

const SMALL: usize = 5;

fn person(n: u32) -> UserSummary {
    UserSummary::named(user(n), format!("P{n}"))
}

/// Formats the toasts in short.
fn shown(notices: &Notices) -> Vec<String> {
    let short = |toast: &Toast| {
        let names: Vec<&str> = toast.who.iter().map(|who| who.display_name.as_str()).collect();
        let kind = match &toast.kind {
            Kind::Joined => "joined",
            Kind::Left => "left",
            Kind::HandRaised => "hand",
            Kind::MutedByOther => "muted by",
            Kind::Hint(_) => "hint",
            Kind::Said(text) => text,
            Kind::Failed(_) => "trouble",
        };
        format!("{kind} {}x{}", names.join("+"), toast.times)
    };
    notices.toasts().iter().map(short).collect()
}

fn joined(n: u32) -> Input {
    Input::Joined(person(n))
}

fn left(n: u32) -> Input {
    Input::Left(person(n))
}

fn said(text: &str) -> Input {
    Input::Said(text.into())
}

fn failed(what: &str) -> Input {
    Input::Failed(what.into())
}

#[test]
fn a_burst_is_told_together_and_sounds_once() {
    let mut notices = Notices::default();
    assert_eq!(notices.handle(Instant(0), SMALL, joined(1)), Some(Sound::Joined));
    assert_eq!(notices.handle(Instant(100), SMALL, joined(2)), None);
    assert_eq!(notices.handle(Instant(300), SMALL, joined(3)), None);
    assert_eq!(shown(&notices), [""; 0]);
    assert_eq!(notices.deadline(), Some(Instant(400)));
    notices.tick(Instant(400));
    assert_eq!(shown(&notices), ["joined P1+P2+P3x1"]);
    assert_eq!(notices.handle(Instant(500), SMALL, joined(4)), Some(Sound::Joined));
    assert_eq!(shown(&notices), ["joined P1+P2+P3+P4x2"], "more of the same is added at once");
    assert_eq!(notices.deadline(), Some(Instant(6_500)));
    notices.tick(Instant(6_500));
    assert_eq!(shown(&notices), [""; 0]);
    assert_eq!(notices.deadline(), None);
}

#[test]
fn a_person_who_comes_and_goes_at_once_is_not_mentioned() {
    let mut notices = Notices::default();
    notices.handle(Instant(0), SMALL, joined(1));
    notices.handle(Instant(0), SMALL, joined(2));
    notices.handle(Instant(100), SMALL, left(1));
    notices.tick(Instant(400));
    assert_eq!(shown(&notices), ["joined P2x1"]);
    notices.handle(Instant(1_000), SMALL, left(2));
    notices.handle(Instant(1_000), SMALL, left(2));
    notices.handle(Instant(1_200), SMALL, joined(2));
    notices.tick(Instant(1_400));
    assert_eq!(shown(&notices), ["joined P2x1"]);
}

#[test]
fn a_hand_that_is_lowered_in_time_is_not_told() {
    let mut notices = Notices::default();
    assert_eq!(notices.handle(Instant(0), SMALL, Input::HandRaised(person(1))), Some(Sound::Hand));
    notices.handle(Instant(0), SMALL, Input::HandRaised(person(2)));
    notices.handle(Instant(200), SMALL, Input::HandLowered(user(1)));
    notices.tick(Instant(400));
    assert_eq!(shown(&notices), ["hand P2x1"]);
}

#[test]
fn joining_with_a_hand_up_is_two_news() {
    let mut notices = Notices::default();
    notices.handle(Instant(0), SMALL, joined(1));
    notices.handle(Instant(0), SMALL, Input::HandRaised(person(1)));
    notices.tick(Instant(400));
    assert_eq!(shown(&notices), ["joined P1x1", "hand P1x1"]);
}

#[test]
fn nothing_is_told_of_people_while_reconnecting_and_settling() {
    let mut notices = Notices::default();
    notices.handle(Instant(0), SMALL, joined(1));
    notices.handle(Instant(100), SMALL, Input::Reconnecting(true));
    assert_eq!(notices.handle(Instant(5_000), SMALL, left(2)), None);
    notices.handle(Instant(6_000), SMALL, Input::Reconnecting(false));
    assert_eq!(notices.handle(Instant(7_999), SMALL, joined(2)), None);
    notices.tick(Instant(9_000));
    assert_eq!(shown(&notices), [""; 0]);
    assert_eq!(notices.handle(Instant(9_000), SMALL, joined(3)), Some(Sound::Joined));
    notices.handle(Instant(9_000), SMALL, Input::Reconnecting(false));
    notices.handle(Instant(9_100), SMALL, joined(4));
    notices.tick(Instant(9_400));
    assert_eq!(shown(&notices), ["joined P3+P4x1"], "a connection that was not lost does not settle");
}

#[test]
fn sounds_up_to_eight_people_and_half_a_second_apart() {
    let mut notices = Notices::default();
    assert_eq!(notices.handle(Instant(0), 9, joined(1)), None);
    assert_eq!(notices.handle(Instant(1), 8, joined(2)), Some(Sound::Joined));
    assert_eq!(notices.handle(Instant(500), 8, left(3)), None);
    assert_eq!(notices.handle(Instant(501), 8, left(4)), Some(Sound::Left));
}

#[test]
fn three_at_most_and_errors_stay() {
    let mut notices = Notices::default();
    let mut say = |at: u64, input: Input| {
        notices.handle(Instant(at), SMALL, input);
        shown(&notices)
    };
    say(0, failed("camera"));
    say(0, Input::Hint(Hint::YouAreMuted));
    say(0, Input::MutedBy(person(1)));
    assert_eq!(say(1, failed("microphone")), ["trouble x1", "muted by P1x1", "trouble x1"]);
    assert_eq!(say(2, failed("camera")), ["trouble x2", "muted by P1x1", "trouble x1"]);
    say(3, failed("link"));
    assert_eq!(say(60_000, Input::Hint(Hint::YouAreMuted)), ["trouble x2", "trouble x1", "trouble x1"]);
    say(60_000, failed("name"));
    say(60_000, failed("name"));
    assert_eq!(say(60_001, Input::Dismiss(1)).len(), 3, "the next error takes the place");
    assert_eq!(say(60_002, Input::Dismiss(4)).len(), 2);
}

#[test]
fn toasts_of_the_page_and_of_a_room_share_three_places() {
    let mut notices = Notices::default();
    notices.handle(Instant(0), 0, said("saved"));
    notices.handle(Instant(0), 0, said("copied"));
    notices.handle(Instant(1), 0, said("saved"));
    assert_eq!(shown(&notices), ["saved x2", "copied x1"], "the same news twice is one");
    notices.handle(Instant(100), SMALL, joined(1));
    notices.handle(Instant(500), SMALL, Input::Hint(Hint::YouAreMuted));
    assert_eq!(shown(&notices), ["copied x1", "joined P1x1", "hint x1"]);
    notices.handle(Instant(600), SMALL, joined(2));
    notices.handle(Instant(600), SMALL, left(3));
    notices.handle(Instant(700), SMALL, Input::NewRoom);
    assert_eq!(shown(&notices), ["copied x1"], "a toast of a room goes with it");
    notices.tick(Instant(5_999));
    assert_eq!(shown(&notices), ["copied x1"], "and so does gathered news");
    notices.tick(Instant(6_000));
    assert_eq!(shown(&notices), [""; 0]);
}

#[test]
fn another_room_begins_with_a_steady_roster() {
    let mut notices = Notices::default();
    notices.handle(Instant(0), SMALL, Input::Reconnecting(true));
    notices.handle(Instant(10), SMALL, Input::NewRoom);
    assert_eq!(notices.handle(Instant(20), SMALL, joined(1)), Some(Sound::Joined));
    notices.handle(Instant(30), SMALL, Input::NewRoom);
    assert_eq!(
        notices.handle(Instant(40), SMALL, joined(2)),
        Some(Sound::Joined),
        "nothing has sounded there"
    );
}

#[test]
fn a_toast_waits_while_nobody_sees_the_page() {
    let mut notices = Notices::default();
    notices.handle(Instant(0), SMALL, Input::Hint(Hint::YouAreMuted));
    notices.handle(Instant(1_000), SMALL, Input::Visible(false));
    notices.handle(Instant(60_000), SMALL, Input::MutedBy(person(1)));
    assert_eq!(notices.deadline(), None);
    notices.handle(Instant(100_000), SMALL, Input::Visible(true));
    assert_eq!(notices.deadline(), Some(Instant(105_000)), "five of its six seconds are left");
    notices.tick(Instant(105_999));
    assert_eq!(shown(&notices), ["muted by P1x1"], "and all of those of the one that came meanwhile");
    notices.tick(Instant(106_000));
    assert_eq!(shown(&notices), [""; 0]);
}

#[test]
fn a_toast_that_grows_goes_all_the_same() {
    let mut notices = Notices::default();
    for n in 0..100 {
        notices.handle(Instant(u64::from(n) * 1_000), 50, joined(n));
        assert!(notices.toasts().iter().all(|toast| toast.who.len() < 25), "second {n}");
    }
}

fn inputs() -> impl Strategy<Value = Input> {
    let text = || proptest::sample::select(vec!["camera", "microphone", "link", "name"]);
    prop_oneof![
        4 => (0_u32..6).prop_map(joined),
        4 => (0_u32..6).prop_map(left),
        1 => (0_u32..6).prop_map(|n| Input::HandRaised(person(n))),
        1 => (0_u32..6).prop_map(|n| Input::HandLowered(user(n))),
        1 => Just(Input::Hint(Hint::NoisyMicrophone)),
        2 => text().prop_map(said),
        2 => text().prop_map(failed),
        1 => (0_u32..10).prop_map(Input::Dismiss),
        1 => any::<bool>().prop_map(Input::Reconnecting),
        1 => Just(Input::NewRoom),
        1 => any::<bool>().prop_map(Input::Visible),
    ]
}

proptest! {
    #[test]
    fn few_toasts_sounds_apart_and_no_error_lost(
        script in proptest::collection::vec((0_u64..3_000, 1_usize..12, inputs()), 0..120),
    ) {
        let mut notices = Notices::default();
        let (mut now, mut reconnecting, mut sounded) = (0, false, None::<u64>);
        let mut troubles: Vec<Kind> = Vec::new();
        for (wait, present, input) in script {
            now += wait;
            if let Input::Reconnecting(on) = input {
                reconnecting = on;
            }
            match &input {
                Input::Failed(text) if !troubles.contains(&Kind::Failed(text.clone())) => {
                    troubles.push(Kind::Failed(text.clone()));
                }
                Input::NewRoom => (reconnecting, sounded) = (false, None),
                Input::Dismiss(number) => {
                    let dismissed = notices.toasts().iter().find(|toast| toast.number == *number);
                    troubles.retain(|kind| dismissed.is_none_or(|toast| toast.kind != *kind));
                }
                _ => {}
            }
            let sound = notices.handle(Instant(now), present, input);
            if sound.is_some() {
                prop_assert!(present <= 8 && !reconnecting && sounded.is_none_or(|at| now - at >= 500));
                sounded = Some(now);
            }
            prop_assert!(notices.toasts().len() <= 3);
            let errors = notices.toasts().iter().filter(|toast| toast.kind.is_error());
            prop_assert_eq!(errors.count(), troubles.len().min(3));
            let numbers: Vec<u32> = notices.toasts().iter().map(|toast| toast.number).collect();
            prop_assert!(numbers.is_sorted());
        }
    }
}
