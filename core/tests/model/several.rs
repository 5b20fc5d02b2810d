//! Property tests of several calls of the same people at once, one in each conversation: callees are reached,
//! busy, waiting or silent, two people who call each other end up talking, and one call is left or held for
//! another.

use super::{compare, seeds, uuid};
use crate::{
    chance::Chance,
    reference::{Person, Reference},
};
use parley_core::{
    call::{Call, Callee, Event, Input, Reach, Record, Rules, Start},
    time::Timestamp,
};
use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{CallMode, CallType, Engine, MediaState, OwnMedia},
    people::Plan,
    rest::OtherCall,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU64, Ordering},
};

const STEPS: u64 = 60;
/// The members of each conversation.
const CONVERSATIONS: [&[u64]; 4] = [&[1, 2], &[1, 3], &[2, 3], &[1, 2, 3, 4]];
const PAUSES_MS: [i64; 6] = [0, 0, 1, 500, 14_999, 29_000];

/// Counters over all runs, which prove that every case was tried.
#[derive(Default)]
struct Tried {
    glare: AtomicU64,
    busy: AtomicU64,
    waits: AtomicU64,
    silent: AtomicU64,
    silenced: AtomicU64,
    held: AtomicU64,
}

#[test]
fn calls_of_the_same_people_do_not_disturb_one_another() {
    let tried = Tried::default();
    seeds::each(|seed, told| run(seed, told, &tried));
    let Tried { glare, busy, waits, silent, silenced, held } = &tried;
    if std::env::var_os("PARLEY_SEED").is_none() {
        for (what, count) in [
            ("glare", glare),
            ("busy", busy),
            ("waits", waits),
            ("silent", silent),
            ("silenced", silenced),
            ("held", held),
        ] {
            assert!(count.load(Ordering::Relaxed) > 100, "{what} is hardly tried");
        }
    }
}

fn run(seed: u64, told: bool, tried: &Tried) {
    let mut chance = Chance::new(seed);
    let mut world = World::new(&mut chance, tried);
    for _ in 0..STEPS {
        world.now += chance.pick(&PAUSES_MS);
        if told {
            eprintln!("{:>8} {:?}", world.now, world.calls.keys());
        }
        world.step(&mut chance);
        world.check();
    }
}

/// The simulation: the live calls, each as a machine and as a model.
struct World<'a> {
    tried: &'a Tried,
    now: i64,
    /// Live calls by the index of their conversation.
    calls: BTreeMap<usize, (Call, Reference)>,
    /// The number of calls started so far.
    begun: u64,
    /// Blocks: the blocker, then the blocked person.
    blocks: BTreeSet<(UserId, UserId)>,
    /// People who have call waiting turned on.
    patient: BTreeSet<UserId>,
}

impl<'a> World<'a> {
    fn new(chance: &mut Chance, tried: &'a Tried) -> Self {
        let patient = (1..5).map(|n| UserId(uuid(n))).filter(|_| chance.percent(50)).collect();
        Self { tried, now: 0, calls: BTreeMap::new(), begun: 0, blocks: BTreeSet::new(), patient }
    }

    fn step(&mut self, chance: &mut Chance) {
        let at = usize::try_from(chance.below(4)).expect("four");
        let n = chance.pick(CONVERSATIONS[at]);
        let other = chance.pick(CONVERSATIONS[at]);
        let (user, device) = (UserId(uuid(n)), DeviceId(uuid(n * 10 + chance.below(2))));
        match chance.below(20) {
            0..=3 => self.start(at, user, device),
            4..=7 => {
                let wish = chance.pick(&[None, Some(OtherCall::Leave), Some(OtherCall::Hold)]);
                self.come(at, user, device, wish, chance.percent(70));
            }
            8 => self.block(user, UserId(uuid(other))),
            9 => _ = self.blocks.pop_first(),
            10 => self.invite(at, user, UserId(uuid(other))),
            11 => {
                // A restart of the server: the machines are restored from their records alone.
                for (call, _) in self.calls.values_mut() {
                    *call = Call::restore(call.record().clone(), Rules::default());
                }
            }
            12 => _ = self.tell(at, Input::RingAck { user, device }),
            13 => _ = self.tell(at, Input::Decline { user, device }),
            14 => _ = self.tell(at, Input::Leave { user, device }),
            15 | 16 => _ = self.tell(at, Input::Media { user, device, state: MediaState::Connected }),
            17 => _ = self.tell(at, Input::Remove { user }),
            _ => {
                for at in 0..CONVERSATIONS.len() {
                    _ = self.tell(at, Input::Tick);
                }
            }
        }
        self.calls.retain(|_, (call, _)| call.record().status.is_live());
    }

