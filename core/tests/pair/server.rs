//! The server reduced to its rules: one conversation and the machines of its calls. Recipients and messages
//! come from the core, as in the real server; ids are numbers, and there is no relay.

use parley_core::{
    call::{Audience, Call, Callee, Event, Input, Reach, Record, Rejected, Rules, Start, audience},
    phone::{self, ApiCommand, ApiError},
    time::{Instant, Timestamp},
};
use parley_protocol::{
    CallId, ClientMessage, ConversationId, DeviceId, ServerMessage, UserId,
    call::{self as wire, CallMode, Engine},
    people::{Plan, UserSummary},
    rest::{CallAccess, EnginePass, IceConfig},
};
use std::collections::BTreeSet;

pub struct Server {
    /// The owner of each device.
    owners: Vec<usize>,
    mode: CallMode,
    capacity: u32,
    /// People who have turned on do-not-disturb.
    undisturbed: Vec<UserId>,
    /// Every call so far, in order of start. All but the last are over.
    calls: Vec<Call>,
    outbox: Vec<(usize, ServerMessage)>,
}

impl Server {
    /// Creates a direct conversation between a person with one device and a person with two.
    pub fn direct() -> Self {
        Self::new(vec![0, 1, 1], CallMode::Direct, 8)
    }

    pub fn new(owners: Vec<usize>, mode: CallMode, capacity: u32) -> Self {
        Self { owners, mode, capacity, undisturbed: Vec::new(), calls: Vec::new(), outbox: Vec::new() }
    }

    pub fn do_not_disturb(&mut self, person: usize) {
        self.undisturbed.push(self::person(person).id);
    }

    pub fn may_ring(&self, device: usize) -> bool {
        !self.undisturbed.contains(&self.user(device).id)
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
        self.calls.last().map(Call::record).filter(|record| record.status.is_live())
    }

    pub fn deadline(&self) -> Option<Instant> {
        let due = self.calls.last()?.deadline()?;
        Some(Instant(u64::try_from(due.as_millis()).expect("after the epoch")))
    }

    pub fn tick(&mut self, now: Instant) {
        self.decide_live(now, Input::Tick);
    }

    pub fn outbox(&mut self) -> Vec<(usize, ServerMessage)> {
        std::mem::take(&mut self.outbox)
    }

    pub fn socket_gone(&mut self, now: Instant, device: usize) {
        let user = self.user(device).id;
        self.decide_live(now, Input::SocketGone { user, device: Self::device(device) });
    }

    pub fn socket_back(&mut self, now: Instant, device: usize) {
        let user = self.user(device).id;
        self.decide_live(now, Input::SocketBack { user, device: Self::device(device) });
        let Some(record) = self.live() else { return };
        if let Some(seat) = record.seat(user).filter(|seat| audience::rings(seat, &self.undisturbed)) {
            let message = record.ring(seat, record.to_wire(profile), ice(), stamp(now));
            self.outbox.push((device, message));
        }
    }

    pub fn frame(&mut self, now: Instant, device: usize, message: ClientMessage) {
        let (user, from_device) = (self.user(device).id, Self::device(device));
        let (id, input) = match message {
            ClientMessage::RingAck { call_id } => (call_id, Input::RingAck { user, device: from_device }),
            ClientMessage::MediaState { call_id, state } => {
                (call_id, Input::Media { user, device: from_device, state })
            }
            ClientMessage::ParticipantUpdate { call_id, media } => {
                (call_id, Input::Update { user, device: from_device, change: media.into() })
            }
            ClientMessage::Signal { call_id, to_device, signal, .. } => {
                if self.calls.last().is_some_and(|call| call.record().id == call_id) {
                    let relayed = ServerMessage::CallSignal { call_id, from_user: user, from_device, signal };
                    self.outbox.push((Self::index(to_device), relayed));
                }
                return;
            }
            _ => return,
        };
        let _ = self.decide(now, id, input);
    }

    /// Applies a host's moderation to the first call.
    pub fn moderate(&mut self, now: Instant, input: Input) {
        let _ = self.decide(now, Self::first_call(), input);
    }

