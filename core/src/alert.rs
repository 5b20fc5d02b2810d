//! The sounds of calls as notes, and the sound that each change of the screen asks for.
//!
//! Every ring has exactly one end: a sound that repeats belongs to a screen, and the next screen ends it.

use crate::{
    phone::{Link, Outcome, Room, Screen, Stage},
    time::Duration,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    pub hertz: u16,
    pub from_ms: u16,
    pub length_ms: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    pub notes: &'static [Note],
    /// The period of a sound that repeats until another one is asked for.
    pub every: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    Silence,
    /// The ringtone of this browser: played in one tab only, with a system notice for a person who looks
    /// elsewhere.
    Ring,
    Play(Sound),
}

const fn note(hertz: u16, from_ms: u16, length_ms: u16) -> Note {
    Note { hertz, from_ms, length_ms }
}

const fn again(notes: &'static [Note], every_ms: u64) -> Sound {
    Sound { notes, every: Some(Duration::from_millis(every_ms)) }
}

const fn once(notes: &'static [Note]) -> Sound {
    Sound { notes, every: None }
}

/// The sound of an incoming call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ringtone {
    #[default]
    Rise,
    Bell,
    Drops,
    Low,
}

impl Ringtone {
    pub const ALL: [Self; 4] = [Self::Rise, Self::Bell, Self::Drops, Self::Low];

    /// Returns the key under which a browser stores the choice.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Rise => "rise",
            Self::Bell => "bell",
            Self::Drops => "drops",
            Self::Low => "low",
        }
    }

    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ringtone| ringtone.key() == key)
    }

    pub const fn sound(self) -> Sound {
        match self {
            Self::Rise => RISE,
            Self::Bell => BELL,
            Self::Drops => DROPS,
            Self::Low => LOW,
        }
    }
}

const RISE: Sound = again(
    &[
        note(659, 0, 220),
        note(784, 180, 220),
        note(988, 360, 420),
        note(659, 900, 220),
        note(784, 1_080, 220),
        note(988, 1_260, 420),
    ],
    3_200,
);
/// Two strokes, each with the octave above it.
const BELL: Sound =
    again(&[note(784, 0, 900), note(1_568, 0, 500), note(622, 1_000, 900), note(1_244, 1_000, 500)], 3_600);
const DROPS: Sound = again(
    &[
        note(1_319, 0, 90),
        note(1_047, 140, 90),
        note(1_175, 280, 90),
        note(880, 420, 160),
        note(1_319, 900, 90),
        note(1_047, 1_040, 90),
        note(1_175, 1_180, 90),
        note(880, 1_320, 160),
    ],
    3_000,
);
const LOW: Sound = again(&[note(294, 0, 500), note(370, 420, 500), note(440, 840, 900)], 3_800);
/// The sound of a waiting call; soft, because people speak meanwhile.
pub const WAITS: &[Note] =
    &[note(659, 0, 120), note(880, 160, 160), note(659, 600, 120), note(880, 760, 160)];
const RING_BACK: Sound = again(&[note(425, 0, 1_000)], 4_000);
const BUSY: Sound = once(&[note(425, 0, 250), note(425, 500, 250), note(425, 1_000, 250)]);
const REFUSED: Sound = once(&[note(494, 0, 140), note(392, 160, 220)]);
const CONNECTED: Sound = once(&[note(587, 0, 90), note(880, 110, 140)]);
const ENDED: Sound = once(&[note(523, 0, 110), note(392, 130, 170)]);

/// Returns the sound that a change of the screen asks for; `None` lets the current one go on.
pub fn alert(before: &Screen, after: &Screen) -> Option<Alert> {
    Some(match (before, after) {
        (Screen::Incoming(old), Screen::Incoming(new)) if old.call_id == new.call_id => return None,
        (_, Screen::Incoming(_)) => Alert::Ring,
        (Screen::Outgoing(old), Screen::Outgoing(new)) if old.stage == new.stage => return None,
        (_, Screen::Outgoing(call)) if call.stage == Stage::Ringing => Alert::Play(RING_BACK),
        (Screen::Room(old), Screen::Room(new)) if connects(old, new) => Alert::Play(CONNECTED),
        (Screen::Room(_), Screen::Room(_))
        // The sound of the end may fade while its screen is dismissed.
        | (Screen::Over(_), Screen::Over(_) | Screen::Idle)
        | (Screen::Idle, Screen::Idle) => return None,
        (Screen::Incoming(_) | Screen::Outgoing(_), Screen::Room(new)) if new.link == Link::Connected => {
            Alert::Play(CONNECTED)
        }
        (Screen::Outgoing(_), Screen::Over(over)) if over.outcome == Outcome::Busy => Alert::Play(BUSY),
        (Screen::Outgoing(_), Screen::Over(_)) => Alert::Play(REFUSED),
        (Screen::Room(_), Screen::Over(_)) => Alert::Play(ENDED),
        _ => Alert::Silence,
    })
}