    /// Gives an input to the call of a conversation. Returns whether it was accepted.
    fn tell(&mut self, at: usize, input: Input) -> bool {
        let now = self.now;
        let Some((call, model)) = self.calls.get_mut(&at) else { return false };
        let expected = model.step(now, input);
        let said = call.handle(Timestamp(now), input);
        assert_eq!(said.as_ref().map(|events| !events.is_empty()).map_err(|r| *r), expected, "{input:?}");
        // No event may come from somebody who has blocked the caller: it would betray the block.
        let speaks = |event: &Event| matches!(event, Event::Ringing { .. } | Event::Declined { .. });
        for event in said.iter().flatten().filter(|event| speaks(event)) {
            let seat = event.user().and_then(|user| call.record().seat(user));
            assert!(seat.is_some_and(|seat| !seat.hidden), "{event:?}");
        }
        said.is_ok()
    }

    fn start(&mut self, at: usize, user: UserId, device: DeviceId) {
        let members: Vec<UserId> = CONVERSATIONS[at].iter().map(|n| UserId(uuid(*n))).collect();
        let mode = if members.len() > 2 { CallMode::Group } else { CallMode::Direct };
        let others: Vec<UserId> = members.into_iter().filter(|id| *id != user).collect();
        let blocks_them = mode == CallMode::Direct && self.blocks.contains(&(user, others[0]));
        if blocks_them || self.inside(user).iter().any(|there| *there != at) {
            return;
        }
        let (now, media) = (self.now, OwnMedia::default());
        if let Some((call, model)) = self.calls.get_mut(&at) {
            let said = call.start_again(Timestamp(now), user, device, media);
            let expected = model.start_again(now, user, device, media);
            assert_eq!(said.as_ref().map(|events| !events.is_empty()).map_err(|r| *r), expected);
            if said.is_ok() {
                self.tried.glare.fetch_add(1, Ordering::Relaxed);
                let seat = call.record().seat(user).expect("has answered");
                assert!(seat.is_in_on(device) && !call.record().status.is_unanswered());
            }
            return;
        }
        let callees = others.iter().map(|callee| self.callee(*callee, user, None)).collect();
        self.begun += 1;
        let start = Start {
            id: CallId(uuid(100 + self.begun)),
            conversation_id: ConversationId(uuid(200)),
            call_type: CallType::Audio,
            mode,
            engine: Engine::P2p,
            user,
            device,
            media,
            callees,
            capacity: if mode == CallMode::Group { 3 } else { 2 },
            plan: Plan::Free,
            max_duration: None,
        };
        let call = Call::start(Timestamp(now), Rules::default(), &start).0;
        self.calls.insert(at, (call, Reference::start(now, &start)));
    }

