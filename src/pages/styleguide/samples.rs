//! Sample data: made-up people, their messages, and calls in every phase.

use crate::{
    call::view::{
        CallView, Incoming, Limit, Link, MediaFault, Outcome, Outgoing, Over, Person, Room, Seat, Stage,
    },
    platform,
    router::{Route, Section},
    state::{inbox::Inbox, news::News},
};
use parley_core::{
    phone::{Capture, Screen},
    time::Instant,
};
use parley_protocol::{
    CallId, ConversationId, DeviceId, MessageId, Timestamp, UserId,
    call::{CallMode, CallStatus, CallType, OwnMedia, Role},
    people::{
        Conversation, ConversationKind, ConversationStatus, MemberRole, Message, MessageContent, Plan,
        Ranked, UserSummary,
    },
    ws::{PersonPresence, Presence, ServerNotice},
};
use uuid::Uuid;

/// The names of all sample screens.
pub const ALL: [&str; 38] = [
    "sign-in",
    "invite",
    "home",
    "empty",
    "offline",
    "conversation",
    "invited",
    "waiting",
    "group",
    "details",
    "group-details",
    "new-group",
    "calls",
    "nowhere",
    "settings",
    "settings-devices",
    "settings-ringing",
    "settings-appearance",
    "settings-keyboard",
    "incoming",
    "incoming-audio",
    "incoming-connects",
    "calling",
    "ringing",
    "ringing-connects",
    "connecting",
    "room",
    "room-muted",
    "room-fault",
    "room-four",
    "room-waiting",
    "reconnecting",
    "over",
    "no-answer",
    "declined",
    "busy",
    "missed",
    "failed",
];

const NAMES: [&str; 6] =
    ["Ana Kovač", "Jonas Lindqvist", "Mei-Ling Chen", "Tobias", "Amara Okafor-Whitfield", "Søren"];

const NOTES: &str = "Here: https://example.org/notes (page 2)."; // tidy: allow address: only shown

pub fn me() -> UserSummary {
    person(9, "Robin Vale")
}

pub fn conversations() -> Vec<Conversation> {
    let lines = [
        "See you at four then, I'll ring you.",
        "The drawings are in. Want to go through them together?",
        "",
        "",
        "Thanks!",
        "Did you get the train?",
    ];
    let direct = NAMES.iter().zip(lines).zip(0_u8..).map(|((name, line), n)| conversation(n, name, line));
    direct.chain([group()]).collect()
}

fn group() -> Conversation {
    let role = |n, role| Ranked { user_id: person(n, "").id, role };
    let said = MessageContent::Text { text: "The chart for Thursday is up.".to_owned() };
    Conversation {
        id: group_id(),
        kind: ConversationKind::Group,
        name: Some("Sunday sailors".to_owned()),
        members: vec![
            me(),
            person(0, NAMES[0]),
            person(1, NAMES[1]),
            person(2, NAMES[2]),
            person(5, NAMES[5]),
        ],
        roles: vec![role(9, MemberRole::Owner), role(1, MemberRole::Admin)],
        invited: vec![person(3, NAMES[3])],
        last_message: Some(message(70, 20, 1, 30, said)),
        ..conversation(20, "", "said")
    }
}

fn group_id() -> ConversationId {
    conversation_id(20)
}

pub fn route(sample: &str) -> Route {
    match sample {
        "conversation" => Route::Conversation(conversation_id(0)),
        "invited" => Route::Conversation(conversation_id(2)),
        "waiting" => Route::Conversation(conversation_id(3)),
        "group" => Route::Conversation(group_id()),
        "group-details" => Route::Details(group_id()),
        "details" => Route::Details(conversation_id(0)),
        "new-group" => Route::NewGroup,
        "calls" => Route::Calls,
        "settings" => Route::Settings(None),
        "settings-devices" => Route::Settings(Some(Section::Devices)),
        "settings-ringing" => Route::Settings(Some(Section::Ringing)),
        "settings-appearance" => Route::Settings(Some(Section::Appearance)),
        "settings-keyboard" => Route::Settings(Some(Section::Keys)),
        "nowhere" => Route::Nowhere,
        _ => Route::Home,
    }
}

