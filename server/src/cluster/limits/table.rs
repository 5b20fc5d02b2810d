//! The table of limits: what is limited, how many of it, and within which time. All of it can be configured.

use anyhow::{Context, ensure};
use std::time::Duration;

/// So many within so long.
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
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Limited {
            $($(#[doc = $doc])* $what),+
        }

        impl Limited {
            pub const ALL: &'static [Self] = &[$(Self::$what),+];

            /// As in the names of settings and keys.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$what => $name),+ }
            }

            /// Whether each server counts for itself: so that sockets return, frames are passed on, and calls go on
            /// while Redis is away, and none of them waits for it.
            pub const fn is_by_server(self) -> bool {
                use Limited::{AddressSockets, CallChanges, Frames, Typing, UserSockets};
                matches!(self, UserSockets | AddressSockets | Frames | CallChanges | Typing)
            }

            /// As in a sentence for people.
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
    /// Calls that a person starts and nobody answers.
    CallStarts "call_starts" "calls that nobody answered" 10 / 3600,
    /// Sign-ins from one address, successful or not.
    SignIns "sign_ins" "sign-ins" 60 / 600,
    /// Messages of one person.
    Messages "messages" "messages" 120 / 60,
    /// Conversations that one person begins, and people whom they invite.
    Invitations "invitations" "invitations" 60 / 3600,
    /// Searches of one person.
    Searches "searches" "searches" 120 / 60,
    /// Invite links that are tried from one address.
    InviteTries "invite_tries" "invite links" 60 / 600,
    /// Sockets that one person opens.
    UserSockets "user_sockets" "connections" 120 / 60,
    /// Sockets that are opened from one address.
    AddressSockets "address_sockets" "connections" 1200 / 60,
    /// Frames on one socket. Counted by the socket itself.
    Frames "frames" "messages" 600 / 10,
    /// What one person says of their microphone, camera and media in calls: each is an event that is kept and told to
    /// everyone in the call. Nobody presses a key to talk five times a second for a whole minute.
    CallChanges "call_changes" "changes in calls" 600 / 60,
    /// How often it is said that one person writes. What is more than that is not said, and not refused.
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

    /// Reads `10/3600`: so many within so many seconds. There is no way to say "no limit".
    pub fn set(&mut self, what: Limited, text: &str) -> anyhow::Result<()> {
        let (count, seconds) =
            text.split_once('/').context("looks like 10/3600: so many in so many seconds")?;
        let (count, seconds): (u32, u64) = (count.trim().parse()?, seconds.trim().parse()?);
        ensure!((1..=1_000_000).contains(&count), "must allow 1 to 1000000");
        ensure!((1..=86_400).contains(&seconds), "must be within 1 to 86400 seconds");
        self.0[what as usize] = Rule { count, within: Duration::from_secs(seconds) };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_and_never_switched_off() {
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