    pub fn request(&mut self, now: Instant, device: usize, command: &ApiCommand) -> phone::Input {
        let (user, by) = (self.user(device).id, Self::device(device));
        match *command {
            ApiCommand::Start { media, call_type, .. } => {
                phone::Input::Started(self.start(now, device, call_type, media))
            }
            ApiCommand::Join { call_id, media, .. } => {
                phone::Input::Started(self.come_in(now, call_id, Input::Join { user, device: by, media }))
            }
            ApiCommand::Accept { call_id, media, .. } => {
                let decided = self.come_in(now, call_id, Input::Accept { user, device: by, media });
                phone::Input::Accepted(call_id, decided)
            }
            ApiCommand::Decline { call_id, .. } => {
                let decided = self.finish(now, call_id, Input::Decline { user, device: by });
                phone::Input::Told(command.clone(), decided)
            }
            ApiCommand::Leave { call_id, .. } => {
                let decided = self.finish(now, call_id, Input::Leave { user, device: by });
                phone::Input::Told(command.clone(), decided)
            }
            ApiCommand::Active { held } => {
                let known = self.live().filter(|record| record.seat(user).is_some_and(|seat| !seat.hidden));
                let calls = known.map(|record| record.to_wire(profile)).into_iter().collect();
                phone::Input::Active { held, calls: Ok(calls) }
            }
        }
    }

    fn start(
        &mut self,
        now: Instant,
        device: usize,
        call_type: wire::CallType,
        media: wire::OwnMedia,
    ) -> Result<CallAccess, ApiError> {
        let (user, by) = (self.user(device).id, Self::device(device));
        if let Some(call) = self.calls.last_mut().filter(|call| call.record().status.is_live()) {
            let events = call.start_again(stamp(now), user, by, media);
            let record = call.record().clone();
            let events = events.map_err(|rejected| error(rejected, record.id))?;
            self.publish(now, &record, &events);
            return Ok(access(&record));
        }
        let others: BTreeSet<usize> =
            self.owners.iter().copied().filter(|owner| person(*owner).id != user).collect();
        let start = Start {
            id: CallId(uuid(1_001 + self.calls.len())),
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
            plan: Plan::Free,
            max_duration: None,
        };
        let (call, events) = Call::start(stamp(now), Rules::default(), &start);
        let record = call.record().clone();
        self.calls.push(call);
        self.publish(now, &record, &events);
        Ok(access(&record))
    }

    fn come_in(&mut self, now: Instant, id: CallId, input: Input) -> Result<CallAccess, ApiError> {
        self.decide(now, id, input).map(|record| access(&record)).map_err(|rejected| error(rejected, id))
    }

    /// Decides as [`Self::decide`] does, but accepts that a call that is over is ended again.
    fn finish(&mut self, now: Instant, id: CallId, input: Input) -> Result<wire::Call, ApiError> {
        let record = match self.decide(now, id, input) {
            Err(Rejected::Over) => self.record(id).cloned().ok_or(Rejected::NotInRoster),
            decided => decided,
        };
        record.map(|record| record.to_wire(profile)).map_err(|rejected| error(rejected, id))
    }

    fn decide_live(&mut self, now: Instant, input: Input) {
        if let Some(id) = self.live().map(|record| record.id) {
            let _ = self.decide(now, id, input);
        }
    }

    fn decide(&mut self, now: Instant, id: CallId, input: Input) -> Result<Record, Rejected> {
        let call = self.calls.iter_mut().find(|call| call.record().id == id).ok_or(Rejected::NotInRoster)?;
        let events = call.handle(stamp(now), input)?;
        let record = call.record().clone();
        self.publish(now, &record, &events);
        Ok(record)
    }

    fn publish(&mut self, now: Instant, record: &Record, events: &[Event]) {
        let call = record.to_wire(profile);
        for notice in audience::notices(record, events, &self.undisturbed) {
            let message = notice.news.message(record, &call, |_| ice(), stamp(now)).expect("a seat");
            let devices: Vec<usize> = notice.to.iter().flat_map(|to| self.devices_of(to)).collect();
            self.outbox.extend(devices.into_iter().map(|device| (device, message.clone())));
        }
    }

    fn devices_of(&self, audience: &Audience) -> Vec<usize> {
        match audience {
            Audience::Users(users) => users.iter().flat_map(|user| self.of(*user)).collect(),
            Audience::OtherDevices { user, but } => {
                self.of(*user).into_iter().filter(|device| Self::device(*device) != *but).collect()
            }
            Audience::Device { device, .. } => vec![Self::index(*device)],
        }
    }

    fn record(&self, id: CallId) -> Option<&Record> {
        self.calls.iter().map(Call::record).find(|record| record.id == id)
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

fn access(record: &Record) -> CallAccess {
    CallAccess { call: record.to_wire(profile), pass: EnginePass::default(), ice: ice() }
}

fn error(rejected: Rejected, call: CallId) -> ApiError {
    let call_id = (rejected != Rejected::NotInRoster).then_some(call);
    ApiError { code: Some(rejected.code()), call_id }
}

fn profile(id: UserId) -> UserSummary {
    (0..100).map(person).find(|user| user.id == id).expect("a known user")
}
