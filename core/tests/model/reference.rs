//! A model of the rules of a call, as plain as can be: it stores since when a condition holds, where the
//! machine stores deadlines.
//!
//! It shares nothing with the machine but the types of inputs and refusals.

#[path = "deadlines.rs"]
mod deadlines;
#[path = "moderation.rs"]
mod moderation;

use parley_core::call::{Callee, Input, Reach, Rejected, Start};
use parley_protocol::{
    DeviceId, UserId,
    call::{CallMode, CallStatus, EndReason, MediaState, OwnMedia, ParticipantStatus as P, Role},
};

const RING: i64 = 60_000;
/// The time that media has to connect or return, and a socket to return.
const GRACE: i64 = 30_000;
const CALLER_GONE: i64 = 15_000;
const ALONE: i64 = 300_000;
const WARNING: i64 = 300_000;

#[derive(Debug, Clone)]
pub struct Person {
    pub id: UserId,
    pub is: P,
    pub role: Role,
    pub device: Option<DeviceId>,
    pub media: OwnMedia,
    /// The number of times that others have muted them since they joined.
    pub mutes: u32,
    /// Whether they have blocked the caller, so that they learn nothing of the call.
    pub hidden: bool,
    rings: Vec<DeviceId>,
    asked: i64,
    came: i64,
    /// The time since which their media is awaited.
    apart: Option<i64>,
    /// The time since which their socket is gone.
    away: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct Reference {
    group: bool,
    caller: UserId,
    room: usize,
    longest: Option<i64>,
    pub status: CallStatus,
    pub reason: Option<EndReason>,
    pub people: Vec<Person>,
    answered: Option<i64>,
    connected: Option<i64>,
    connecting: Option<i64>,
    alone: Option<i64>,
    warned: bool,
}

/// The result of an input: whether it changed anything.
type Said = Result<bool, Rejected>;

impl Person {
    fn new(id: UserId, now: i64) -> Self {
        Self {
            id,
            is: P::Invited,
            role: Role::Participant,
            device: None,
            media: OwnMedia::default(),
            mutes: 0,
            hidden: false,
            rings: Vec::new(),
            asked: now,
            came: 0,
            apart: None,
            away: None,
        }
    }

    fn called(callee: &Callee, now: i64) -> Self {
        Self { hidden: callee.reach == Reach::Silent, ..Self::new(callee.user, now) }
    }

    pub fn inside(&self) -> bool {
        matches!(self.is, P::Connecting | P::Connected | P::Reconnecting)
    }

    pub fn asked(&self) -> bool {
        matches!(self.is, P::Invited | P::Ringing)
    }

    fn sits(&self, device: DeviceId) -> bool {
        self.inside() && self.device == Some(device)
    }

    fn sit_down(&mut self, now: i64, device: DeviceId, media: OwnMedia) {
        let role = self.role;
        *self = Self::new(self.id, self.asked);
        (self.is, self.role, self.device, self.media, self.came) =
            (P::Connecting, role, Some(device), media, now);
    }

    fn go(&mut self, how: P) {
        self.is = how;
        self.rings.clear();
        (self.apart, self.away) = (None, None);
    }
}

impl Reference {
    pub fn start(now: i64, start: &Start) -> Self {
        let mut caller = Person::new(start.user, now);
        caller.sit_down(now, start.device, start.media);
        caller.role = Role::Host;
        let others = start.callees.iter().map(|callee| Person::called(callee, now));
        let mut it = Self {
            group: start.mode == CallMode::Group,
            caller: start.user,
            room: start.capacity as usize,
            longest: start.max_duration.map(|d| i64::try_from(d.as_millis()).expect("not that long")),
            status: CallStatus::Initiated,
            reason: None,
            people: std::iter::once(caller).chain(others).collect(),
            answered: None,
            connected: None,
            connecting: None,
            alone: None,
            warned: false,
        };
        for callee in start.callees.iter().filter(|callee| callee.reach == Reach::Busy) {
            it.not_coming(callee.user, P::Busy);
        }
        it
    }

    pub fn live(&self) -> bool {
        self.reason.is_none()
    }

    fn inside(&self) -> usize {
        self.people.iter().filter(|p| p.inside()).count()
    }

