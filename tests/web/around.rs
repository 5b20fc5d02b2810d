//! The page around calls: rights in a group, the list of calls, presence, settings, device troubles and calls
//! in other tabs.

use super::support::{Recorder, ana, button, incoming, mount, settle};
use leptos::prelude::*;
use parley::{
    call::{
        handle::CallHandle,
        view::{CallView, Limit},
    },
    components::{
        call::{
            device_trouble::sentences,
            history::{Filter, outcome},
            past_call, plan_badge,
            screen::CallScreen,
            statistics,
        },
        conversation::status::sentence,
        kit::{icon::Glyph, switch::Switch, toasts::Toasts},
        people::presence::{PresenceDot, PresenceWords},
        settings::sign_out::SignOut,
    },
    pages::details::members::member_actions,
    platform::preview::{Maker, Trouble},
    state::{
        inbox::Inbox,
        news::News,
        session::Session,
        settings::{self, Theme},
    },
    words::Word,
};
use parley_core::phone::{Intent, MediaKind};
use parley_protocol::{
    CallId, ConversationId, MessageId, ServerMessage, SessionId, Timestamp, UserId,
    call::{Call, CallMode, CallStatus, CallType, Engine, OwnMedia, Participant, ParticipantStatus, Role},
    people::{
        Account, Conversation, ConversationKind, ConversationStatus, Me, MemberRole, Message, MessageContent,
        Plan, UserSummary,
    },
    quality::{CallQuality, CallStatistics, Score},
    ws::{PersonPresence, Presence, ServerNotice},
};
use reactive_stores::Store;
use std::{cell::RefCell, rc::Rc};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement, HtmlInputElement};

fn me() -> UserSummary {
    UserSummary::named(UserId(Uuid::from_u128(9)), "Robin")
}

/// Returns a call by this person with this outcome.
fn call(by: UserId, status: CallStatus, duration_seconds: Option<u32>) -> Call {
    Call {
        id: CallId(Uuid::from_u128(1)),
        conversation_id: ConversationId(Uuid::from_u128(2)),
        initiator_id: by,
        call_type: CallType::Audio,
        mode: CallMode::Direct,
        engine: Engine::P2p,
        status,
        version: 9,
        created_at: Timestamp(0),
        ring_deadline: Timestamp(0),
        accepted_at: None,
        connected_at: None,
        ended_at: None,
        duration_seconds,
        end_reason: None,
        ends_at: None,
        limit: None,
        participants: Vec::new(),
    }
}

fn direct() -> Conversation {
    Conversation {
        id: ConversationId(Uuid::from_u128(2)),
        kind: ConversationKind::Direct,
        name: None,
        status: ConversationStatus::Accepted,
        started_by: me().id,
        members: vec![me(), ana()],
        roles: Vec::new(),
        invited: Vec::new(),
        last_message: None,
        unread: 0,
        live_call: None,
        updated_at: Timestamp(0),
    }
}

#[wasm_bindgen_test]
fn a_role_offers_what_it_may_do_and_nothing_else() {
    use MemberRole::{Admin, Member, Owner};
    assert!(member_actions(Member, Member, false).is_empty());
    assert!(member_actions(Owner, Owner, true).is_empty());
    assert!(member_actions(Admin, Owner, false).is_empty());
    assert!(member_actions(Admin, Admin, false).is_empty());
    assert_eq!(member_actions(Admin, Member, false), [(Word::RemoveFromGroup, None)]);
    assert_eq!(
        member_actions(Owner, Admin, false),
        [(Word::MakeMember, Some(Member)), (Word::MakeOwner, Some(Owner)), (Word::RemoveFromGroup, None)]
    );
}

