//! The messages between servers: a header of fixed size, and the frame as it was serialized.

use crate::storage::CallChange;
use axum::extract::ws::Utf8Bytes;
use parley_protocol::{CallId, DeviceId, SessionId, UserId};
use uuid::Uuid;

/// A message from one server to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    Frame {
        filter: Filter,
        frame: Utf8Bytes,
    },
    Revoked(SessionId),
    Replaced(DeviceId),
    Changed(CallChange),
    Renamed(UserId),
    /// The loss of an earlier note by the sender.
    Gap,
    /// The heartbeat that a server sends to itself.
    Beat,
}

/// The devices that receive a frame, among those of the channel's person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    All,
    But(DeviceId),
    Only(DeviceId),
}

impl Note {
    /// Serializes the note: the sender, one byte for the kind, an id, and the rest.
    pub fn write(&self, origin: Uuid) -> Vec<u8> {
        let (kind, id) = match self {
            Self::Frame { filter: Filter::All, .. } => (0, None),
            Self::Frame { filter: Filter::But(device), .. } => (1, Some(device.0)),
            Self::Frame { filter: Filter::Only(device), .. } => (2, Some(device.0)),
            Self::Revoked(session) => (3, Some(session.0)),
            Self::Replaced(device) => (4, Some(device.0)),
            Self::Changed(changed) => (5, Some(changed.call.0)),
            Self::Renamed(user) => (6, Some(user.0)),
            Self::Gap => (7, None),
            Self::Beat => (8, None),
        };
        let mut bytes = Vec::with_capacity(40);
        bytes.extend_from_slice(origin.as_bytes());
        bytes.push(kind);
        bytes.extend_from_slice(id.unwrap_or_default().as_bytes());
        match self {
            Self::Frame { frame, .. } => bytes.extend_from_slice(frame.as_bytes()),
            Self::Changed(changed) => {
                bytes.extend_from_slice(&changed.version.to_be_bytes());
                bytes.push(u8::from(changed.over));
            }
            _ => {}
        }
        bytes
    }

    /// Parses a note and its sender. Returns `None` for malformed bytes and for kinds of a newer version.
    pub fn read(bytes: &[u8]) -> Option<(Uuid, Self)> {
        let (origin, rest) = bytes.split_first_chunk::<16>()?;
        let (&[kind], rest) = rest.split_first_chunk::<1>()?;
        let (id, rest) = rest.split_first_chunk::<16>()?;
        let id = Uuid::from_bytes(*id);
        let framed = |filter| {
            let frame = Utf8Bytes::from(str::from_utf8(rest).ok()?);
            Some(Self::Frame { filter, frame })
        };
        let note = match kind {
            0 => framed(Filter::All)?,
            1 => framed(Filter::But(DeviceId(id)))?,
            2 => framed(Filter::Only(DeviceId(id)))?,
            3 => Self::Revoked(SessionId(id)),
            4 => Self::Replaced(DeviceId(id)),
            5 => {
                let (version, over) = rest.split_first_chunk::<4>()?;
                let version = u32::from_be_bytes(*version);
                Self::Changed(CallChange { call: CallId(id), version, over: over == [1] })
            }
            6 => Self::Renamed(UserId(id)),
            7 => Self::Gap,
            8 => Self::Beat,
            _ => return None,
        };
        Some((Uuid::from_bytes(*origin), note))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_note_is_read_back() {
        let (origin, id) = (Uuid::now_v7(), Uuid::now_v7());
        let frame = Utf8Bytes::from("{\"type\":\"é\"}");
        let notes = [
            Note::Frame { filter: Filter::All, frame: frame.clone() },
            Note::Frame { filter: Filter::But(DeviceId(id)), frame: frame.clone() },
            Note::Frame { filter: Filter::Only(DeviceId(id)), frame },
            Note::Revoked(SessionId(id)),
            Note::Replaced(DeviceId(id)),
            Note::Changed(CallChange { call: CallId(id), version: 70_000, over: true }),
            Note::Changed(CallChange { call: CallId(id), version: 1, over: false }),
            Note::Renamed(UserId(id)),
            Note::Gap,
            Note::Beat,
        ];
        for note in notes {
            assert_eq!(Note::read(&note.write(origin)), Some((origin, note)));
        }
    }

    #[test]
    fn bytes_that_are_no_note_are_ignored() {
        let whole = Note::Frame { filter: Filter::All, frame: Utf8Bytes::from("x") }.write(Uuid::nil());
        for length in 0..33 {
            assert_eq!(Note::read(&whole[..length]), None);
        }
        let mut odd = whole;
        odd[33] = 0xff;
        assert_eq!(Note::read(&odd), None, "no text");
        odd[16] = 200;
        assert_eq!(Note::read(&odd), None, "a kind of the future");
    }
}
