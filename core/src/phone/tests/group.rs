//! Group calls on one device: states of third people, and acts of hosts.

use super::*;

pub const CLEO: u128 = 3;
pub const CLEOS_DEVICE: u128 = 31;

/// Builds a group call with the given seats of Ben and Cleo.
pub fn group(version: u32, ben: Participant, cleo: Participant) -> Call {
    let answered = [&ben, &cleo].iter().any(|seat| seat.status.is_in());
    let status = if answered { CallStatus::Connected } else { CallStatus::Ringing };
    let mut call = call(status, version, ben);
    call.mode = CallMode::Group;
    call.participants.push(cleo);
    call
}

pub fn state(version: u32, ben: Participant, cleo: Participant) -> ServerMessage {
    ServerMessage::CallState { call: group(version, ben, cleo) }
}

fn rung(version: u32, ben: ParticipantStatus, cleo: Participant) -> ServerMessage {
    let call = group(version, seat(BEN, ben, None), cleo);
    ServerMessage::CallIncoming { call, caller: person(ANA), ice: ice(), ring_ms: 60_000 }
}

pub fn ringing_cleo() -> Participant {
    seat(CLEO, ParticipantStatus::Ringing, None)
}

pub fn cleo_inside() -> Participant {
    seat(CLEO, ParticipantStatus::Connected, Some(CLEOS_DEVICE))
}

pub fn ben(status: ParticipantStatus) -> Participant {
    seat(BEN, status, Some(BENS_DEVICE))
}

/// Returns Ben's device after an answer that the server has confirmed.
pub fn inside() -> Stand {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(rung(2, ParticipantStatus::Invited, ringing_cleo()));
    stand.tell(Input::User(Intent::Answer { with_video: false }));
    stand.tell(Input::Media(MediaEvent::Ready(MediaKind::Mic)));
    stand.hear(state(3, ben(ParticipantStatus::Connecting), ringing_cleo()));
    assert!(stand.in_room());
    stand
}

#[test]
fn somebody_elses_answer_does_not_stop_the_ringing() {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(rung(2, ParticipantStatus::Ringing, ringing_cleo()));
    let still = seat(BEN, ParticipantStatus::Ringing, None);
    stand.hear(state(3, still, cleo_inside()));
    assert!(matches!(stand.phone.screen(), Screen::Incoming(_)));
    // Nor does it undo an answer that is still on its way to the server.
    stand.tell(Input::User(Intent::Answer { with_video: false }));
    let late = seat(CLEO, ParticipantStatus::Connected, Some(CLEOS_DEVICE));
    stand.hear(state(4, seat(BEN, ParticipantStatus::Ringing, None), late));
    assert!(stand.in_room());
}

#[test]
fn a_person_who_may_still_come_shares_the_upload_until_out() {
    let mut stand = inside();
    assert_eq!(stand.phone.company(), 2, "Ana is in, Cleo rings");
    stand.hear(state(4, ben(ParticipantStatus::Connected), cleo_inside()));
    assert_eq!(stand.phone.company(), 2);
    stand.hear(state(5, ben(ParticipantStatus::Connected), seat(CLEO, ParticipantStatus::Left, None)));
    assert_eq!(stand.phone.company(), 1);
}

#[test]
fn being_given_up_on_stops_the_ringing_though_the_call_goes_on() {
    for (status, outcome) in [
        (ParticipantStatus::Missed, Outcome::Missed),
        (ParticipantStatus::Kicked, Outcome::Missed),
        (ParticipantStatus::Declined, Outcome::DeclinedElsewhere),
    ] {
        let mut stand = Stand::new(BEN, BENS_DEVICE);
        stand.hear(rung(2, ParticipantStatus::Ringing, cleo_inside()));
        stand.hear(state(3, seat(BEN, status, None), cleo_inside()));
        assert_eq!(stand.outcome(), Some(outcome));
    }
}

#[test]
fn a_person_who_was_rung_until_the_end_has_not_talked_bug() {
    for (status, outcome) in [
        (ParticipantStatus::Missed, Outcome::Missed),
        (ParticipantStatus::Declined, Outcome::DeclinedElsewhere),
    ] {
        for how in [CallStatus::Ended, CallStatus::Failed] {
            let mut stand = Stand::new(BEN, BENS_DEVICE);
            stand.hear(rung(2, ParticipantStatus::Ringing, cleo_inside()));
            let mut over = group(3, seat(BEN, status, None), seat(CLEO, ParticipantStatus::Left, None));
            over.status = how;
            stand.hear(ServerMessage::CallEnded { call: over });
            assert_eq!(stand.outcome(), Some(outcome), "{status} {how}");
        }
    }
}