    fn ringing(&self) -> bool {
        self.people.iter().any(Person::asked)
    }

    pub fn person(&self, id: UserId) -> Option<&Person> {
        self.people.iter().find(|p| p.id == id)
    }

    fn the(&mut self, id: UserId) -> Result<&mut Person, Rejected> {
        self.people.iter_mut().find(|p| p.id == id).ok_or(Rejected::NotInRoster)
    }

    pub fn step(&mut self, now: i64, input: Input) -> Said {
        let who = match input {
            Input::Join { .. } | Input::Tick => None,
            Input::Mute { by, .. } | Input::Kick { by, .. } | Input::SetRole { by, .. } => Some(by),
            Input::RingAck { user, .. }
            | Input::Accept { user, .. }
            | Input::Decline { user, .. }
            | Input::Cancel { user, .. }
            | Input::Leave { user, .. }
            | Input::End { user }
            | Input::Media { user, .. }
            | Input::Update { user, .. }
            | Input::Remove { user }
            | Input::Silence { user }
            | Input::SocketGone { user, .. }
            | Input::SocketBack { user, .. } => Some(user),
        };
        self.attempt(now, who, |it| it.obey(now, input))
    }

    pub fn invite(&mut self, now: i64, by: UserId, callees: &[Callee]) -> Said {
        self.attempt(now, Some(by), |it| {
            if !it.the(by)?.inside() || !it.group {
                return Err(Rejected::NotNow);
            }
            let speaks = it.speaks(by);
            for Callee { user, .. } in callees {
                if !speaks && it.person(*user).is_some_and(|p| p.is == P::Kicked) {
                    return Err(Rejected::NotAllowed);
                }
            }
            let mut changed = false;
            for callee in callees {
                let called = Person::called(callee, now);
                match it.people.iter().position(|p| p.id == callee.user) {
                    Some(at) if it.people[at].inside() || it.people[at].asked() => continue,
                    Some(at) => it.people[at] = called,
                    None => it.people.push(called),
                }
                changed = true;
                if callee.reach == Reach::Busy {
                    it.not_coming(callee.user, P::Busy);
                }
            }
            Ok(changed)
        })
    }

    /// Starts a call where one is live already: the callee's start answers the caller's.
    pub fn start_again(&mut self, now: i64, user: UserId, device: DeviceId, media: OwnMedia) -> Said {
        match self.person(user) {
            None => Err(Rejected::NotInRoster),
            Some(p) if p.asked() => self.step(now, Input::Accept { user, device, media }),
            Some(_) => Err(Rejected::InProgress),
        }
    }

    fn attempt(&mut self, now: i64, who: Option<UserId>, act: impl FnOnce(&mut Self) -> Said) -> Said {
        if who.is_some_and(|id| self.person(id).is_none()) {
            return Err(Rejected::NotInRoster);
        }
        if !self.live() {
            return Err(Rejected::Over);
        }
        let said = act(self)?;
        self.look_around(now);
        Ok(said)
    }

    /// Updates since when each condition holds, and clears those that do not hold.
    fn look_around(&mut self, now: i64) {
        let (inside, ringing) = (self.inside(), self.ringing());
        let talks = self.live() && self.answered.is_some();
        let connecting = talks && self.status == CallStatus::Connecting;
        let since = |so: bool, before: Option<i64>| so.then(|| before.unwrap_or(now));
        self.alone = since(talks && inside == 1 && !ringing, self.alone);
        self.connecting = since(connecting && inside > 1, self.connecting);
        for p in &mut self.people {
            let waits = p.is == P::Reconnecting || (p.is == P::Connecting && !connecting);
            p.apart = since(talks && inside > 1 && waits, p.apart);
        }
    }