    /// Determines how a callee can be reached. The machine's result must equal that of a plain restatement of
    /// the rules.
    fn callee(&self, user: UserId, by: UserId, but: Option<usize>) -> Callee {
        let deaf = self.blocks.contains(&(user, by));
        let waits = self.patient.contains(&user);
        let live = || self.calls.iter().filter(|(at, _)| Some(**at) != but);
        let records: Vec<Record> = live().map(|(_, (call, _))| call.record().clone()).collect();
        let reach = Reach::of(user, &records, deaf, waits);
        let seats = || live().filter_map(|(_, (_, model))| model.person(user));
        let hears_one = seats().any(|p| p.asked() && !p.hidden);
        let talks = seats().any(Person::inside);
        let (expected, what) = match (deaf, hears_one, talks) {
            (true, ..) => (Reach::Silent, Some(&self.tried.silent)),
            (_, true, _) => (Reach::Busy, Some(&self.tried.busy)),
            (_, _, true) if waits => (Reach::Rings, Some(&self.tried.waits)),
            (_, _, true) => (Reach::Busy, Some(&self.tried.busy)),
            _ => (Reach::Rings, None),
        };
        assert_eq!(reach, expected);
        if let Some(count) = what {
            count.fetch_add(1, Ordering::Relaxed);
        }
        Callee { user, reach }
    }

    fn invite(&mut self, at: usize, by: UserId, user: UserId) {
        let (now, callees) = (self.now, [self.callee(user, by, Some(at))]);
        let Some((call, model)) = self.calls.get_mut(&at) else { return };
        let said = call.invite(Timestamp(now), by, &callees).map(|events| !events.is_empty());
        assert_eq!(said, model.invite(now, by, &callees));
    }

    /// Answers or joins a call, and leaves or holds the call that the person is in.
    fn come(&mut self, at: usize, user: UserId, device: DeviceId, other: Option<OtherCall>, answers: bool) {
        let others: Vec<usize> = self.inside(user).into_iter().filter(|there| *there != at).collect();
        let may = match other {
            _ if others.is_empty() => true,
            None => false,
            Some(OtherCall::Leave) => true,
            Some(OtherCall::Hold) => self.patient.contains(&user) && others.len() == 1,
        };
        let media = OwnMedia::default();
        let input =
            if answers { Input::Accept { user, device, media } } else { Input::Join { user, device, media } };
        if !may || !self.tell(at, input) {
            return;
        }
        if other == Some(OtherCall::Hold) && !others.is_empty() {
            self.tried.held.fetch_add(1, Ordering::Relaxed);
        }
        for there in others.into_iter().filter(|_| other == Some(OtherCall::Leave)) {
            let device = self.calls[&there].0.record().seat(user).and_then(|seat| seat.device_id);
            let device = device.expect("sits there with one");
            assert!(self.tell(there, Input::Leave { user, device }));
        }
    }

    fn block(&mut self, by: UserId, of: UserId) {
        if by == of || !self.blocks.insert((by, of)) {
            return;
        }
        for at in 0..CONVERSATIONS.len() {
            let theirs = self.calls.get(&at).is_some_and(|(call, _)| call.record().initiator_id == of);
            if theirs && self.tell(at, Input::Silence { user: by }) {
                self.tried.silenced.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Returns the conversations in whose call the person is.
    fn inside(&self, user: UserId) -> Vec<usize> {
        let is_in = |model: &Reference| model.person(user).is_some_and(Person::inside);
        self.calls.iter().filter(|(_, (_, model))| is_in(model)).map(|(at, _)| *at).collect()
    }

    /// Checks the machines against their models, and the limits that hold over all calls together.
    fn check(&self) {
        for (call, model) in self.calls.values() {
            compare(call, model);
        }
        for user in (1..5).map(|n| UserId(uuid(n))) {
            let most = if self.patient.contains(&user) { 2 } else { 1 };
            assert!(self.inside(user).len() <= most, "{user} sits in too many");
            let seats = self.calls.values().filter_map(|(call, _)| call.record().seat(user));
            let rung = seats.filter(|seat| seat.is_pending() && !seat.hidden).count();
            assert!(rung <= 1, "{user} is rung by {rung} at once");
        }
        for (by, of) in &self.blocks {
            let theirs = self.calls.values().filter(|(call, _)| call.record().initiator_id == *of);
            let heard = |call: &Call| call.record().seat(*by).is_some_and(|s| s.is_pending() && !s.hidden);
            for (call, _) in theirs {
                // In a group somebody else may still ring them.
                assert!(call.record().mode == CallMode::Group || !heard(call), "a blocked call rings");
            }
        }
    }
}
