//! Whether the microphone is open: a switch, and a key that opens it for as long as it is held.
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
//! Only the person's own press or toggle opens the microphone. Whatever takes the keyboard away ends the
//! hold muted, for the release may never be heard; a key that repeats itself is not pressed again.

/// What a person, the page and the others do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The button, or its shortcut.
    Toggle,
    /// The key to talk goes down; `repeat` as the browser says it.
    Press {
        repeat: bool,
    },
    Release,
    /// The window lost the keyboard.
    Blur,
    /// The page cannot be seen any longer.
    Hidden,
    /// A moderator muted this person.
    MutedByOther,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Talk {
    Open,
    #[default]
    Muted,
    /// Muted but for the key that is held.
    Held,
    /// The hold was ended by something else than the release, which is still to come.
    Spent,
}

impl Talk {
    pub const fn new(muted: bool) -> Self {
        if muted { Self::Muted } else { Self::Open }
    }

    /// What was captured may be sent.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Held)
    }

    /// True when the input opened or closed the microphone.
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

    /// Feeds the inputs, and compares whether it is open after each.
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
    fn whatever_takes_the_keyboard_away_ends_the_hold_muted() {
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
