//! The table of results: one column per server, the ratios of Parley to each relay, and the targets.

use std::{fmt::Write, time::Duration};

use crate::{idle::Memory, load::Results, process::Kind};

/// One value per server, in the order of `Kind::ALL`.
type Columns = [f64; Kind::ALL.len()];

struct Row {
    name: String,
    values: Columns,
    due: Option<Due>,
}

#[derive(Clone, Copy)]
enum Due {
    /// At most this value.
    AtMost(f64),
    /// At most this multiple of the value of socket.io.
    Ratio(f64),
}

pub fn print(idle: &[Vec<Memory>], results: &[Results]) {
    let mut rows = Vec::new();
    idle_rows(idle, &mut rows);
    if !results.is_empty() {
        call_rows(results, &mut rows);
    }
    print!("{}", written(&rows));
}

fn idle_rows(idle: &[Vec<Memory>], rows: &mut Vec<Row>) {
    for (nth, memory) in idle.first().into_iter().flatten().enumerate() {
        let of = |value: fn(&Memory) -> f64| columns(|side| idle.get(side)?.get(nth).map(value));
        let sockets = memory.sockets;
        rows.push(row(format!("{sockets} idle sockets: KB each"), of(|memory| memory.each / 1_024.0)));
        let mut total = row(format!("{sockets} idle sockets: MB in all"), of(megabytes));
        // Slightly fewer than 20,000 count as the full size, where a process may not open more files.
        let full = sockets >= 19_000;
        total.due = full.then_some(Due::AtMost(250.0 * count(sockets) / 20_000.0));
        rows.push(total);
    }
}

#[expect(clippy::cast_precision_loss, reason = "bytes of memory are far below 2^52")]
fn megabytes(memory: &Memory) -> f64 {
    memory.total as f64 / 1_000_000.0
}

fn call_rows(results: &[Results], rows: &mut Vec<Row>) {
    percentiles("one after the other", results, |side| handshakes(&side.one_by_one.times), None, rows);
    let sizes = results.first().map(|side| side.at_once.iter().map(|(count, _)| *count).collect::<Vec<_>>());
    for (nth, count) in sizes.unwrap_or_default().into_iter().enumerate() {
        let name = format!("{count} at once");
        let due = match count {
            100 => Some(Due::Ratio(0.7)),
            1_000 => Some(Due::AtMost(250.0)),
            _ => None,
        };
        percentiles(&name, results, |side| handshakes(&side.at_once[nth].1.times), due, rows);
        if count == 100 {
            let name = format!("{count} at once, invitation → ring");
            let ring = |side: &Results| millis(side.at_once[nth].1.times.iter().map(|times| times.ring));
            percentiles(&name, results, ring, Some(Due::AtMost(10.0)), rows);
        }
    }
    percentiles(
        "1,000 a second",
        results,
        |side| handshakes(&side.paced.times),
        Some(Due::AtMost(250.0)),
        rows,
    );
    let of = |value: fn(&Results) -> f64| columns(|side| results.get(side).map(value));
    rows.push(row("whole calls a second, sustained", of(|side| calls(side) / side.sustained_seconds)));
    let mut cpu = row(
        "server CPU seconds per 1,000 calls",
        of(|side| side.sustained_cpu_seconds * 1_000.0 / calls(side)),
    );
    cpu.due = Some(Due::Ratio(0.5));
    rows.push(cpu);
    rows.push(row(
        "load's CPU seconds per 1,000 calls",
        of(|side| side.sustained_load_cpu_seconds * 1_000.0 / calls(side)),
    ));
    let mut errors = row("errors", of(|side| count(errors(side).count())));
    errors.due = Some(Due::AtMost(0.0));
    rows.push(errors);
}

/// Lists all errors of one server.
pub fn errors(side: &Results) -> impl Iterator<Item = &String> {
    let fixed = [&side.one_by_one, &side.paced, &side.sustained];
    let all = fixed.into_iter().chain(side.at_once.iter().map(|(_, outcome)| outcome));
    all.flat_map(|outcome| &outcome.errors)
}

