//! The switch of the microphone, and push-to-talk: a key that opens it for as long as it is held.
//!
//! ```text
//!           toggle            press
//!   open ◄──────────► muted ─────────► held ── release, blur, hidden ──► muted
//!    │                 ▲  ▲             │
//!    └── by another ───┘  │             │ by another, toggle
//!                         └── release ──┤
//!                             blur ... spent   (the key is down and does nothing any more)
//! ```
//!
//! Only the person's own press or toggle opens the microphone. Anything that takes the keyboard away ends the
//! hold muted, because the release may never arrive. A key that the system repeats does not count as pressed
//! again.

/// An act of the person, the page or a moderator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The click on the button, or its shortcut.
    Toggle,
    /// The press of the key to talk; `repeat` as the browser reports it.
    Press {
        repeat: bool,
    },
    Release,
    /// The loss of the keyboard focus by the window.
    Blur,
    /// The page's change to hidden.
    Hidden,
    /// A mute by a moderator.
    MutedByOther,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Talk {
    Open,
    #[default]
    Muted,
    /// Open, because the key is held.
    Held,
    /// Muted, with the key still down: something other than its release ended the hold.
    Spent,
}

impl Talk {
    pub const fn new(muted: bool) -> Self {
        if muted { Self::Muted } else { Self::Open }
    }

    /// Checks whether captured sound may be sent.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Held)
    }

    /// Applies an input, and returns whether it opened or closed the microphone.
    pub fn handle(&mut self, input: Input) -> bool {
        let before = self.is_open();
        *self = self.after(input);
        before != self.is_open()
    }

    const fn after(self, input: Input) -> Self {
        match (self, input) {
            (Self::Muted | Self::Spent, Input::Toggle) => Self::Open,
            (Self::Muted, Input::Press { repeat: false }) => Self::Held,
            (Self::Held, Input::Toggle | Input::MutedByOther) => Self::Spent,
            (Self::Open, Input::Toggle | Input::MutedByOther)
            | (Self::Held | Self::Spent, Input::Release | Input::Blur | Input::Hidden) => Self::Muted,
            (unchanged, _) => unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRESS: Input = Input::Press { repeat: false };
    const REPEAT: Input = Input::Press { repeat: true };

    /// Feeds the inputs, and compares after each whether the microphone is open.
    fn check(muted: bool, script: &[(Input, bool)]) {
        let mut talk = Talk::new(muted);
        for (at, (input, open)) in script.iter().enumerate() {
            let before = talk.is_open();
            let changed = talk.handle(*input);
            assert_eq!(talk.is_open(), *open, "after step {at}, {input:?}");
            assert_eq!(changed, before != *open);
        }
    }

    #[test]
    fn the_switch_opens_and_mutes() {
        check(true, &[(Input::Toggle, true), (Input::Toggle, false), (Input::Toggle, true)]);
    }

    #[test]
    fn the_key_opens_while_it_is_held() {
        check(true, &[(PRESS, true), (REPEAT, true), (REPEAT, true), (Input::Release, false), (PRESS, true)]);
    }

    #[test]
    fn the_key_does_nothing_to_an_open_microphone() {
        check(false, &[(PRESS, true), (REPEAT, true), (Input::Release, true), (Input::Blur, true)]);
    }

    #[test]
    fn a_loss_of_the_keyboard_ends_the_hold_muted() {
        for end in [Input::Blur, Input::Hidden, Input::MutedByOther, Input::Toggle] {
            check(
                true,
                &[(PRESS, true), (end, false), (REPEAT, false), (Input::Release, false), (PRESS, true)],
            );
        }
    }

    #[test]
    fn a_key_that_is_still_down_does_not_undo_a_moderator() {
        check(
            true,
            &[
                (PRESS, true),
                (Input::MutedByOther, false),
                (PRESS, false),
                (REPEAT, false),
                (Input::Release, false),
            ],
        );
    }

    #[test]
    fn a_moderators_mute_stays_until_the_person_acts() {
        check(
            false,
            &[
                (Input::MutedByOther, false),
                (Input::Release, false),
                (Input::Blur, false),
                (Input::Hidden, false),
                (REPEAT, false),
                (Input::MutedByOther, false),
                (Input::Toggle, true),
            ],
        );
    }

    fn inputs() -> impl Strategy<Value = Input> {
        prop_oneof![
            Just(Input::Toggle),
            Just(PRESS),
            Just(REPEAT),
            Just(Input::Release),
            Just(Input::Blur),
            Just(Input::Hidden),
            Just(Input::MutedByOther),
        ]
    }

    proptest! {
        #[test]
        fn only_an_own_act_opens_and_every_end_mutes(
            muted: bool, script in proptest::collection::vec(inputs(), 0..40),
        ) {
            let mut talk = Talk::new(muted);
            for input in script {
                let before = talk;
                if talk.handle(input) && talk.is_open() {
                    prop_assert!(input == Input::Toggle || input == PRESS);
                }
                if input == Input::MutedByOther {
                    prop_assert!(!talk.is_open());
                }
                if before == Talk::Held && matches!(input, Input::Blur | Input::Hidden | Input::Release) {
                    prop_assert_eq!(talk, Talk::Muted);
                }
            }
        }
    }
}
