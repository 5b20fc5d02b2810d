//! The conversion of a call's record to rows and back.

use super::{
    StoreError, Stored,
    plain::Cells,
    tables::{call_participants as participants, calls},
};
use parley_core::{
    call::{Record, Seat},
    time::Duration,
};
use parley_protocol::{
    CallId, ConversationId, DeviceId, Timestamp, UserId,
    call::{EndReason, OwnMedia},
};
use std::str::FromStr;

/// Parses a word that a column keeps.
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
        plan: word(&row.plan)?,
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

pub(super) fn call_row(record: &Record, deadline: Option<Timestamp>) -> Cells<calls::Entity> {
    use calls::Column;
    let max_duration = record.max_duration.map(|d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    vec![
        (Column::Id, record.id.0.into()),
        (Column::ConversationId, record.conversation_id.0.into()),
        (Column::InitiatorId, record.initiator_id.0.into()),
        (Column::CallType, record.call_type.as_str().into()),
        (Column::Mode, record.mode.as_str().into()),
        (Column::Engine, record.engine.as_str().into()),
        (Column::Status, record.status.as_str().into()),
        (Column::Version, i64::from(record.version).into()),
        (Column::CreatedAt, record.created_at.0.into()),
        (Column::RingDeadline, record.ring_deadline.0.into()),
        (Column::ConnectDeadline, millis(record.connect_deadline).into()),
        (Column::AcceptedAt, millis(record.accepted_at).into()),
        (Column::ConnectedAt, millis(record.connected_at).into()),
        (Column::EndedAt, millis(record.ended_at).into()),
        (Column::DurationSeconds, record.duration_seconds().map(i64::from).into()),
        (Column::EndReason, record.end_reason.map(EndReason::as_str).into()),
        (Column::DeadlineAt, millis(deadline).into()),
        (Column::MaxParticipants, small(record.capacity).into()),
        (Column::MaxDurationMs, max_duration.into()),
        (Column::Plan, record.plan.as_str().into()),
        (Column::Warned, record.warned.into()),
        (Column::AloneDeadline, millis(record.alone_deadline).into()),
    ]
}

pub(super) fn seat_row(call: CallId, position: usize, seat: &Seat) -> Cells<participants::Entity> {
    use participants::Column;
    let ringing_on: Vec<String> = seat.ringing_on.iter().map(|id| id.0.simple().to_string()).collect();
    vec![
        (Column::CallId, call.0.into()),
        (Column::UserId, seat.user_id.0.into()),
        (Column::Position, i32::try_from(position).unwrap_or(i32::MAX).into()),
        (Column::Role, seat.role.as_str().into()),
        (Column::Status, seat.status.as_str().into()),
        (Column::DeviceId, seat.device_id.map(|id| id.0).into()),
        (Column::RingingOn, ringing_on.join(" ").into()),
        (Column::MediaDeadline, millis(seat.media_deadline).into()),
        (Column::SocketDeadline, millis(seat.socket_deadline).into()),
        (Column::Muted, seat.media.muted.into()),
        (Column::Video, seat.media.video.into()),
        (Column::InvitedAt, seat.invited_at.0.into()),
        (Column::JoinedAt, millis(seat.joined_at).into()),
        (Column::LeftAt, millis(seat.left_at).into()),
        (Column::LeaveReason, seat.leave_reason.map(EndReason::as_str).into()),
        (Column::Hidden, seat.hidden.into()),
        (Column::RingDeadline, millis(seat.ring_deadline).into()),
        (Column::Screen, seat.media.screen.into()),
        (Column::Hand, seat.media.hand.into()),
        (Column::Mutes, small(seat.mutes).into()),
    ]
}

fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