/// Fills the inbox with presences, a typing notice, and messages in one direct conversation and the group.
pub fn fill(inbox: Inbox) {
    let here =
        [(0, Presence::Online), (1, Presence::InCall), (4, Presence::DoNotDisturb), (5, Presence::Online)];
    let people = here.map(|(n, presence)| PersonPresence { user_id: person(n, "").id, presence }).to_vec();
    inbox.apply(News::Notice(ServerNotice::PresenceList { people }));
    let (sailors, user_id) = (group_id(), person(5, "").id);
    inbox.apply(News::Notice(ServerNotice::Typing { conversation_id: sailors, user_id }));
    let group = inbox.thread(sailors);
    let said = [
        (1, 40, "Wind from the west, four to five."),
        (0, 35, "Then I bring the big jib."),
        (9, 32, "See you at the pier."),
    ];
    for ((from, minutes, text), n) in said.into_iter().zip(60_u8..) {
        group.add(message(n, 20, from, minutes, MessageContent::Text { text: text.to_owned() }));
    }
    group.add(message(
        70,
        20,
        1,
        30,
        MessageContent::Text { text: "The chart for Thursday is up.".to_owned() },
    ));
    let thread = inbox.thread(conversation_id(0));
    let texts: [(u8, i64, &str); 7] = [
        (0, 1_500, "Morning! Did the new camera arrive?"),
        (9, 1_490, "It did. The picture is so much better than the old one, I can read the whiteboard now."),
        (9, 1_489, NOTES),
        (0, 300, "Great, let's use it today."),
        (
            0,
            299,
            "Would four o'clock work for you? I have the whole afternoon apart from a short thing at three, and I would like to walk through the plan slowly this time.",
        ),
        (9, 120, "Four is perfect."),
        (0, 4, "See you at four then, I'll ring you."),
    ];
    for ((from, minutes, text), n) in texts.into_iter().zip(10_u8..) {
        thread.add(message(n, 0, from, minutes, MessageContent::Text { text: text.to_owned() }));
    }
    let call = |status, duration_seconds| MessageContent::Call {
        call_id: call_id(),
        call_type: CallType::Video,
        status,
        duration_seconds,
    };
    thread.add(message(30, 0, 9, 1_400, call(CallStatus::Ended, Some(764))));
    thread.add(message(31, 0, 0, 200, call(CallStatus::Missed, None)));
}

pub fn call(sample: &str) -> Option<CallView> {
    if let Some(before) = sample.strip_suffix("-connects") {
        return call(before).map(|view| CallView { connects: true, ..view });
    }
    let ana = person(0, NAMES[0]);
    let over = |outcome, seconds| {
        Screen::Over(Over {
            with: ana.clone(),
            conversation_id: conversation_id(0),
            call_type: CallType::Video,
            outcome,
            seconds,
            goes_on: None,
        })
    };
    let outgoing = |stage| Screen::Outgoing(Outgoing { to: ana.clone(), call_type: CallType::Video, stage });
    let (screen, mic, camera) = match sample {
        "incoming" => (Screen::Incoming(incoming(&ana, CallType::Video)), Capture::Off, Capture::Off),
        "incoming-audio" => (Screen::Incoming(incoming(&ana, CallType::Audio)), Capture::Off, Capture::Off),
        "calling" => (outgoing(Stage::Calling), Capture::Starting, Capture::Starting),
        "ringing" => (outgoing(Stage::Ringing), Capture::On, Capture::On),
        "connecting" => (room(&ana, Link::Connecting, &[(false, true)]), Capture::On, Capture::On),
        "room" | "room-waiting" => (room(&ana, Link::Connected, &[(false, true)]), Capture::On, Capture::On),
        "room-muted" => (room(&ana, Link::Connected, &[(true, false)]), Capture::Off, Capture::Off),
        "reconnecting" => (room(&ana, Link::Reconnecting, &[(false, true)]), Capture::On, Capture::On),
        "room-fault" => (
            room(&ana, Link::Connected, &[(false, false)]),
            Capture::Failed(MediaFault::InUse),
            Capture::Failed(MediaFault::Denied),
        ),
        "room-four" => (
            room(&ana, Link::Connected, &[(false, false), (true, false), (false, true)]),
            Capture::On,
            Capture::On,
        ),
        "over" => (over(Outcome::Ended, Some(764)), Capture::Off, Capture::Off),
        "no-answer" => (over(Outcome::NoAnswer, None), Capture::Off, Capture::Off),
        "declined" => (over(Outcome::Declined, None), Capture::Off, Capture::Off),
        "busy" => (over(Outcome::Busy, None), Capture::Off, Capture::Off),
        "failed" => (over(Outcome::Failed, Some(95)), Capture::Off, Capture::Off),
        "missed" => (over(Outcome::Missed, None), Capture::Off, Capture::Off),
        "offline" => return Some(CallView::default()),
        _ => return None,
    };
    let waiting = (sample == "room-waiting").then(|| incoming(&person(1, NAMES[1]), CallType::Video));
    Some(CallView { screen, mic, camera, waiting, online: true, ..CallView::default() })
}

