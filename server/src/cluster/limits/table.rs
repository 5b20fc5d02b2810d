//! The table of limits: each action with the number of uses and the period that it allows. All are
//! configurable.

use anyhow::{Context, ensure};
use std::time::Duration;

/// A number of uses within a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub count: u32,
    pub within: Duration,
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.count, self.within.as_secs())
    }
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])* $what:ident $name:literal $shown:literal $count:literal / $seconds:literal),+ $(,)?) => {
        /// An action that is limited.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Limited {
            $($(#[doc = $doc])* $what),+
        }

        impl Limited {
            pub const ALL: &'static [Self] = &[$(Self::$what),+];

            /// Returns the name for settings and Redis keys.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$what => $name),+ }
            }

            /// Tells whether each server counts by itself. Sockets, frames and calls have to go on while
            /// Redis does not answer, and must not wait for it.
            pub const fn is_by_server(self) -> bool {
                use Limited::{AddressSockets, CallChanges, Changes, Frames, QualityRows, Typing, UserSockets};
                matches!(
                    self,
                    UserSockets | AddressSockets | Frames | CallChanges | Changes | QualityRows | Typing
                )
            }

            /// Returns the plural noun for sentences to people.
            pub const fn shown(self) -> &'static str {
                match self { $(Self::$what => $shown),+ }
            }

            const fn usual(self) -> Rule {
                match self {
                    $(Self::$what => Rule { count: $count, within: Duration::from_secs($seconds) }),+
                }
            }
        }
    };
}

limits! {
    /// Calls of one person that nobody answers.
    CallStarts "call_starts" "calls that nobody answered" 10 / 3600,
    /// Sign-ins from one address, successful or not.
    SignIns "sign_ins" "sign-ins" 60 / 600,
    /// Messages of one person.
    Messages "messages" "messages" 120 / 60,
    /// Conversations that one person begins, and invitations that they send.
    Invitations "invitations" "invitations" 60 / 3600,
    /// Searches of one person.
    Searches "searches" "searches" 120 / 60,
    /// Invite links that are tried from one address.
    InviteTries "invite_tries" "invite links" 60 / 600,
    /// Sockets that one person opens.
    UserSockets "user_sockets" "connections" 120 / 60,
    /// Sockets that are opened from one address.
    AddressSockets "address_sockets" "connections" 1200 / 60,
    /// Frames on one socket; the socket counts them itself.
    Frames "frames" "messages" 600 / 10,
    /// Changes that one person makes to their microphone, camera and media in calls. Each is an event that is
    /// stored and sent to everyone in the call. Push-to-talk five times a second for a whole minute is within
    /// it.
    CallChanges "call_changes" "changes in calls" 600 / 60,
    /// All other changes of one person: names, pictures, roles, blocks, joining, muting. A new route counts
    /// here unless `http::limit` excepts it.
    Changes "changes" "changes" 120 / 60,
    /// Quality samples and connections that the devices of one person report. A device in a call of eight
    /// reports 210 samples a minute.
    QualityRows "quality_rows" "quality reports" 300 / 60,
    /// Typing notices of one person. Those over the limit are dropped without an error.
    Typing "typing" "messages" 1 / 2,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table([Rule; Limited::ALL.len()]);

impl Default for Table {
    fn default() -> Self {
        let mut rules = [Limited::ALL[0].usual(); Limited::ALL.len()];
        for (rule, what) in rules.iter_mut().zip(Limited::ALL) {
            *rule = what.usual();
        }
        Self(rules)
    }
}

impl Table {
    pub fn rule(&self, what: Limited) -> Rule {
        self.0[what as usize]
    }

    /// Parses a rule like `10/3600`, which is a count and a period in seconds. There is no way to say "no
    /// limit".
    pub fn set(&mut self, what: Limited, text: &str) -> anyhow::Result<()> {
        let (count, seconds) =
            text.split_once('/').context("a limit is written as count/seconds, for example 10/3600")?;
        let (count, seconds): (u32, u64) = (count.trim().parse()?, seconds.trim().parse()?);
        ensure!((1..=1_000_000).contains(&count), "the count must be 1 to 1000000");
        ensure!((1..=86_400).contains(&seconds), "the period must be 1 to 86400 seconds");
        self.0[what as usize] = Rule { count, within: Duration::from_secs(seconds) };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_can_be_set_but_not_switched_off() {
        let mut table = Table::default();
        assert_eq!(table.rule(Limited::CallStarts), Rule { count: 10, within: Duration::from_secs(3600) });
        table.set(Limited::Messages, "7 / 9").unwrap();
        assert_eq!(table.rule(Limited::Messages), Rule { count: 7, within: Duration::from_secs(9) });
        assert_eq!(table.rule(Limited::Messages).to_string(), "7/9");
        for wrong in ["", "10", "0/60", "10/0", "-1/60", "off", "1000001/60", "1/86401"] {
            assert!(table.set(Limited::Messages, wrong).is_err(), "{wrong}");
        }
        assert_eq!(table.rule(Limited::Messages).count, 7);
    }
}
