//! The delay before a room is drawn: it is shown with its first connection, or a moment after the answer.
//!
//! ```text
//!   card ── answered ──► card, connecting ── connected, left, or 0.4 s ──► room, or the next screen
//! ```
//!
//! Drawing a room takes the same thread, and on a small computer the same processors, as making a connection.
//! A person who has clicked waits for a picture and not for an empty frame. So the connection goes first, and
//! the card stays and says that it connects.

use super::view::{Link, Screen};
use crate::time::{Duration, Instant};

/// The longest delay. With a slower connection the person waits for it in the room.
const WAITS: Duration = Duration::from_millis(400);

#[derive(Debug, Default)]
/// The timer that holds a room back. `shown_at` is set while it does.
pub struct RoomReveal {
    shown_at: Option<Instant>,
}

impl RoomReveal {
    /// Returns the time for which `shown` stays before `next` replaces it; `None` to show `next` at once. A
    /// room that follows a room never waits.
    pub fn wait(&mut self, now: Instant, shown: &Screen, next: &Screen) -> Option<Duration> {
        let connects = matches!(next, Screen::Room(room) if room.link == Link::Connecting);
        let enters = connects && !matches!(shown, Screen::Room(_));
        let shown_at = enters.then(|| self.shown_at.unwrap_or(now + WAITS)).filter(|at| *at > now);
        self.shown_at = shown_at;
        shown_at.map(|at| at.since(now))
    }

    /// Checks whether a room is being held back.
    pub fn is_held(&self) -> bool {
        self.shown_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{phone::Room, testing::user};
    use parley_protocol::{
        CallId, ConversationId,
        call::{CallMode, CallType},
        people::UserSummary,
    };

    const ANSWERED: Instant = Instant(5_000);

    fn at(ms: u64) -> Instant {
        ANSWERED + Duration::from_millis(ms)
    }

    fn room(link: Link) -> Screen {
        Screen::Room(Room {
            call_id: CallId(user(9).0),
            conversation_id: ConversationId(user(8).0),
            mode: CallMode::Direct,
            with: UserSummary::named(user(2), "Ben".to_owned()),
            call_type: CallType::Video,
            link,
            since: None,
            own_device: None,
            limit: None,
            people: Vec::new(),
        })
    }

    #[test]
    fn the_room_comes_with_its_first_connection() {
        let mut reveal = RoomReveal::default();
        assert_eq!(reveal.wait(at(0), &Screen::Idle, &room(Link::Connecting)), Some(WAITS));
        assert!(reveal.is_held());
        assert_eq!(
            reveal.wait(at(90), &Screen::Idle, &room(Link::Connecting)),
            Some(Duration::from_millis(310))
        );
        assert_eq!(reveal.wait(at(91), &Screen::Idle, &room(Link::Connected)), None);
        assert!(!reveal.is_held());
    }

    #[test]
    fn a_room_without_a_connection_comes_a_moment_later() {
        let mut reveal = RoomReveal::default();
        reveal.wait(at(0), &Screen::Idle, &room(Link::Connecting));
        assert_eq!(
            reveal.wait(at(399), &Screen::Idle, &room(Link::Connecting)),
            Some(Duration::from_millis(1))
        );
        assert_eq!(reveal.wait(at(400), &Screen::Idle, &room(Link::Connecting)), None);
        assert!(!reveal.is_held());
    }

    #[test]
    fn nothing_else_waits_and_each_room_waits_anew() {
        let mut reveal = RoomReveal::default();
        reveal.wait(at(0), &Screen::Idle, &room(Link::Connecting));
        assert_eq!(reveal.wait(at(10), &Screen::Idle, &Screen::Idle), None, "it was left at once");
        assert_eq!(reveal.wait(at(900), &Screen::Idle, &room(Link::Connecting)), Some(WAITS));
        // A room is on the screen already, so the next one is not held back.
        assert_eq!(reveal.wait(at(901), &room(Link::Connected), &room(Link::Connecting)), None);
    }
}