    fn obey(&mut self, now: i64, input: Input) -> Said {
        match input {
            Input::RingAck { user, device } => self.ring_ack(user, device),
            Input::Accept { user, device, media } => self.accept(now, user, device, media),
            Input::Join { user, device, media } => self.join(now, user, device, media),
            Input::Decline { user, .. } => self.decline(user),
            Input::Cancel { user, .. } if user != self.caller => Err(Rejected::NotNow),
            Input::Cancel { user, device } | Input::Leave { user, device } => {
                let inside = self.the(user)?.sits(device);
                if inside {
                    self.walk_out(now, user);
                }
                Ok(inside)
            }
            Input::End { user } => self.end(now, user),
            Input::Media { user, device, state } => self.media(now, user, device, state),
            Input::Update { user, device, change } => {
                let p = self.the(user)?;
                if !p.sits(device) {
                    return Err(Rejected::NotNow);
                }
                let media = change.of(p.media);
                Ok(std::mem::replace(&mut p.media, media) != media)
            }
            Input::Mute { by, user } => self.mute(by, user),
            Input::Kick { by, user } => self.kick(now, by, user),
            Input::SetRole { by, user, role } => self.set_role(by, user, role),
            Input::Remove { user } => self.remove(now, user),
            Input::Silence { user } => {
                let p = self.the(user)?;
                let news = p.asked() && !p.hidden;
                p.hidden |= news;
                Ok(news)
            }
            Input::SocketGone { user, device } => {
                let p = self.the(user)?;
                let news = p.sits(device) && p.away.is_none();
                p.away = p.away.or(news.then_some(now));
                Ok(news)
            }
            Input::SocketBack { user, device } => {
                let p = self.the(user)?;
                Ok(p.sits(device) && p.away.take().is_some())
            }
            Input::Tick => Ok(self.tick(now)),
        }
    }

    fn ring_ack(&mut self, user: UserId, device: DeviceId) -> Said {
        let p = self.the(user)?;
        if p.hidden {
            return Err(Rejected::NotInRoster);
        }
        if !p.asked() {
            return Err(Rejected::HandledElsewhere);
        }
        if p.rings.contains(&device) {
            return Ok(false);
        }
        p.rings.push(device);
        p.is = P::Ringing;
        if self.status == CallStatus::Initiated {
            self.status = CallStatus::Ringing;
        }
        Ok(true)
    }

    fn accept(&mut self, now: i64, user: UserId, device: DeviceId, media: OwnMedia) -> Said {
        let caller = self.caller;
        let p = self.the(user)?;
        match p.is {
            _ if p.sits(device) && user != caller => Ok(false),
            P::Declined => Err(Rejected::HandledElsewhere),
            P::Kicked => Err(Rejected::Kicked),
            _ if p.inside() => Err(Rejected::HandledElsewhere),
            _ if !p.asked() => Err(Rejected::NotNow),
            _ => self.take_a_seat(now, user, device, media),
        }
    }

    fn join(&mut self, now: i64, user: UserId, device: DeviceId, media: OwnMedia) -> Said {
        let Some(p) = self.person(user) else {
            if !self.group {
                return Err(Rejected::NotInRoster);
            }
            if self.inside() >= self.room {
                return Err(Rejected::Full);
            }
            self.people.push(Person::new(user, now));
            return self.take_a_seat(now, user, device, media);
        };
        match p.is {
            _ if p.sits(device) => Ok(false),
            _ if p.inside() && p.away.is_none() => Err(Rejected::HandledElsewhere),
            P::Kicked => Err(Rejected::Kicked),
            _ if p.inside() || p.asked() || self.group => self.take_a_seat(now, user, device, media),
            _ => Err(Rejected::NotNow),
        }
    }

    fn take_a_seat(&mut self, now: i64, user: UserId, device: DeviceId, media: OwnMedia) -> Said {
        if self.inside() >= self.room && !self.the(user)?.inside() {
            return Err(Rejected::Full);
        }
        self.the(user)?.sit_down(now, device, media);
        if self.answered.is_none() && user != self.caller {
            self.answered = Some(now);
            self.status = CallStatus::Connecting;
        }
        self.follow_people(now);
        Ok(true)
    }

    fn decline(&mut self, user: UserId) -> Said {
        let p = self.the(user)?;
        match p.is {
            _ if p.hidden => Err(Rejected::NotInRoster),
            P::Invited | P::Ringing => {
                self.not_coming(user, P::Declined);
                Ok(true)
            }
            P::Declined => Ok(false),
            _ if p.inside() => Err(Rejected::HandledElsewhere),
            _ => Err(Rejected::NotNow),
        }
    }

