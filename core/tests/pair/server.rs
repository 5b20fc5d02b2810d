//! The server reduced to its rules: one conversation, the machine of its live call, and who hears what.

use parley_core::{
    call::{Call, Callee, Event, Input, Reach, Record, Rejected, Rules, Start},
    phone::{self, ApiCommand, ApiError},
    time::{Instant, Timestamp},
};
use parley_protocol::{
    CallId, ClientMessage, ConversationId, DeviceId, ErrorCode, ServerMessage, UserId,
    call::{self as wire, CallMode, Engine},
    people::UserSummary,
    rest::{CallAccess, EnginePass, IceConfig},
    ws::HandledHow,
};

pub struct Server {
    /// The person of each device.
    owners: Vec<usize>,
    mode: CallMode,
    capacity: u32,
    call: Option<Call>,
    calls: u32,
    outbox: Vec<(usize, ServerMessage)>,
}

impl Server {
    /// One person with a device, and another with two.
    pub fn direct() -> Self {
        Self::new(vec![0, 1, 1], CallMode::Direct, 8)
    }

    pub fn new(owners: Vec<usize>, mode: CallMode, capacity: u32) -> Self {
        Self { owners, mode, capacity, call: None, calls: 0, outbox: Vec::new() }
    }

    pub fn devices(&self) -> std::ops::Range<usize> {
        0..self.owners.len()
    }

    pub fn user(&self, device: usize) -> UserSummary {
        person(self.owners[device])
    }

    fn of(&self, user: UserId) -> Vec<usize> {
        self.devices().filter(|device| self.user(*device).id == user).collect()
    }

    pub fn device(index: usize) -> DeviceId {
        DeviceId(uuid(10 + index))
    }

    pub fn index(device: DeviceId) -> usize {
        (0..100).find(|index| Self::device(*index) == device).expect("a known device")
    }

    pub fn conversation() -> ConversationId {
        ConversationId(uuid(99))
    }

    pub fn first_call() -> CallId {
        CallId(uuid(1_001))
    }

    pub fn live(&self) -> Option<&Record> {
        self.call.as_ref().map(Call::record).filter(|record| record.status.is_live())
    }

    pub fn deadline(&self) -> Option<Instant> {
        let due = self.call.as_ref()?.deadline()?;
        Some(Instant(u64::try_from(due.as_millis()).expect("after the epoch")))
    }

    pub fn tick(&mut self, now: Instant) {
        let _ = self.decide(now, Input::Tick);
    }

    pub fn outbox(&mut self) -> Vec<(usize, ServerMessage)> {
        std::mem::take(&mut self.outbox)
    }

    pub fn socket_gone(&mut self, now: Instant, device: usize) {
        let user = self.user(device).id;
        let _ = self.decide(now, Input::SocketGone { user, device: Self::device(device) });
    }

    pub fn socket_back(&mut self, now: Instant, device: usize) {
        let user = self.user(device);
        let _ = self.decide(now, Input::SocketBack { user: user.id, device: Self::device(device) });
        let pending =
            self.live().and_then(|r| r.seat(user.id)).is_some_and(parley_core::call::Seat::is_pending);
        if pending {
            self.ring(device);
        }
    }

    pub fn frame(&mut self, now: Instant, device: usize, message: ClientMessage) {
        let (user, from_device) = (self.user(device).id, Self::device(device));
        let id = self.call.as_ref().map(|call| call.record().id);
        let input = match message {
            ClientMessage::RingAck { call_id } if Some(call_id) == id => {
                Input::RingAck { user, device: from_device }
            }
            ClientMessage::MediaState { call_id, state } if Some(call_id) == id => {
                Input::Media { user, device: from_device, state }
            }
            ClientMessage::ParticipantUpdate { call_id, media } if Some(call_id) == id => {
                Input::Update { user, device: from_device, change: media.into() }
            }
            ClientMessage::Signal { call_id, to_device, signal, .. } if Some(call_id) == id => {
                let relayed = ServerMessage::CallSignal { call_id, from_user: user, from_device, signal };
                return self.outbox.push((Self::index(to_device), relayed));
            }
            _ => return,
        };
        let _ = self.decide(now, input);
    }

