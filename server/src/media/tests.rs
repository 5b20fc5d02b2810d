//! Tests of the choice of an engine, and of the orders to an engine with rooms.

use super::*;
use async_trait::async_trait;
use parley_core::call::{Call, Callee, Input, Reach, Rules, Start};
use parley_protocol::{
    CallId, ConversationId, DeviceId,
    call::{CallMode, CallType, OwnMedia},
    people::Plan,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

#[derive(Debug, PartialEq, Eq)]
enum Did {
    Opened(CallId),
    Removed(UserId),
    Closed(CallId),
}

/// An engine for a hundred people that reports each order it gets.
struct Rooms(UnboundedSender<Did>);

#[async_trait]
impl MediaEngine for Rooms {
    fn engine(&self) -> Engine {
        Engine::Livekit
    }

    fn capacity(&self) -> u32 {
        100
    }

    fn ice(&self, _user: UserId) -> IceConfig {
        IceConfig::default()
    }

    fn admit(&self, room: &EngineRoom, user: UserId, now: Timestamp) -> EnginePass {
        let token = Some(format!("{user} in {}", room.name()));
        EnginePass { url: Some("wss://media.test".to_owned()), token, expires_at: now }
    }

    fn has_rooms(&self) -> bool {
        true
    }

    async fn open(&self, room: &EngineRoom) -> Result<(), Failed> {
        // A slow opening, which a close must not overtake.
        tokio::task::yield_now().await;
        self.0.send(Did::Opened(room.call)).map_err(|error| Failed(error.to_string()))
    }

    async fn remove(&self, _room: &EngineRoom, user: UserId) -> Result<(), Failed> {
        self.0.send(Did::Removed(user)).map_err(|error| Failed(error.to_string()))
    }

    async fn close(&self, room: &EngineRoom) -> Result<(), Failed> {
        self.0.send(Did::Closed(room.call)).map_err(|error| Failed(error.to_string()))
    }
}

fn media() -> (Media, UnboundedReceiver<Did>) {
    let (did, heard) = unbounded_channel();
    let mesh = Arc::new(PeerToPeer::new(&Config::default()));
    let rooms: Arc<dyn MediaEngine> = Arc::new(Rooms(did));
    (Media::of(mesh, vec![rooms]), heard)
}

#[test]
fn the_first_engine_that_holds_them_all_is_picked() {
    let (media, _) = media();
    for (people, engine) in [(2, Engine::P2p), (8, Engine::P2p), (9, Engine::Livekit), (101, Engine::Livekit)]
    {
        assert_eq!(media.pick(people).engine(), engine, "{people}");
    }
    let alone = Media::new(&Config::default());
    assert_eq!(alone.pick(100).engine(), Engine::P2p, "eight of them can come");
}

#[tokio::test]
async fn an_engine_with_rooms_follows_what_is_decided() {
    let (media, mut heard) = media();
    let [ana, ben, cleo] = [(); 3].map(|()| UserId(Uuid::now_v7()));
    let device = DeviceId(Uuid::now_v7());
    let wish = Start {
        id: CallId(Uuid::now_v7()),
        conversation_id: ConversationId(Uuid::now_v7()),
        call_type: CallType::Audio,
        mode: CallMode::Group,
        engine: Engine::Livekit,
        user: ana,
        device,
        media: OwnMedia::default(),
        callees: [ben, cleo].map(|user| Callee { user, reach: Reach::Rings }).to_vec(),
        capacity: 100,
        plan: Plan::Free,
        max_duration: None,
    };
    let now = Timestamp(0);
    let (mut call, begun) = Call::start(now, Rules::default(), &wish);
    media.follow(call.record(), &begun);
    let steps = [
        Input::Accept { user: ben, device, media: OwnMedia::default() },
        Input::Accept { user: cleo, device, media: OwnMedia::default() },
        Input::Kick { by: ana, user: cleo },
        Input::Leave { user: ben, device },
        Input::End { user: ana },
    ];
    for step in steps {
        let events = call.handle(now, step).unwrap();
        media.follow(call.record(), &events);
    }
    let mut all = Vec::new();
    while all.last() != Some(&Did::Closed(wish.id)) {
        all.extend(heard.recv().await);
    }
    assert_eq!(all, [Did::Opened(wish.id), Did::Removed(cleo), Did::Removed(ben), Did::Closed(wish.id)]);
    let pass = media.admit(call.record(), ana, now);
    assert_eq!(pass.token, Some(format!("{ana} in {}", wish.id)));
}
