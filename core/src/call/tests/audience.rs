//! The recipients of each kind of news.

use super::{
    group::{DAN, kick, mute, of_three, ring, talking},
    *,
};
use crate::call::audience::{is_news, notices};
use parley_protocol::{call::MediaChange, ws::HandledHow};

/// Applies the input and lists the notices that follow from it.
fn publish(call: &mut Call, second: i64, input: Input) -> Vec<Notice> {
    let events = call.handle(at(second), input).unwrap();
    notices(call.record(), &events, &[])
}

fn users(people: &[u128]) -> Audience {
    Audience::Users(people.iter().copied().map(user).collect())
}

fn to(people: &[u128], news: News) -> Notice {
    Notice { to: vec![users(people)], news }
}

fn incoming(n: u128) -> Notice {
    to(&[n], News::Incoming { user: user(n) })
}

fn updated(people: &[u128], n: u128) -> Notice {
    to(people, News::Updated { user: user(n) })
}

fn elsewhere(n: u128, but: u128, how: HandledHow) -> Notice {
    let to = vec![Audience::OtherDevices { user: user(n), but: device(but) }];
    Notice { to, news: News::HandledElsewhere { how } }
}

fn update(n: u128, d: u128) -> Input {
    let change = MediaChange { video: Some(true), ..MediaChange::default() };
    Input::Update { user: user(n), device: device(d), change }
}

/// Starts a call by Ana to Ben, with the given reach, and Cleo.
fn started(ben: Reach) -> (Call, Vec<Event>) {
    let callees = vec![Callee { user: user(BEN), reach: ben }, ring(CLEO)];
    Call::start(at(0), Rules::default(), &Start { callees, ..start(&[], CallMode::Group) })
}

#[test]
fn a_start_rings_the_people_who_may_be_rung() {
    let rung = |ben, undisturbed: &[UserId]| {
        let (call, events) = started(ben);
        notices(call.record(), &events, undisturbed)
    };
    assert_eq!(rung(Reach::Rings, &[]), [incoming(BEN), incoming(CLEO)]);
    assert_eq!(rung(Reach::Rings, &[user(CLEO)]), [incoming(BEN)]);
    assert_eq!(rung(Reach::Silent, &[]), [incoming(CLEO)]);
    assert_eq!(rung(Reach::Busy, &[]), [incoming(CLEO), to(&[ANA, BEN, CLEO], News::State)]);
}

#[test]
fn a_device_that_rings_is_named_to_the_caller_alone() {
    let ringing = to(&[ANA], News::Ringing { user: user(BEN), device: device(21) });
    assert_eq!(publish(&mut of_three(), 1, ack(BEN, 21)), [ringing]);
}

#[test]
fn an_answer_reaches_everyone_else_its_device_and_the_other_devices() {
    let answering = Audience::Device { user: user(BEN), device: device(21) };
    let news = News::Accepted { user: user(BEN), device: device(21) };
    assert_eq!(
        publish(&mut of_three(), 1, accept(BEN, 21)),
        [Notice { to: vec![users(&[ANA, CLEO]), answering], news }, elsewhere(BEN, 21, HandledHow::Accepted)]
    );
}

#[test]
fn a_decline_among_several_changes_the_state_of_the_call() {
    assert_eq!(
        publish(&mut of_three(), 1, decline(BEN, 21)),
        [elsewhere(BEN, 21, HandledHow::Declined), to(&[ANA, BEN, CLEO], News::State)]
    );
}

#[test]
fn a_decliner_is_not_told_that_the_call_was_declined() {
    assert_eq!(
        publish(&mut direct(), 1, decline(BEN, 21)),
        [elsewhere(BEN, 21, HandledHow::Declined), to(&[ANA], News::Declined)]
    );
}

#[test]
fn a_call_that_is_over_says_so_once() {
    let all = |news| vec![to(&[ANA, BEN], news)];
    assert_eq!(publish(&mut direct(), 1, leave(ANA, 11)), all(News::Canceled));
    assert_eq!(publish(&mut direct(), 60, Input::Tick), all(News::TimedOut));
    assert_eq!(publish(&mut connected(), 9, leave(BEN, 21)), all(News::Ended));
    let mut silent = direct();
    publish(&mut silent, 1, accept(BEN, 21));
    assert_eq!(publish(&mut silent, 31, Input::Tick), all(News::Failed));
    let (busy, events) = Call::start(at(0), Rules::default(), &start(&[(BEN, true)], CallMode::Direct));
    assert_eq!(notices(busy.record(), &events, &[]), all(News::Busy));
    // The end is the only news, whatever happened just before it.
    let events = [
        Event::Invited { user: user(BEN), by: user(ANA) },
        Event::Ringing { user: user(BEN), device: device(21) },
        Event::Updated { user: user(ANA) },
        Event::Left { user: user(ANA), reason: EndReason::Completed },
        Event::Over { reason: EndReason::Completed },
    ];
    let mut ended = connected();
    publish(&mut ended, 9, leave(BEN, 21));
    assert_eq!(notices(ended.record(), &events, &[]), all(News::Ended));
}

