//! The side that a bad link is due to, and the one action that is offered against it.

use super::{Score, flow::Flow, score};

/// The round trip time to the own server from which on the own line is at fault.
const SERVER_SLOW_MS: u32 = 300;

/// The side that a fault is on, sorted so that those come first that the person can do something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    OwnUplink,
    OwnDownlink,
    /// Somewhere on the way, or unknown: with two people there may be nothing to compare.
    Between,
    Theirs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    TurnOffVideo,
    /// A call without the pictures of the others.
    RefuseVideo,
    /// A call without pictures in either direction.
    AudioOnly,
}

/// The circumstances of a round of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Around {
    /// The round trip time of a ping over the socket.
    pub server_rtt_ms: Option<u32>,
    pub sends_video: bool,
    pub receives_video: bool,
}

/// The direction in which packets are lost or come unevenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    #[default]
    Neither,
    Up,
    Down,
    Both,
}

impl Way {
    pub const fn of(up: bool, down: bool) -> Self {
        match (up, down) {
            (false, false) => Self::Neither,
            (true, false) => Self::Up,
            (false, true) => Self::Down,
            (true, true) => Self::Both,
        }
    }

    const fn is_up(self) -> bool {
        matches!(self, Self::Up | Self::Both)
    }

    const fn is_down(self) -> bool {
        matches!(self, Self::Down | Self::Both)
    }
}

/// The fault of one link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fault {
    pub way: Way,
    pub delay: bool,
    /// Whether the browser sends less than it wants to.
    pub limited: bool,
}

impl Fault {
    pub const fn any(self) -> bool {
        self.delay || !matches!(self.way, Way::Neither)
    }
}

pub fn is_bad_without_delay(flow: &Flow) -> bool {
    score::of_flow(None, flow) <= Score::Fair
}

/// Returns the side for each link; `None` where nothing is wrong.
pub fn sides(faults: &[Fault], around: Around) -> Vec<Option<Side>> {
    if let [fault] = faults {
        return vec![fault.any().then(|| alone(*fault, around))];
    }
    let most =
        |wrong: fn(&Fault) -> bool| faults.iter().filter(|fault| wrong(fault)).count() * 2 > faults.len();
    let own = if most(|fault| fault.way.is_up()) {
        Some(Side::OwnUplink)
    } else if most(|fault| fault.way.is_down()) {
        Some(Side::OwnDownlink)
    } else if most(|fault| fault.delay) {
        Some(if is_slow(around) { Side::OwnUplink } else { Side::Between })
    } else {
        None
    };
    faults.iter().map(|fault| fault.any().then(|| own.unwrap_or(Side::Theirs))).collect()
}

/// Judges the only link, for which there is nothing to compare. Most lines are narrower up than down, so the
/// sender is more likely at fault than the receiver.
fn alone(fault: Fault, around: Around) -> Side {
    match fault.way {
        Way::Up => Side::OwnUplink,
        Way::Down if is_slow(around) => Side::OwnDownlink,
        Way::Down => Side::Theirs,
        Way::Both if fault.limited => Side::OwnUplink,
        Way::Both | Way::Neither if is_slow(around) => Side::OwnUplink,
        Way::Both | Way::Neither => Side::Between,
    }
}

fn is_slow(around: Around) -> bool {
    around.server_rtt_ms.is_some_and(|ms| ms >= SERVER_SLOW_MS)
}

pub fn action(side: Side, around: Around) -> Option<Action> {
    let sends = around.sends_video.then_some(Action::TurnOffVideo);
    let receives = around.receives_video.then_some(Action::RefuseVideo);
    match side {
        Side::OwnUplink => sends,
        // Their sound arrives more easily without their picture.
        Side::OwnDownlink | Side::Theirs => receives,
        Side::Between if sends.is_some() && receives.is_some() => Some(Action::AudioOnly),
        Side::Between => sends.or(receives),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Fault = Fault { way: Way::Neither, delay: false, limited: false };
    const UP: Fault = Fault { way: Way::Up, ..FINE };
    const DOWN: Fault = Fault { way: Way::Down, ..FINE };
    const BOTH: Fault = Fault { way: Way::Both, ..FINE };
    const DELAY: Fault = Fault { delay: true, ..FINE };

    const QUICK: Around = Around { server_rtt_ms: Some(40), sends_video: true, receives_video: true };
    const SLOW: Around = Around { server_rtt_ms: Some(300), ..QUICK };

    #[test]
    fn with_one_other() {
        for (fault, around, expect) in [
            (FINE, SLOW, None),
            (UP, QUICK, Some(Side::OwnUplink)),
            (DOWN, QUICK, Some(Side::Theirs)),
            (DOWN, SLOW, Some(Side::OwnDownlink)),
            (BOTH, QUICK, Some(Side::Between)),
            (BOTH, SLOW, Some(Side::OwnUplink)),
            (Fault { limited: true, ..BOTH }, QUICK, Some(Side::OwnUplink)),
            (DELAY, QUICK, Some(Side::Between)),
            (DELAY, SLOW, Some(Side::OwnUplink)),
            (Fault { limited: true, ..FINE }, SLOW, None),
        ] {
            assert_eq!(sides(&[fault], around), [expect], "{fault:?} {around:?}");
        }
    }

    #[test]
    fn with_several_most_of_them_tell() {
        let theirs = Some(Side::Theirs);
        assert_eq!(sides(&[], QUICK), []);
        assert_eq!(sides(&[UP, FINE], QUICK), [theirs, None], "one of two may be theirs");
        assert_eq!(sides(&[UP, UP], QUICK), [Some(Side::OwnUplink); 2]);
        assert_eq!(
            sides(&[FINE, DOWN, DOWN], QUICK),
            [None, Some(Side::OwnDownlink), Some(Side::OwnDownlink)]
        );
        assert_eq!(sides(&[FINE, BOTH, FINE], SLOW), [None, theirs, None]);
        assert_eq!(sides(&[DELAY, DELAY, FINE], QUICK), [Some(Side::Between), Some(Side::Between), None]);
    }

    #[test]
    fn an_offered_action_would_change_something() {
        let video = |sends_video, receives_video| Around { server_rtt_ms: None, sends_video, receives_video };
        for (side, around, expect) in [
            (Side::OwnUplink, video(true, true), Some(Action::TurnOffVideo)),
            (Side::OwnUplink, video(false, true), None),
            (Side::OwnDownlink, video(true, true), Some(Action::RefuseVideo)),
            (Side::OwnDownlink, video(true, false), None),
            (Side::Between, video(true, true), Some(Action::AudioOnly)),
            (Side::Between, video(true, false), Some(Action::TurnOffVideo)),
            (Side::Between, video(false, true), Some(Action::RefuseVideo)),
            (Side::Between, video(false, false), None),
            (Side::Theirs, video(true, true), Some(Action::RefuseVideo)),
            (Side::Theirs, video(true, false), None),
        ] {
            assert_eq!(action(side, around), expect, "{side:?} {around:?}");
        }
    }
}
