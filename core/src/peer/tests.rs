//! Scripts of negotiations: events, and the commands and signals that follow from them.

use super::*;

fn offer(seq: u32) -> Event {
    signal(seq, SignalPayload::Offer { sdp: "their offer".into() })
}

fn answer(seq: u32) -> Event {
    signal(seq, SignalPayload::Answer { sdp: "their answer".into() })
}

fn signal(seq: u32, payload: SignalPayload) -> Event {
    Event::Signal(Signal { generation: 0, seq, ack: 0, payload: Some(payload) })
}

fn done(sdp: &str) -> Event {
    Event::Done(Ok(Some(sdp.into())))
}

const DONE: Event = Event::Done(Ok(None));

fn candidate() -> Candidate {
    Candidate { candidate: "candidate".into(), sdp_mid: None, sdp_m_line_index: None }
}

/// Takes the outputs in short: the name of each command, payload and change.
fn drain(peer: &mut Peer) -> Vec<&'static str> {
    let mut names = Vec::new();
    while let Some(output) = peer.poll() {
        names.push(match output {
            Output::Command(Command::MakeOffer { restart_ice: false }) => "make offer",
            Output::Command(Command::MakeOffer { restart_ice: true }) => "restart",
            Output::Command(Command::TakeOffer { .. }) => "take offer",
            Output::Command(Command::TakeAnswer { .. }) => "take answer",
            Output::Command(Command::AddCandidates { .. }) => "add candidates",
            Output::Signal(Signal { payload: Some(SignalPayload::Offer { .. }), .. }) => "> offer",
            Output::Signal(Signal { payload: Some(SignalPayload::Answer { .. }), .. }) => "> answer",
            Output::Signal(Signal { payload: Some(SignalPayload::Candidates { .. }), .. }) => "> candidates",
            Output::Signal(Signal { payload: Some(SignalPayload::Renew {}), .. }) => "> renew",
            Output::Signal(Signal { payload: None, .. }) => "> ack",
            Output::Up(true) => "up",
            Output::Up(false) => "down",
            Output::Broken => "broken",
            Output::Dead => "dead",
        });
    }
    names
}

/// Feeds the events at their times, and compares the outputs after each.
fn check(peer: &mut Peer, script: &[(u64, Event, &[&str])]) {
    for (at, event, expect) in script {
        peer.handle(Instant(*at), event.clone());
        assert_eq!(drain(peer), *expect, "after {event:?}");
    }
}

fn calling() -> Peer {
    let mut peer = Peer::calling(Instant(0));
    assert_eq!(drain(&mut peer), ["make offer"]);
    peer
}

fn connected(mut peer: Peer) -> Peer {
    check(
        &mut peer,
        &[
            (1, done("offer"), &["> offer"]),
            (2, answer(1), &["take answer"]),
            (3, DONE, &[]),
            (4, Event::Path(Path::Connected), &["up"]),
        ],
    );
    peer
}

#[test]
fn a_caller_offers_and_takes_the_answer() {
    let peer = connected(calling());
    assert!(peer.is_up());
}

#[test]
fn a_callee_answers_an_offer() {
    check(&mut Peer::called(), &[(1, offer(1), &["take offer"]), (2, done("answer"), &["> answer"])]);
}

#[test]
fn the_impolite_side_ignores_an_offer_that_crosses_its_own() {
    check(
        &mut calling(),
        &[(1, done("offer"), &["> offer"]), (2, offer(1), &[]), (3, answer(2), &["take answer"])],
    );
}

#[test]
fn the_polite_side_gives_its_own_offer_up_and_makes_it_again() {
    check(
        &mut Peer::called(),
        &[
            (1, Event::NegotiationNeeded, &["make offer"]),
            (2, done("offer"), &["> offer"]),
            (3, offer(1), &["take offer"]),
            (4, done("answer"), &["> answer", "make offer"]),
        ],
    );
}

#[test]
fn a_signal_waits_until_the_browser_is_free() {
    let candidates = SignalPayload::Candidates { candidates: vec![candidate()] };
    check(
        &mut Peer::called(),
        &[
            (1, offer(1), &["take offer"]),
            (2, signal(2, candidates), &[]),
            (3, done("answer"), &["> answer", "add candidates"]),
            // A candidate that the browser refuses does not end the negotiation.
            (4, Event::Done(Err(CommandFailed)), &[]),
            (5, Event::NegotiationNeeded, &["make offer"]),
        ],
    );
}

#[test]
fn the_first_candidate_goes_at_once_and_the_next_together() {
    let mut peer = calling();
    check(
        &mut peer,
        &[
            (1, Event::Candidate(candidate()), &[]),
            (20, done("offer"), &["> offer", "> candidates"]),
            (21, Event::Candidate(candidate()), &[]),
            (22, Event::Candidate(candidate()), &[]),
        ],
    );
    peer.tick(Instant(29));
    assert!(drain(&mut peer).is_empty());
    peer.tick(Instant(30));
    assert_eq!(drain(&mut peer), ["> candidates"]);
}

