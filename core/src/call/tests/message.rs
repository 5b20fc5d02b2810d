//! The wire form of a call, and the messages that carry news of it.

use super::*;
use parley_protocol::{ServerMessage, people::UserSummary, rest::IceConfig, ws::HandledHow};

fn person(id: UserId) -> UserSummary {
    UserSummary::named(id, format!("person {id}"))
}

fn ice(_: UserId) -> IceConfig {
    IceConfig { servers: Vec::new(), relay_only: true, preconnect: false }
}

#[test]
fn a_message_carries_its_news_and_the_whole_call() {
    let mut call = direct();
    call.handle(at(1), ack(BEN, 21)).unwrap();
    let record = call.record();
    let wire = record.to_wire(person);
    let (user_id, device_id, call) = (user(BEN), device(21), wire.clone());
    let message = |news: News| news.message(record, &wire, ice, at(1));
    let (user, device, how) = (user_id, device_id, HandledHow::Accepted);
    let cases = [
        (
            News::Ringing { user, device },
            ServerMessage::CallRinging { call: call.clone(), user_id, device_id },
        ),
        (
            News::Accepted { user, device },
            ServerMessage::CallAccepted { call: call.clone(), user_id, device_id },
        ),
        (News::HandledElsewhere { how }, ServerMessage::CallHandledElsewhere { call: call.clone(), how }),
        (News::State, ServerMessage::CallState { call: call.clone() }),
        (News::Declined, ServerMessage::CallDeclined { call: call.clone() }),
        (News::Canceled, ServerMessage::CallCanceled { call: call.clone() }),
        (News::TimedOut, ServerMessage::CallTimedOut { call: call.clone() }),
        (News::Busy, ServerMessage::CallBusy { call: call.clone() }),
        (News::Failed, ServerMessage::CallFailed { call: call.clone() }),
        (News::Ended, ServerMessage::CallEnded { call: call.clone() }),
    ];
    for (news, expected) in cases {
        assert_eq!(message(news), Some(expected), "{news:?}");
    }
    let participant = call.participant(user_id).unwrap().clone();
    let updated = ServerMessage::ParticipantUpdated { call_id: call.id, version: 2, participant };
    assert_eq!(message(News::Updated { user }), Some(updated));
    assert_eq!(message(News::Updated { user: super::user(EVE) }), None);
    assert_eq!(message(News::Incoming { user: super::user(EVE) }), None);
}

#[test]
fn a_ring_says_who_calls_and_how_long_it_lasts() {
    let call = direct();
    let wire = call.record().to_wire(person);
    let message = News::Incoming { user: user(BEN) }.message(call.record(), &wire, ice, at(20));
    let caller = person(user(ANA));
    assert_eq!(
        message,
        Some(ServerMessage::CallIncoming { call: wire, caller, ice: ice(user(BEN)), ring_ms: 40_000 })
    );
}

#[test]
fn a_call_says_when_it_ends_once_it_has_warned() {
    let mut record = connected().record().clone();
    record.max_duration = Some(Duration::from_secs(600));
    assert_eq!(record.to_wire(person).ends_at, None);
    record.warned = true;
    assert_eq!(record.to_wire(person).ends_at, Some(at(603)));
}