fn calls(side: &Results) -> f64 {
    count(side.sustained.times.len())
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::NAN, f64::from)
}

fn percentiles(
    name: &str,
    results: &[Results],
    of: impl Fn(&Results) -> Vec<f64>,
    due: Option<Due>,
    rows: &mut Vec<Row>,
) {
    let sorted: Vec<Vec<f64>> = results.iter().map(of).collect();
    for percent in [50, 95, 99] {
        let values = columns(|side| sorted.get(side).map(|times| percentile(times, percent)));
        let mut row = row(format!("{name}: p{percent}, ms"), values);
        row.due = due.filter(|_| percent == 99);
        rows.push(row);
    }
}

fn handshakes(times: &[crate::call::Times]) -> Vec<f64> {
    millis(times.iter().map(|times| times.handshake))
}

/// Returns the times in milliseconds, sorted.
fn millis(times: impl Iterator<Item = Duration>) -> Vec<f64> {
    let mut millis: Vec<f64> = times.map(|time| time.as_secs_f64() * 1_000.0).collect();
    millis.sort_by(f64::total_cmp);
    millis
}

/// Returns a percentile by the nearest-rank method.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

fn columns(value: impl Fn(usize) -> Option<f64>) -> Columns {
    std::array::from_fn(|side| value(side).unwrap_or(f64::NAN))
}

fn row(name: impl Into<String>, values: Columns) -> Row {
    Row { name: name.into(), values, due: None }
}

fn written(rows: &[Row]) -> String {
    let mut out = format!("{:<44}", "");
    for kind in Kind::ALL {
        let _ = write!(out, " {:>9}", kind.name());
    }
    out.push_str("   ÷ s.io    ÷ +db     ÷ ws  due\n");
    for Row { name, values, due } in rows {
        let mut line = format!("{name:<44}");
        for value in values {
            let _ = write!(line, " {:>9}", number(*value));
        }
        let [ours, others @ ..] = values;
        for value in others {
            let _ = write!(line, " {:>8}", number(ours / value));
        }
        let verdict = due.map(|due| due.verdict(*ours, others[0])).unwrap_or_default();
        let _ = writeln!(out, "{}", format!("{line}  {verdict}").trim_end());
    }
    out
}

impl Due {
    fn verdict(self, ours: f64, socket_io: f64) -> String {
        let (said, reached) = match self {
            Self::AtMost(most) => (format!("≤ {}", number(most)), ours <= most),
            Self::Ratio(most) => (format!("≤ {most} × s.io"), ours <= most * socket_io),
        };
        format!("{said} {}", if reached { "reached" } else { "missed" })
    }
}

/// Formats a number with about three significant digits.
fn number(value: f64) -> String {
    match value {
        value if value.is_nan() => "–".to_owned(),
        value if value.fract() == 0.0 || value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let sorted: Vec<f64> = (1..=200).map(f64::from).collect();
        let of = |percent| percentile(&sorted, percent);
        assert_eq!([of(50), of(99), of(100)].map(number), ["100", "198", "200"]);
        assert!(percentile(&[], 50).is_nan());
    }

    #[test]
    fn a_row_says_whether_the_target_was_reached() {
        let rows =
            |ours, due| written(&[Row { name: "x".into(), values: [ours, 10.0, 20.0, 5.0], due: Some(due) }]);
        assert!(rows(7.0, Due::Ratio(0.7)).contains("0.70     0.35     1.40  ≤ 0.7 × s.io reached"));
        assert!(rows(7.1, Due::Ratio(0.7)).contains("missed"));
        assert!(rows(0.0, Due::AtMost(0.0)).contains("reached"));
        assert!(rows(f64::NAN, Due::AtMost(1.0)).contains("missed"));
    }
}