#[wasm_bindgen_test]
fn a_past_call_is_described_from_the_side_of_its_person() {
    let (mine, hers) = (me().id, ana().id);
    let told = |call: Call| outcome(&call, mine);
    assert_eq!(told(call(hers, CallStatus::Canceled, None)), (Glyph::PhoneMissed, "Missed".to_owned()));
    assert_eq!(told(call(mine, CallStatus::Canceled, None)), (Glyph::PhoneOutgoing, "Canceled".to_owned()));
    assert_eq!(told(call(mine, CallStatus::Missed, None)), (Glyph::PhoneOutgoing, "No answer".to_owned()));
    assert_eq!(told(call(hers, CallStatus::Ended, Some(764))), (Glyph::PhoneIncoming, "12:44".to_owned()));
    assert!(Filter::Missed.takes(&call(hers, CallStatus::Busy, None), mine));
    assert!(!Filter::Missed.takes(&call(mine, CallStatus::Missed, None), mine));
    assert!(Filter::Outgoing.takes(&call(mine, CallStatus::Missed, None), mine));
}

#[wasm_bindgen_test]
fn a_group_call_that_a_member_did_not_answer_is_missed_bug() {
    let with_seat = |status| Call {
        mode: CallMode::Group,
        participants: vec![Participant {
            user: me(),
            role: Role::Participant,
            status,
            device_id: None,
            media: OwnMedia::default(),
            mutes: 0,
        }],
        ..call(ana().id, CallStatus::Ended, Some(764))
    };
    let missed = |status| Filter::Missed.takes(&with_seat(status), me().id);
    assert!(missed(ParticipantStatus::Missed) && missed(ParticipantStatus::Busy));
    assert!(!missed(ParticipantStatus::Left) && !missed(ParticipantStatus::Declined));
    let (glyph, said) = outcome(&with_seat(ParticipantStatus::Missed), me().id);
    assert_eq!((glyph, said), (Glyph::PhoneMissed, "Missed".to_owned()));
}

#[wasm_bindgen_test]
fn every_trouble_has_its_own_sentence_and_remedy() {
    let all = [
        Trouble::Denied,
        Trouble::Dismissed,
        Trouble::System,
        Trouble::InUse,
        Trouble::Absent,
        Trouble::Insecure,
        Trouble::Other,
    ];
    for kind in [MediaKind::Mic, MediaKind::Camera] {
        let told: Vec<_> = all.iter().map(|trouble| sentences(kind, *trouble, Maker::Firefox)).collect();
        for (at, one) in told.iter().enumerate() {
            assert!(told[..at].iter().all(|other| other.0 != one.0 && other.1 != one.1), "{one:?}");
        }
    }
    let way = |maker| sentences(MediaKind::Mic, Trouble::Denied, maker).1;
    assert_ne!(way(Maker::Firefox), way(Maker::Chromium));
    assert_ne!(way(Maker::Safari), way(Maker::Other));
}

#[wasm_bindgen_test]
async fn presence_and_typing_come_from_the_socket_and_go_with_it() {
    let out = Rc::new(RefCell::new(None));
    let given = out.clone();
    let page = mount(move || {
        let inbox = Inbox::new(me());
        provide_context(inbox);
        inbox.replace(vec![direct()]);
        *given.borrow_mut() = Some(inbox);
        view! {
            <PresenceDot of=ana().id />
            <PresenceWords of=ana().id />
        }
    });
    let inbox = out.borrow_mut().take().unwrap();
    let tell = |notice| inbox.apply(News::Notice(notice));
    let line = || sentence(inbox, &direct());
    assert_eq!(line(), "Offline");
    let user_id = ana().id;
    tell(ServerNotice::PresenceList { people: vec![PersonPresence { user_id, presence: Presence::Online }] });
    assert_eq!(line(), "Online");
    tell(ServerNotice::Typing { conversation_id: direct().id, user_id });
    assert_eq!(line(), "typing…");
    tell(ServerNotice::PresenceUpdated { user_id, presence: Presence::InCall });
    settle().await;
    assert_eq!(page.root.text_content().as_deref(), Some("In a call"));
    // A person who goes offline stops typing.
    tell(ServerNotice::PresenceUpdated { user_id, presence: Presence::Offline });
    assert_eq!(line(), "Offline");
}