#[test]
fn an_invitation_that_is_newer_than_the_end_rings_again() {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(rung(2, ParticipantStatus::Ringing, cleo_inside())).tell(Input::User(Intent::Decline));
    stand.hear(rung(3, ParticipantStatus::Ringing, cleo_inside()));
    assert_eq!(stand.phone.screen(), Screen::Idle, "overtaken by the refusal");
    let said = ApiCommand::Decline { call_id: id(100), device_id: id(BENS_DEVICE) };
    let declined = group(4, seat(BEN, ParticipantStatus::Declined, None), cleo_inside());
    stand.tell(Input::Told(said, Ok(declined)));
    stand.hear(rung(4, ParticipantStatus::Ringing, cleo_inside()));
    assert_eq!(stand.phone.screen(), Screen::Idle);
    stand.hear(rung(5, ParticipantStatus::Invited, cleo_inside()));
    assert!(matches!(stand.phone.screen(), Screen::Incoming(_)), "somebody asks again");
}

#[test]
fn one_path_of_several_is_enough_and_being_alone_is_no_loss() {
    let mut stand = inside();
    stand.hear(signal(ANA, ANAS_DEVICE));
    stand.tell(Input::Peer(id(ANAS_DEVICE), peer::Event::Path(peer::Path::Connected)));
    let up = ClientMessage::MediaState { call_id: id(100), state: MediaState::Connected };
    assert!(stand.says(&Output::Send(up)));
    // A third person comes, to whom there is no path yet.
    stand.hear(state(4, ben(ParticipantStatus::Connected), cleo_inside()));
    let lost = Output::Send(ClientMessage::MediaState { call_id: id(100), state: MediaState::Lost });
    assert!(!stand.says(&lost));
    // Then everybody else leaves.
    let mut alone = group(5, ben(ParticipantStatus::Connected), seat(CLEO, ParticipantStatus::Left, None));
    alone.participants[0].status = ParticipantStatus::Left;
    stand.hear(ServerMessage::CallState { call: alone });
    assert!(stand.in_room() && !stand.says(&lost));
}

pub fn updated(version: u32, participant: Participant) -> ServerMessage {
    ServerMessage::ParticipantUpdated { call_id: id(100), version, participant }
}

/// Checks whether this device shows Cleo as muted.
pub fn cleo_is_muted(stand: &Stand) -> bool {
    let Screen::Room(room) = stand.phone.screen() else { panic!("not in the room") };
    room.tiles().iter().find(|tile| tile.device_id == id(CLEOS_DEVICE)).unwrap().media.muted
}

#[test]
fn an_update_outlives_an_older_call_that_it_overtook_bug() {
    let muted = |muted| {
        let mut cleo = cleo_inside();
        cleo.media.muted = muted;
        cleo
    };
    let mut stand = inside();
    stand.hear(state(4, ben(ParticipantStatus::Connected), muted(false)));
    stand.hear(updated(6, muted(true)));
    assert!(cleo_is_muted(&stand));
    stand.hear(state(5, ben(ParticipantStatus::Connected), muted(false)));
    assert!(cleo_is_muted(&stand), "what was written before the update does not take it back");
    stand.hear(updated(4, muted(false))).hear(updated(6, muted(false)));
    assert!(cleo_is_muted(&stand), "nor does an older update, or a repeat");
    stand.hear(state(7, ben(ParticipantStatus::Connected), muted(false)));
    assert!(!cleo_is_muted(&stand), "a newer call does");
}

#[test]
fn a_device_obeys_each_mute_once_and_its_person_may_speak_again() {
    let mut stand = inside();
    assert_eq!(stand.phone.mic(), Capture::On);
    let muted = |mutes| {
        let mut ben = ben(ParticipantStatus::Connected);
        (ben.media.muted, ben.media.video, ben.mutes) = (true, false, mutes);
        ben
    };
    let told = |participant| updated(4, participant);
    stand.hear(told(muted(1)));
    assert_eq!(stand.phone.mic(), Capture::Off);
    stand.tell(Input::User(Intent::ToggleMic));
    assert_eq!(stand.phone.mic(), Capture::On);
    stand.hear(told(muted(1))).hear(state(4, muted(1), cleo_inside()));
    assert_eq!(stand.phone.mic(), Capture::On, "a repeat is not another one");
    stand.hear(state(5, muted(2), cleo_inside()));
    assert_eq!(stand.phone.mic(), Capture::Off);
}

#[test]
fn a_kicked_person_is_out_of_the_room() {
    let mut stand = inside();
    stand.hear(state(4, ben(ParticipantStatus::Kicked), cleo_inside()));
    assert_eq!(stand.outcome(), Some(Outcome::Ended));
    stand.hear(rung(5, ParticipantStatus::Invited, cleo_inside()));
    assert!(matches!(stand.phone.screen(), Screen::Incoming(_)), "and may be asked back");
}
