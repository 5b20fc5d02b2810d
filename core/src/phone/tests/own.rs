//! The own screen and hand: the updates to the others, and the lines that the screen is put on.

use super::*;

fn in_room() -> Stand {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(incoming());
    stand.hear(signal(ANA, ANAS_DEVICE));
    stand.tell(Input::User(Intent::Answer { with_video: false }));
    stand.hear(ServerMessage::CallAccepted {
        call: answered_by(BENS_DEVICE),
        user_id: id(BEN),
        device_id: id(BENS_DEVICE),
    });
    stand.out.clear();
    stand
}

fn told(stand: &Stand) -> Vec<(bool, bool)> {
    let media = |output: &Output| match output {
        Output::Send(ClientMessage::ParticipantUpdate { media, .. }) => Some((media.screen, media.hand)),
        _ => None,
    };
    stand.out.iter().filter_map(media).collect()
}

#[test]
fn a_screen_is_put_on_every_line_and_told_once() {
    let mut stand = in_room();
    stand.tell(Input::User(Intent::Share(true)));
    stand.tell(Input::User(Intent::Share(true)));
    assert_eq!(told(&stand), [(true, false)]);
    let sends = Output::SendTracks { device: id(ANAS_DEVICE), send: true };
    assert_eq!(stand.out.iter().filter(|output| **output == sends).count(), 1);
    stand.tell(Input::User(Intent::Share(false)));
    assert_eq!(told(&stand), [(true, false), (false, false)]);
}

#[test]
fn nothing_is_shown_outside_a_room() {
    let mut stand = Stand::new(BEN, BENS_DEVICE);
    stand.hear(incoming());
    stand.out.clear();
    stand.tell(Input::User(Intent::Share(true)));
    stand.tell(Input::User(Intent::RaiseHand(true)));
    assert_eq!(stand.out, []);
}

#[test]
fn a_hand_is_told_and_goes_down_with_the_call() {
    let mut stand = in_room();
    stand.tell(Input::User(Intent::RaiseHand(true)));
    assert_eq!(told(&stand), [(false, true)]);
    assert!(stand.phone.hand_is_up());
    stand.tell(Input::User(Intent::Leave));
    assert!(!stand.phone.hand_is_up());
}