#[wasm_bindgen_test]
async fn a_switch_reports_the_wish_and_shows_the_state() {
    let on = RwSignal::new(false);
    let asked = Rc::new(RefCell::new(Vec::new()));
    let asked_in = StoredValue::new_local(asked.clone());
    let page = mount(move || {
        let set = move |wanted| asked_in.with_value(|asked| asked.borrow_mut().push(wanted));
        view! { <Switch label="Quiet" on set /> }
    });
    settle().await;
    let input: HtmlInputElement = page.root.query_selector("input").unwrap().unwrap().unchecked_into();
    input.set_checked(true);
    input.dispatch_event(&Event::new("change").unwrap()).unwrap();
    assert_eq!(*asked.borrow(), [true]);
    assert_eq!(input.get_attribute("aria-checked").as_deref(), Some("false"));
    on.set(true);
    settle().await;
    assert_eq!(input.get_attribute("aria-checked").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
fn the_theme_is_on_the_page_and_remembered() {
    let root: HtmlElement = document().document_element().unwrap().unchecked_into();
    Theme::Dark.choose();
    assert_eq!(root.get_attribute("data-theme").as_deref(), Some("dark"));
    assert_eq!(Theme::chosen(), Theme::Dark);
    Theme::System.choose();
    assert_eq!(root.get_attribute("data-theme"), None);
    assert_eq!(Theme::chosen(), Theme::System);
    assert_eq!(settings::volume(), 60);
    settings::choose_volume(35);
    assert_eq!(settings::volume(), 35);
}

#[wasm_bindgen_test]
async fn a_missed_call_seen_in_one_tab_is_missed_in_no_other() {
    let counts = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&counts);
    let _stand = mount(move || {
        let inbox = Inbox::new(me());
        let mut number = 0;
        let mut call_from = |sender_id: UserId, status: CallStatus| {
            number += 1;
            let content = MessageContent::Call {
                call_id: CallId(Uuid::from_u128(number)),
                call_type: CallType::Audio,
                status,
                duration_seconds: None,
            };
            let message = Message {
                id: MessageId(Uuid::from_u128(number)),
                conversation_id: direct().id,
                sender_id,
                created_at: Timestamp(0),
                content,
            };
            inbox.apply(News::Message(ServerMessage::MessageCreated { message }));
            told.borrow_mut().push(inbox.missed().count());
        };
        inbox.put(direct());
        call_from(ana().id, CallStatus::Missed);
        call_from(ana().id, CallStatus::Declined);
        call_from(me().id, CallStatus::Missed);
        call_from(ana().id, CallStatus::Canceled);
        inbox.apply(News::Notice(ServerNotice::CallsSeen {}));
        told.borrow_mut().push(inbox.missed().count());
    });
    settle().await;
    assert_eq!(*counts.borrow(), [1, 1, 1, 2, 0]);
}

#[wasm_bindgen_test]
fn statistics_of_the_own_calls_are_one_line() {
    let numbers = |calls, talk_seconds, longest_seconds| {
        let numbers = CallStatistics { calls, talk_seconds, longest_seconds, ..CallStatistics::default() };
        statistics::sentence(&numbers)
    };
    assert_eq!(numbers(0, 0, 0), "");
    assert_eq!(numbers(3, 0, 0), "", "nobody has talked yet");
    assert_eq!(numbers(1, 59, 40), "1 call · 59 s in total · longest 40 s");
    assert_eq!(numbers(128, 51_600, 3_720), "128 calls · 14 h 20 min in total · longest 1 h 2 min");
}

#[wasm_bindgen_test]
fn a_limited_call_names_its_plan_and_its_end() {
    let sentence =
        |plan, ends_at, is_near| plan_badge::sentence(Limit { plan, seconds: 7_200, ends_at, is_near });
    let at = Timestamp(1_780_000_000_000);
    let time = parley::platform::time_of_day(at);
    assert_eq!(sentence(Plan::Free, None, false), "Free · up to 2 h");
    assert_eq!(sentence(Plan::Pro, Some(at), false), format!("Pro · ends at {time}"));
    assert_eq!(sentence(Plan::Free, Some(at), true), format!("This call ends at {time}"));
}

#[wasm_bindgen_test]
fn a_past_call_shows_the_measurements_that_there_are() {
    let all = CallQuality {
        score: Score::Good,
        bad_percent: 12,
        packet_loss: Some(0.449),
        rtt_ms: Some(48),
        setup_ms: Some(310),
        relayed: true,
    };
    let values =
        |quality| past_call::measured(&quality).into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    let expected = ["Good · weak in 12 % of measurements", "48 ms", "0.4 %", "310 ms", "through a relay"];
    assert_eq!(values(all), expected);
    let little = CallQuality {
        score: Score::Lost,
        bad_percent: 0,
        packet_loss: None,
        rtt_ms: None,
        setup_ms: None,
        relayed: false,
    };
    assert_eq!(values(little).len(), 1, "the score alone");
}

/// Clicks *Sign out* and returns the heading of the confirmation, if one is asked for.
async fn asked_before_sign_out(account: Account) -> Option<String> {
    let stand = mount(move || {
        let me = Me {
            id: me().id,
            display_name: me().display_name,
            session_id: SessionId(Uuid::from_u128(3)),
            created_at: Timestamp(0),
            account,
            picture: None,
        };
        provide_context(RwSignal::new(Session::SignedIn(me)));
        provide_context(Toasts::new());
        provide_context(CallHandle::new(Store::new(CallView::default()), Rc::new(Recorder::default())));
        SignOut()
    });
    settle().await;
    button(&stand.root, "Sign out").unwrap().click();
    settle().await;
    stand.root.query_selector("dialog[open] h2").unwrap().and_then(|heading| heading.text_content())
}

#[wasm_bindgen_test]
async fn only_a_guest_confirms_signing_out() {
    assert_eq!(asked_before_sign_out(Account::Guest).await.as_deref(), Some("Sign out for good?"));
    assert_eq!(asked_before_sign_out(Account::Oidc).await, None);
}

/// Returns a call in which the page's own person has a seat.
fn talk(status: CallStatus, version: u32) -> Call {
    let seat = Participant {
        user: me(),
        role: Role::Participant,
        status: if status.is_live() { ParticipantStatus::Connected } else { ParticipantStatus::Left },
        device_id: None,
        media: OwnMedia::default(),
        mutes: 0,
    };
    Call { version, participants: vec![seat], ..call(ana().id, status, None) }
}

/// Guards against a card that claims a call elsewhere: the server reports this person in the call before the
/// room is drawn.
#[wasm_bindgen_test]
async fn a_call_answered_here_is_not_elsewhere_bug() {
    let stand = mount(move || {
        let inbox = Inbox::new(me());
        inbox.put(Conversation { live_call: Some(talk(CallStatus::Connecting, 1)), ..direct() });
        provide_context(inbox);
        provide_context(Toasts::new());
        let screen = incoming(CallType::Audio);
        let view = CallView { online: true, connects: true, screen, ..CallView::default() };
        provide_context(CallHandle::new(Store::new(view), Rc::new(Recorder::default())));
        CallScreen()
    });
    settle().await;
    let card = stand.root.query_selector("[role=alertdialog]").unwrap().expect("the card");
    assert!(card.text_content().unwrap().contains("Connecting…"));
}

#[wasm_bindgen_test]
async fn a_call_during_one_in_another_tab_is_a_quiet_banner() {
    let recorder = Rc::new(Recorder::default());
    let out = Rc::new(RefCell::new(None));
    let (told, behind, first) = (Rc::clone(&out), Rc::clone(&recorder), talk(CallStatus::Connected, 1));
    let stand = mount(move || {
        let inbox = Inbox::new(me());
        inbox.put(Conversation { live_call: Some(first), ..direct() });
        told.borrow_mut().replace(inbox);
        provide_context(inbox);
        provide_context(Toasts::new());
        let view = CallView { online: true, screen: incoming(CallType::Audio), ..CallView::default() };
        provide_context(CallHandle::new(Store::new(view), behind));
        CallScreen()
    });
    settle().await;
    let rings = || stand.root.query_selector("[role=alertdialog]").unwrap().is_some();
    assert!(recorder.hushed.get());
    assert!(!rings() && stand.root.text_content().unwrap().contains("You are in a call elsewhere."));
    button(&stand.root, "Decline").unwrap().click();
    assert_eq!(*recorder.intents.borrow(), [Intent::Decline]);
    // Once the other call has ended, this one rings in full.
    let inbox = out.borrow_mut().take().unwrap();
    inbox.apply(News::Message(ServerMessage::CallEnded { call: talk(CallStatus::Ended, 2) }));
    settle().await;
    assert!(rings());
}