#[test]
fn a_path_that_failed_is_restarted_at_once_by_one_and_later_by_the_other() {
    check(&mut connected(calling()), &[(10, Event::Path(Path::Failed), &["down", "restart"])]);
    let mut polite = Peer::called();
    check(
        &mut polite,
        &[
            (1, offer(1), &["take offer"]),
            (2, done("answer"), &["> answer"]),
            (3, Event::Path(Path::Connected), &["up"]),
            (10, Event::Path(Path::Failed), &["down"]),
        ],
    );
    polite.tick(Instant(2_009));
    assert!(!drain(&mut polite).contains(&"restart"));
    polite.tick(Instant(2_010));
    assert!(drain(&mut polite).contains(&"restart"));
}

#[test]
fn a_path_that_never_came_is_not_restarted_but_replaced_bug() {
    let mut peer = calling();
    check(
        &mut peer,
        &[
            (1, done("offer"), &["> offer"]),
            (2, answer(1), &["take answer"]),
            (3, Event::Done(Ok(None)), &[]),
            (10, Event::Path(Path::Failed), &["dead"]),
        ],
    );
}

#[test]
fn an_interruption_that_heals_restarts_nothing() {
    let mut peer = connected(calling());
    check(
        &mut peer,
        &[(10, Event::Path(Path::Interrupted), &["down"]), (1_500, Event::Path(Path::Connected), &["up"])],
    );
    peer.tick(Instant(2_010));
    assert!(!drain(&mut peer).contains(&"restart"));
}

#[test]
fn a_path_that_is_looked_for_anew_is_not_called_up_for_long_bug() {
    for back_at in [Some(2_009), None] {
        let mut peer = connected(calling());
        check(&mut peer, &[(10, Event::Path(Path::Connecting), &[])]);
        if let Some(at) = back_at {
            check(&mut peer, &[(at, Event::Path(Path::Connected), &[])]);
        }
        peer.tick(Instant(2_010));
        assert_eq!(drain(&mut peer).contains(&"down"), back_at.is_none());
        assert_eq!(peer.is_up(), back_at.is_some());
    }
}

#[test]
fn a_connection_that_a_restart_does_not_bring_back_is_dead() {
    let mut peer = connected(calling());
    check(
        &mut peer,
        &[
            (10, Event::Path(Path::Failed), &["down", "restart"]),
            (11, done("offer"), &["> offer"]),
            (12, answer(2), &["take answer"]),
            (13, DONE, &[]),
        ],
    );
    peer.tick(Instant(5_012));
    assert!(!drain(&mut peer).contains(&"dead"));
    peer.tick(Instant(5_013));
    assert!(drain(&mut peer).contains(&"dead"));
}

#[test]
fn a_restart_that_nobody_answers_kills_nothing() {
    let mut peer = connected(calling());
    check(
        &mut peer,
        &[(10, Event::Path(Path::Failed), &["down", "restart"]), (11, done("offer"), &["> offer"])],
    );
    for second in 1..60 {
        peer.tick(Instant(second * 1_000));
        let said = drain(&mut peer);
        assert!(!said.contains(&"dead") && !said.contains(&"restart"), "{said:?}");
    }
}

#[test]
fn the_side_that_answered_the_restart_waits_a_little_longer() {
    let mut polite = Peer::called();
    check(
        &mut polite,
        &[
            (1, offer(1), &["take offer"]),
            (2, done("answer"), &["> answer"]),
            (3, Event::Path(Path::Connected), &["up"]),
            (10, Event::Path(Path::Failed), &["down"]),
            (11, offer(2), &["take offer"]),
            (12, done("answer"), &["> answer"]),
        ],
    );
    polite.tick(Instant(7_011));
    let said = drain(&mut polite);
    assert!(!said.contains(&"restart") && !said.contains(&"dead"), "{said:?}");
    polite.tick(Instant(7_012));
    assert!(drain(&mut polite).contains(&"restart"));
}

#[test]
fn a_peer_that_asks_for_an_offer_waits_for_it() {
    let mut peer = Peer::asking(Instant(0));
    assert_eq!(drain(&mut peer), ["> renew"]);
    check(&mut peer, &[(1, offer(1), &["take offer"]), (2, done("answer"), &["> answer"])]);
}

#[test]
fn a_description_that_was_refused_is_given_up_after_a_while() {
    let mut peer = calling();
    check(&mut peer, &[(1, Event::Done(Err(CommandFailed)), &["broken"])]);
    peer.tick(Instant(5_000));
    assert!(drain(&mut peer).is_empty());
    peer.tick(Instant(5_001));
    assert_eq!(drain(&mut peer), ["dead"]);
}

#[test]
fn a_description_that_the_browser_refuses_ends_the_negotiation() {
    let mut peer = calling();
    check(&mut peer, &[(1, Event::Done(Err(CommandFailed)), &["broken"]), (2, offer(1), &[])]);
    assert!(!peer.is_up());
}

#[test]
fn a_flood_of_signals_ends_the_negotiation_and_fills_nothing() {
    let mut peer = calling();
    let mut broken = 0;
    for seq in 1..10_000 {
        peer.handle(Instant(1), offer(seq));
        broken += drain(&mut peer).iter().filter(|name| **name == "broken").count();
        assert!(peer.inbox.len() <= INBOX_MAX);
    }
    assert_eq!(broken, 1);
}