    pub fn request(&mut self, now: Instant, device: usize, command: &ApiCommand) -> phone::Input {
        let (user, by) = (self.user(device).id, Self::device(device));
        match *command {
            ApiCommand::Start { media, call_type, .. } => {
                phone::Input::Started(self.start(now, device, call_type, media).map_err(error))
            }
            ApiCommand::Join { call_id, media, .. } => {
                let decided = self.decide_about(now, call_id, Input::Join { user, device: by, media });
                phone::Input::Started(decided.map(access).map_err(error))
            }
            ApiCommand::Accept { call_id, media, .. } => {
                let decided = self.decide_about(now, call_id, Input::Accept { user, device: by, media });
                phone::Input::Accepted(call_id, decided.map(access).map_err(error))
            }
            ApiCommand::Decline { call_id, .. } => {
                let decided = self.decide_about(now, call_id, Input::Decline { user, device: by });
                phone::Input::Told(command.clone(), decided.map_err(error))
            }
            ApiCommand::Leave { call_id, .. } => {
                let decided = self.decide_about(now, call_id, Input::Leave { user, device: by });
                phone::Input::Told(command.clone(), decided.map_err(error))
            }
            ApiCommand::Active { held } => {
                phone::Input::Active { held, calls: Ok(self.live().map(to_wire).into_iter().collect()) }
            }
        }
    }

    fn start(
        &mut self,
        now: Instant,
        device: usize,
        call_type: wire::CallType,
        media: wire::OwnMedia,
    ) -> Result<CallAccess, Rejected> {
        let (user, by) = (self.user(device).id, Self::device(device));
        if self.live().is_some()
            && let Some(call) = &mut self.call
        {
            let events = call.start_again(stamp(now), user, by, media)?;
            self.tell(&events);
        } else {
            let others: std::collections::BTreeSet<usize> =
                self.owners.iter().copied().filter(|owner| person(*owner).id != user).collect();
            self.calls += 1;
            let start = Start {
                id: CallId(uuid(1_000 + self.calls as usize)),
                conversation_id: Self::conversation(),
                call_type,
                mode: self.mode,
                engine: Engine::P2p,
                user,
                device: by,
                media,
                callees: others
                    .into_iter()
                    .map(|other| Callee { user: person(other).id, reach: Reach::Rings })
                    .collect(),
                capacity: self.capacity,
                max_duration: None,
            };
            let (call, events) = Call::start(stamp(now), Rules::default(), &start);
            self.call = Some(call);
            self.tell(&events);
        }
        Ok(access(to_wire(self.live().ok_or(Rejected::Over)?)))
    }

    fn decide_about(&mut self, now: Instant, id: CallId, input: Input) -> Result<wire::Call, Rejected> {
        if self.call.as_ref().is_none_or(|call| call.record().id != id) {
            return Err(Rejected::Over);
        }
        let decided = self.decide(now, input);
        let record = self.call.as_ref().map(|call| to_wire(call.record())).ok_or(Rejected::Over)?;
        match (decided, input) {
            (Ok(()), _) | (Err(Rejected::Over), Input::Leave { .. } | Input::Decline { .. }) => Ok(record),
            (Err(rejected), _) => Err(rejected),
        }
    }

    fn decide(&mut self, now: Instant, input: Input) -> Result<(), Rejected> {
        let Some(call) = &mut self.call else { return Err(Rejected::Over) };
        let events = call.handle(stamp(now), input)?;
        self.tell(&events);
        Ok(())
    }