/// Checks whether the room has connected for the first time. No sound is played before: it would compete with
/// the making of the connection for the browser's time.
fn connects(old: &Room, new: &Room) -> bool {
    (old.link, new.link) == (Link::Connecting, Link::Connected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::{Incoming, Outgoing, Over};
    use parley_protocol::{
        call::{CallMode, CallType},
        people::UserSummary,
    };

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(n: u8) -> T {
        format!("00000000-0000-0000-0000-0000000000{n:02}").parse().unwrap()
    }

    fn person() -> UserSummary {
        UserSummary::named(id(1), "Ana")
    }

    fn incoming(n: u8) -> Screen {
        Screen::Incoming(Incoming {
            call_id: id(n),
            conversation_id: id(9),
            mode: CallMode::Direct,
            from: person(),
            call_type: CallType::Audio,
        })
    }

    fn outgoing(stage: Stage) -> Screen {
        Screen::Outgoing(Outgoing { to: person(), call_type: CallType::Audio, stage })
    }

    fn room(link: Link) -> Screen {
        Screen::Room(Room {
            call_id: id(1),
            conversation_id: id(9),
            mode: CallMode::Direct,
            with: person(),
            call_type: CallType::Audio,
            link,
            since: None,
            own_device: None,
            limit: None,
            people: Vec::new(),
        })
    }

    fn over(outcome: Outcome) -> Screen {
        Screen::Over(Over {
            with: person(),
            conversation_id: id(9),
            call_type: CallType::Audio,
            outcome,
            seconds: None,
            goes_on: None,
        })
    }

    #[test]
    fn an_incoming_call_rings_until_the_next_screen() {
        assert_eq!(alert(&Screen::Idle, &incoming(1)), Some(Alert::Ring));
        assert_eq!(alert(&incoming(1), &incoming(1)), None);
        assert_eq!(alert(&incoming(1), &incoming(2)), Some(Alert::Ring));
        for next in [Screen::Idle, over(Outcome::Canceled), over(Outcome::AnsweredElsewhere)] {
            assert_eq!(alert(&incoming(1), &next), Some(Alert::Silence), "{next:?}");
        }
        assert_eq!(alert(&incoming(1), &room(Link::Connecting)), Some(Alert::Silence));
    }

    #[test]
    fn both_hear_that_they_are_connected_once() {
        for before in [incoming(1), outgoing(Stage::Ringing), room(Link::Connecting)] {
            assert_eq!(alert(&before, &room(Link::Connected)), Some(Alert::Play(CONNECTED)), "{before:?}");
        }
        assert_eq!(alert(&room(Link::Reconnecting), &room(Link::Connected)), None);
        assert_eq!(alert(&room(Link::Connected), &room(Link::Connected)), None);
    }

    #[test]
    fn the_caller_hears_honestly_how_far_it_is() {
        assert_eq!(alert(&Screen::Idle, &outgoing(Stage::Calling)), Some(Alert::Silence));
        assert_eq!(alert(&outgoing(Stage::Calling), &outgoing(Stage::Ringing)), Some(Alert::Play(RING_BACK)));
        assert_eq!(alert(&outgoing(Stage::Ringing), &outgoing(Stage::Ringing)), None);
        let end = |outcome| alert(&outgoing(Stage::Ringing), &over(outcome));
        assert_eq!(end(Outcome::Busy), Some(Alert::Play(BUSY)));
        assert_eq!(end(Outcome::NoAnswer), Some(Alert::Play(REFUSED)));
        assert_eq!(alert(&outgoing(Stage::Ringing), &Screen::Idle), Some(Alert::Silence));
    }

    #[test]
    fn nothing_sounds_inside_a_room_but_its_end_does() {
        assert_eq!(alert(&room(Link::Connected), &room(Link::Reconnecting)), None);
        assert_eq!(alert(&room(Link::Connected), &over(Outcome::Ended)), Some(Alert::Play(ENDED)));
        assert_eq!(alert(&over(Outcome::Ended), &Screen::Idle), None);
    }

    #[test]
    fn a_ringtone_is_found_again_by_its_key() {
        for ringtone in Ringtone::ALL {
            assert_eq!(Ringtone::of(ringtone.key()), Some(ringtone));
        }
        assert_eq!(Ringtone::of("loud"), None);
    }

    #[test]
    fn a_repeating_sound_is_shorter_than_its_period() {
        for sound in Ringtone::ALL.map(Ringtone::sound).into_iter().chain([RING_BACK]) {
            let end = sound.notes.iter().map(|note| u128::from(note.from_ms + note.length_ms)).max();
            assert!(end < sound.every.map(|every| every.as_millis()));
        }
    }
}