    fn end(&mut self, now: i64, user: UserId) -> Said {
        if !self.the(user)?.inside() {
            return Err(Rejected::NotNow);
        }
        match () {
            () if self.answered.is_none() || !self.group => self.walk_out(now, user),
            () if self.speaks(user) => self.over(CallStatus::Ended, EndReason::HostEnded),
            () => return Err(Rejected::NotAllowed),
        }
        Ok(true)
    }

    fn media(&mut self, now: i64, user: UserId, device: DeviceId, state: MediaState) -> Said {
        let answered = self.answered.is_some();
        let p = self.the(user)?;
        if !p.sits(device) || !answered {
            return Err(Rejected::NotNow);
        }
        let then = match (state, p.is) {
            (MediaState::Connected, _) => P::Connected,
            (MediaState::Lost, P::Connected) => P::Reconnecting,
            (MediaState::Lost, as_it_is) => as_it_is,
        };
        let before = std::mem::replace(&mut p.is, then);
        self.follow_people(now);
        Ok(before != then)
    }

    fn speaks(&self, id: UserId) -> bool {
        self.person(id).is_some_and(|p| p.inside() && matches!(p.role, Role::Host | Role::CoHost))
    }

    /// Removes somebody who leaves; before the answer that cancels the call.
    fn walk_out(&mut self, now: i64, user: UserId) {
        if self.answered.is_none() {
            self.over(CallStatus::Canceled, EndReason::Canceled);
        } else {
            self.gone(now, user, P::Left, EndReason::Completed);
        }
    }

    fn gone(&mut self, now: i64, user: UserId, how: P, why: EndReason) {
        let Some(p) = self.people.iter_mut().find(|p| p.id == user && p.inside()) else { return };
        p.go(how);
        match self.inside() {
            1 if !self.group && why == EndReason::NetworkError => self.over(CallStatus::Failed, why),
            1 if !self.group => self.over(CallStatus::Ended, why),
            0 => self.over(CallStatus::Ended, EndReason::EveryoneLeft),
            _ => {
                self.pass_on_host(user);
                self.follow_people(now);
            }
        }
    }

    /// Passes the host's role on when the host has left: to the co-host who joined first, else to the
    /// participant who did.
    fn pass_on_host(&mut self, gone: UserId) {
        if !self.group || self.person(gone).is_none_or(|p| p.role != Role::Host) {
            return;
        }
        let mut heirs: Vec<&mut Person> = self.people.iter_mut().filter(|p| p.inside()).collect();
        heirs.sort_by_key(|p| p.came);
        let at = heirs.iter().position(|p| p.role == Role::CoHost).unwrap_or(0);
        heirs[at].role = Role::Host;
        for p in self.people.iter_mut().filter(|p| p.id == gone) {
            p.role = Role::Participant;
        }
    }

    fn not_coming(&mut self, user: UserId, how: P) {
        for p in self.people.iter_mut().filter(|p| p.id == user && p.asked()) {
            p.go(how);
        }
        if self.answered.is_some() || self.ringing() || !self.live() {
            return;
        }
        let any = |is| self.people.iter().any(|p| p.is == is);
        match () {
            () if any(P::Missed) => self.over(CallStatus::Missed, EndReason::NoAnswer),
            () if any(P::Declined) => self.over(CallStatus::Declined, EndReason::Declined),
            () if any(P::Busy) => self.over(CallStatus::Busy, EndReason::Busy),
            () => self.over(CallStatus::Canceled, EndReason::Canceled),
        }
    }

    fn follow_people(&mut self, now: i64) {
        let connected = self.people.iter().filter(|p| p.is == P::Connected).count();
        match self.status {
            CallStatus::Connecting if connected > 1 => {
                self.status = CallStatus::Connected;
                self.connected = Some(now);
            }
            CallStatus::Connected | CallStatus::Reconnecting if !self.group => {
                let whole = connected == self.inside();
                self.status = if whole { CallStatus::Connected } else { CallStatus::Reconnecting };
            }
            _ => {}
        }
    }

    fn over(&mut self, status: CallStatus, reason: EndReason) {
        (self.status, self.reason) = (status, Some(reason));
        for p in &mut self.people {
            if p.asked() {
                p.go(P::Missed);
            } else if p.inside() {
                p.go(P::Left);
            }
        }
    }
}