    fn tell(&mut self, events: &[Event]) {
        let Some(record) = self.call.as_ref().map(|call| call.record().clone()) else { return };
        let call = to_wire(&record);
        for event in events {
            match *event {
                Event::Started => {
                    for device in self.devices() {
                        if self.user(device).id != record.initiator_id {
                            self.ring(device);
                        }
                    }
                }
                Event::Ringing { user, device } => {
                    let call = call.clone();
                    let message = ServerMessage::CallRinging { call, user_id: user, device_id: device };
                    self.send_to(record.initiator_id, None, &message);
                }
                Event::Accepted { user, device } => {
                    let (how, others) = (HandledHow::Accepted, Some(device));
                    self.send_to(
                        user,
                        others,
                        &ServerMessage::CallHandledElsewhere { call: call.clone(), how },
                    );
                    let message =
                        ServerMessage::CallAccepted { call: call.clone(), user_id: user, device_id: device };
                    self.outbox.push((Self::index(device), message.clone()));
                    for other in record.participants.iter().filter(|seat| seat.user_id != user) {
                        self.send_to(other.user_id, None, &message);
                    }
                }
                Event::Declined { user, device } => {
                    let how = HandledHow::Declined;
                    let message = ServerMessage::CallHandledElsewhere { call: call.clone(), how };
                    self.send_to(user, Some(device), &message);
                    for seat in record.participants.iter().filter(|seat| seat.user_id != user) {
                        self.send_to(seat.user_id, None, &ServerMessage::CallState { call: call.clone() });
                    }
                }
                _ => {
                    for seat in &record.participants {
                        self.send_to(seat.user_id, None, &ServerMessage::CallState { call: call.clone() });
                    }
                }
            }
        }
    }

    fn ring(&mut self, device: usize) {
        let Some(call) = self.live().map(to_wire) else { return };
        let initiator = call.participant(call.initiator_id).map(|seat| seat.user.clone());
        let caller = initiator.expect("a host");
        let message = ServerMessage::CallIncoming { call, caller, ice: ice(), ring_ms: 60_000 };
        self.outbox.push((device, message));
    }

    fn send_to(&mut self, user: UserId, except: Option<DeviceId>, message: &ServerMessage) {
        for device in self.of(user) {
            if Some(Self::device(device)) != except {
                self.outbox.push((device, message.clone()));
            }
        }
    }
}

fn person(n: usize) -> UserSummary {
    UserSummary::named(UserId(uuid(n + 1)), n.to_string())
}

fn stamp(now: Instant) -> Timestamp {
    Timestamp(i64::try_from(now.0).expect("not that far"))
}

fn uuid<T: std::str::FromStr<Err: std::fmt::Debug>>(n: usize) -> T {
    format!("00000000-0000-0000-0000-{n:012}").parse().expect("a uuid")
}

fn ice() -> IceConfig {
    IceConfig { servers: Vec::new(), relay_only: false, preconnect: true }
}

fn access(call: wire::Call) -> CallAccess {
    CallAccess { call, pass: EnginePass::default(), ice: ice() }
}

fn error(rejected: Rejected) -> ApiError {
    let code = match rejected {
        Rejected::HandledElsewhere => ErrorCode::AnsweredElsewhere,
        Rejected::InProgress => ErrorCode::CallInProgress,
        Rejected::NotInRoster => ErrorCode::NotFound,
        Rejected::Full => ErrorCode::CallFull,
        Rejected::Over | Rejected::NotNow | Rejected::NotAllowed | Rejected::Kicked => ErrorCode::CallNotLive,
    };
    ApiError { code: Some(code), call_id: None }
}

fn to_wire(record: &Record) -> wire::Call {
    let name = |id: UserId| (0..100).map(person).find(|user| user.id == id).expect("a known user");
    wire::Call {
        id: record.id,
        conversation_id: record.conversation_id,
        initiator_id: record.initiator_id,
        call_type: record.call_type,
        mode: record.mode,
        engine: record.engine,
        status: record.status,
        version: record.version,
        created_at: record.created_at,
        ring_deadline: record.ring_deadline,
        accepted_at: record.accepted_at,
        connected_at: record.connected_at,
        ended_at: record.ended_at,
        duration_seconds: record.duration_seconds(),
        end_reason: record.end_reason,
        ends_at: None,
        participants: record
            .participants
            .iter()
            .map(|seat| wire::Participant {
                user: name(seat.user_id),
                role: seat.role,
                status: seat.status,
                device_id: seat.device_id,
                media: seat.media,
                mutes: seat.mutes,
            })
            .collect(),
    }
}
