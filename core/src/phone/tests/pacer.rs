//! The pace of one connection per turn, with each device's outputs in their order.

use super::*;

fn open(device: u128) -> Output {
    Output::Open { device: id(device), ice: IceConfig::default() }
}

fn tracks(device: u128) -> Output {
    Output::SendTracks { device: id(device), send: true }
}

#[test]
fn each_turn_opens_one_and_each_device_keeps_its_order() {
    let mut pacer = ConnectionPacer::default();
    let all = [open(1), tracks(1), open(2), tracks(2), open(3), tracks(1), tracks(3)];
    let now: Vec<_> = all.into_iter().filter_map(|output| pacer.now(output)).collect();
    assert_eq!(now, [open(1), tracks(1), tracks(1)]);
    assert!(pacer.opened());
    assert_eq!(pacer.next_batch(), [open(2), tracks(2)]);
    assert_eq!(pacer.now(tracks(2)), Some(tracks(2)), "it is open by now");
    assert_eq!(pacer.now(tracks(3)), None);
    assert_eq!(pacer.next_batch(), [open(3), tracks(3), tracks(3)]);
    assert!(pacer.opened());
    assert_eq!(pacer.next_batch(), []);
    assert!(!pacer.opened(), "nothing is left, and the next is opened at once");
    assert_eq!(pacer.now(open(4)), Some(open(4)));
}

#[test]
fn a_connection_closed_before_its_turn_is_never_opened() {
    let mut pacer = ConnectionPacer::default();
    for output in [open(1), open(2), tracks(2), open(3)] {
        pacer.now(output);
    }
    assert_eq!(pacer.now(Output::Close(id(2))), Some(Output::Close(id(2))));
    assert_eq!(pacer.next_batch(), [open(3)]);
}