fn incoming(from: &UserSummary, call_type: CallType) -> Incoming {
    Incoming {
        call_id: call_id(),
        conversation_id: conversation_id(0),
        mode: CallMode::Direct,
        from: from.clone(),
        call_type,
    }
}

fn room(with: &UserSummary, link: Link, others: &[(bool, bool)]) -> Screen {
    let people = others.iter().zip(0_u8..).map(|((muted, video), n)| Person {
        user: if n == 0 { with.clone() } else { person(n, NAMES[usize::from(n)]) },
        is_me: false,
        role: Role::Participant,
        seat: Seat::Here { device_id: DeviceId(id(3, n)), link },
        media: OwnMedia { muted: *muted, video: *video, ..OwnMedia::default() },
    });
    let me = Person {
        user: me(),
        is_me: true,
        role: Role::Host,
        seat: Seat::Here { device_id: DeviceId(id(3, 9)), link },
        media: OwnMedia::default(),
    };
    let group = others.len() > 1;
    Screen::Room(Room {
        call_id: call_id(),
        conversation_id: if group { group_id() } else { conversation_id(0) },
        mode: if group { CallMode::Group } else { CallMode::Direct },
        with: with.clone(),
        call_type: CallType::Video,
        link,
        since: (link != Link::Connecting).then_some(Instant(0)),
        own_device: Some(DeviceId(id(3, 9))),
        limit: Some(limit(link)),
        people: std::iter::once(me).chain(people).collect(),
    })
}

fn limit(link: Link) -> Limit {
    let ends_at = (link != Link::Connecting).then(|| ago(-118));
    Limit { plan: Plan::Free, seconds: 7_200, ends_at, is_near: link == Link::Reconnecting }
}

fn conversation(n: u8, name: &str, line: &str) -> Conversation {
    let text = MessageContent::Text { text: line.to_owned() };
    let minutes = 4 + i64::from(n) * 700;
    Conversation {
        id: conversation_id(n),
        kind: ConversationKind::Direct,
        name: None,
        status: if line.is_empty() { ConversationStatus::Pending } else { ConversationStatus::Accepted },
        started_by: person(if n == 3 { 9 } else { n }, "").id,
        members: vec![me(), person(n, name)],
        roles: Vec::new(),
        invited: Vec::new(),
        last_message: (!line.is_empty())
            .then(|| message(50 + n, n, if n == 4 { 9 } else { n }, minutes, text)),
        unread: u32::from(n == 1) * 2,
        live_call: None,
        updated_at: ago(minutes),
    }
}

fn message(n: u8, conversation: u8, from: u8, minutes: i64, content: MessageContent) -> Message {
    Message {
        id: MessageId(id(2, n)),
        conversation_id: conversation_id(conversation),
        sender_id: person(from, "").id,
        content,
        created_at: ago(minutes),
    }
}

fn person(n: u8, name: &str) -> UserSummary {
    UserSummary::named(UserId(id(0, n)), name.to_owned())
}

pub fn call_id() -> CallId {
    CallId(id(4, 1))
}

fn conversation_id(n: u8) -> ConversationId {
    ConversationId(id(1, n))
}

fn ago(minutes: i64) -> Timestamp {
    Timestamp(platform::now().as_millis() - minutes * 60_000)
}

fn id(kind: u8, n: u8) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 64) + u128::from(n) * 7)
}
