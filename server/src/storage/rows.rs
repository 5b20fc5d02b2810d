//! A call's record as rows, and back.

use super::{
    StoreError, Stored,
    tables::{call_participants as participants, calls},
};
use parley_core::{
    call::{Record, Seat},
    time::Duration,
};
use parley_protocol::{CallId, ConversationId, DeviceId, Timestamp, UserId, call::OwnMedia};
use sea_orm::ActiveValue::Set;
use std::str::FromStr;

pub(super) fn word<T: FromStr>(text: &str) -> Stored<T> {
    text.parse().map_err(|_| StoreError::bad_row(text))
}

fn maybe_word<T: FromStr>(text: Option<&String>) -> Stored<Option<T>> {
    text.map(|text| word(text)).transpose()
}

fn millis(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_millis)
}

fn count<T: TryInto<u32>>(number: T, what: &str) -> Stored<u32> {
    number.try_into().map_err(|_| StoreError::bad_row(what))
}

fn duration(millis: i64) -> Stored<Duration> {
    u64::try_from(millis).map(Duration::from_millis).map_err(|_| StoreError::bad_row("duration"))
}

pub(super) fn record(row: &calls::Model, seats: &[participants::Model]) -> Stored<Record> {
    Ok(Record {
        id: CallId(row.id),
        conversation_id: ConversationId(row.conversation_id),
        initiator_id: UserId(row.initiator_id),
        call_type: word(&row.call_type)?,
        mode: word(&row.mode)?,
        engine: word(&row.engine)?,
        status: word(&row.status)?,
        version: count(row.version, "version")?,
        created_at: Timestamp(row.created_at),
        ring_deadline: Timestamp(row.ring_deadline),
        connect_deadline: row.connect_deadline.map(Timestamp),
        alone_deadline: row.alone_deadline.map(Timestamp),
        max_duration: row.max_duration_ms.map(duration).transpose()?,
        warned: row.warned,
        capacity: count(row.max_participants, "max_participants")?,
        accepted_at: row.accepted_at.map(Timestamp),
        connected_at: row.connected_at.map(Timestamp),
        ended_at: row.ended_at.map(Timestamp),
        end_reason: maybe_word(row.end_reason.as_ref())?,
        participants: seats.iter().filter(|seat| seat.call_id == row.id).map(seat).collect::<Stored<_>>()?,
    })
}

fn seat(row: &participants::Model) -> Stored<Seat> {
    Ok(Seat {
        user_id: UserId(row.user_id),
        role: word(&row.role)?,
        status: word(&row.status)?,
        hidden: row.hidden,
        device_id: row.device_id.map(DeviceId),
        ringing_on: row.ringing_on.split_whitespace().map(word).collect::<Stored<_>>()?,
        ring_deadline: row.ring_deadline.map(Timestamp),
        media_deadline: row.media_deadline.map(Timestamp),
        socket_deadline: row.socket_deadline.map(Timestamp),
        media: OwnMedia { muted: row.muted, video: row.video, screen: row.screen, hand: row.hand },
        mutes: count(row.mutes, "mutes")?,
        invited_at: Timestamp(row.invited_at),
        joined_at: row.joined_at.map(Timestamp),
        left_at: row.left_at.map(Timestamp),
        leave_reason: maybe_word(row.leave_reason.as_ref())?,
    })
}

pub(super) fn call_row(record: &Record, deadline: Option<Timestamp>) -> calls::ActiveModel {
    calls::ActiveModel {
        id: Set(record.id.0),
        conversation_id: Set(record.conversation_id.0),
        initiator_id: Set(record.initiator_id.0),
        call_type: Set(record.call_type.to_string()),
        mode: Set(record.mode.to_string()),
        engine: Set(record.engine.to_string()),
        status: Set(record.status.to_string()),
        version: Set(record.version.into()),
        created_at: Set(record.created_at.0),
        ring_deadline: Set(record.ring_deadline.0),
        connect_deadline: Set(millis(record.connect_deadline)),
        accepted_at: Set(millis(record.accepted_at)),
        connected_at: Set(millis(record.connected_at)),
        ended_at: Set(millis(record.ended_at)),
        duration_seconds: Set(record.duration_seconds().map(Into::into)),
        end_reason: Set(record.end_reason.map(|reason| reason.to_string())),
        deadline_at: Set(millis(deadline)),
        max_participants: Set(i32::try_from(record.capacity).unwrap_or(i32::MAX)),
        max_duration_ms: Set(record.max_duration.map(|d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))),
        warned: Set(record.warned),
        alone_deadline: Set(millis(record.alone_deadline)),
    }
}

pub(super) fn seat_row(call: CallId, position: usize, seat: &Seat) -> participants::ActiveModel {
    let ringing_on: Vec<String> = seat.ringing_on.iter().map(|id| id.0.simple().to_string()).collect();
    participants::ActiveModel {
        call_id: Set(call.0),
        user_id: Set(seat.user_id.0),
        position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
        role: Set(seat.role.to_string()),
        status: Set(seat.status.to_string()),
        device_id: Set(seat.device_id.map(|id| id.0)),
        ringing_on: Set(ringing_on.join(" ")),
        media_deadline: Set(millis(seat.media_deadline)),
        socket_deadline: Set(millis(seat.socket_deadline)),
        muted: Set(seat.media.muted),
        video: Set(seat.media.video),
        invited_at: Set(seat.invited_at.0),
        joined_at: Set(millis(seat.joined_at)),
        left_at: Set(millis(seat.left_at)),
        leave_reason: Set(seat.leave_reason.map(|reason| reason.to_string())),
        hidden: Set(seat.hidden),
        ring_deadline: Set(millis(seat.ring_deadline)),
        screen: Set(seat.media.screen),
        hand: Set(seat.media.hand),
        mutes: Set(i32::try_from(seat.mutes).unwrap_or(i32::MAX)),
    }
}