#[test]
fn several_changes_at_once_are_one_change_of_state() {
    let mut call = of_three();
    publish(&mut call, 1, accept(BEN, 21));
    // Ben's media does not come and Cleo lets it ring. The call goes on for Ana.
    for input in [media(ANA, 11, UP), media(BEN, 21, UP), gone(BEN, 21)] {
        assert_eq!(publish(&mut call, 30, input), [to(&[ANA, BEN, CLEO], News::State)]);
    }
    let events = call.handle(at(60), Input::Tick).unwrap();
    assert!(events.len() > 1, "{events:?}");
    assert_eq!(notices(call.record(), &events, &[]), [to(&[ANA, BEN, CLEO], News::State)]);
}

#[test]
fn an_invitation_rings_the_invited_and_is_told_once() {
    let mut call = talking();
    let events = call.invite(at(9), user(ANA), &[ring(DAN), ring(EVE)]).unwrap();
    let state = to(&[ANA, BEN, CLEO, DAN, EVE], News::State);
    let told = notices(call.record(), &events, &[]);
    assert_eq!(told, [incoming(DAN), state.clone(), incoming(EVE)]);
    assert_eq!(notices(call.record(), &events, &[user(DAN)]), [state, incoming(EVE)]);
}

#[test]
fn a_change_of_media_names_its_participant_to_everyone() {
    let mut call = talking();
    let everyone = [ANA, BEN, CLEO];
    assert_eq!(publish(&mut call, 5, update(BEN, 21)), [updated(&everyone, BEN)]);
    assert_eq!(publish(&mut call, 6, mute(ANA, BEN)), [updated(&everyone, BEN)]);
    let nobody = notices(call.record(), &[Event::Updated { user: user(EVE) }], &[]);
    assert_eq!(nobody, [], "without a seat there is nothing to say");
}

#[test]
fn a_person_who_is_sent_away_hears_of_it_and_then_no_more() {
    for send_away in [kick(ANA, BEN), Input::Remove { user: user(BEN) }] {
        let mut call = talking();
        assert_eq!(publish(&mut call, 5, send_away), [to(&[ANA, BEN, CLEO], News::State)]);
        assert_eq!(publish(&mut call, 6, update(ANA, 11)), [updated(&[ANA, CLEO], ANA)]);
    }
}

#[test]
fn a_person_from_whom_the_call_is_hidden_hears_nothing() {
    let (mut call, _) = started(Reach::Silent);
    let accepted = News::Accepted { user: user(CLEO), device: device(31) };
    let told = publish(&mut call, 1, accept(CLEO, 31));
    let answering = Audience::Device { user: user(CLEO), device: device(31) };
    assert_eq!(told[0], Notice { to: vec![users(&[ANA]), answering], news: accepted });
    assert_eq!(publish(&mut call, 2, kick(ANA, BEN)), [to(&[ANA, CLEO], News::State)]);
}

#[test]
fn a_block_silences_every_device_of_the_callee_and_is_told_to_nobody_else() {
    let mut call = direct();
    let silenced = News::HandledElsewhere { how: HandledHow::Silenced };
    assert_eq!(publish(&mut call, 1, Input::Silence { user: user(BEN) }), [to(&[BEN], silenced)]);
    assert_eq!(publish(&mut call, 60, Input::Tick), [to(&[ANA], News::TimedOut)]);
}

#[test]
fn an_end_is_news_where_nobody_answered_or_declined() {
    let after = |mut call: Call, second, input| {
        publish(&mut call, second, input);
        is_news(call.record())
    };
    assert!(after(direct(), 60, Input::Tick));
    assert!(after(direct(), 1, leave(ANA, 11)));
    assert!(!after(direct(), 1, decline(BEN, 21)));
    assert!(!after(connected(), 9, leave(BEN, 21)));
}
