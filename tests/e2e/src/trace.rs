//! The work of a page's main thread, from Chromium's trace: in processor time, so that other load on the
//! machine does not count.

use serde_json::Value;
use std::collections::HashMap;

/// The longest gap, in microseconds, between two pieces of work that belong to one stretch: nothing else had
/// its turn in it.
const PAUSE: f64 = 100.0;

/// A stretch of work without a pause.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stretch {
    pub cpu_ms: f64,
    pub wall_ms: f64,
    /// The name of its largest piece.
    pub of: String,
}

struct Piece<'a> {
    thread: (u64, u64),
    begins: f64,
    takes: f64,
    cpu: f64,
    event: &'a Value,
}

/// Returns the stretches of the busiest page of the browser.
pub fn stretches(events: &[Value]) -> Vec<Stretch> {
    let pages: Vec<_> = events.iter().filter(|event| event["args"]["name"] == "CrRendererMain").collect();
    let mut threads: HashMap<_, Vec<Piece<'_>>> = HashMap::new();
    for piece in events.iter().filter_map(piece) {
        if pages.iter().any(|page| thread(page) == Some(piece.thread)) {
            threads.entry(piece.thread).or_default().push(piece);
        }
    }
    let all = threads.into_values().map(of_thread);
    let busy = |stretches: &Vec<Stretch>| stretches.iter().map(|stretch| stretch.cpu_ms).sum::<f64>();
    all.max_by(|one, other| busy(one).total_cmp(&busy(other))).unwrap_or_default()
}

fn thread(event: &Value) -> Option<(u64, u64)> {
    Some((event["pid"].as_u64()?, event["tid"].as_u64()?))
}

fn piece(event: &Value) -> Option<Piece<'_>> {
    let number = |key: &str| event[key].as_f64();
    (event["ph"] == "X").then_some(())?;
    let (begins, takes, cpu) = (number("ts")?, number("dur")?, number("tdur")?);
    Some(Piece { thread: thread(event)?, begins, takes, cpu, event })
}

fn of_thread(mut pieces: Vec<Piece<'_>>) -> Vec<Stretch> {
    // Of two pieces that begin together, the longer contains the other.
    pieces.sort_by(|one, other| one.begins.total_cmp(&other.begins).then(other.takes.total_cmp(&one.takes)));
    let mut stretches: Vec<Stretch> = Vec::new();
    let (mut began, mut ended, mut largest) = (0.0, f64::NEG_INFINITY, 0.0);
    for piece in pieces {
        if piece.begins < ended {
            continue;
        }
        if piece.begins - ended > PAUSE {
            stretches.push(Stretch::default());
            (began, largest) = (piece.begins, 0.0);
        }
        ended = piece.begins + piece.takes;
        let Some(stretch) = stretches.last_mut() else { continue };
        stretch.cpu_ms += piece.cpu / 1_000.0;
        stretch.wall_ms = (ended - began) / 1_000.0;
        if piece.cpu > largest {
            largest = piece.cpu;
            stretch.of = name(piece.event);
        }
    }
    stretches
}

fn name(event: &Value) -> String {
    let data = &event["args"]["data"];
    let words = [&event["name"], &data["type"], &data["functionName"]];
    words.into_iter().filter_map(Value::as_str).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn work(tid: u64, begins: u64, takes: u64, cpu: u64) -> Value {
        json!({ "ph": "X", "pid": 1, "tid": tid, "ts": begins, "dur": takes, "tdur": cpu, "name": "Work" })
    }

    fn page(tid: u64) -> Value {
        json!({ "ph": "M", "pid": 1, "tid": tid, "name": "thread_name", "args": { "name": "CrRendererMain" } })
    }

    #[test]
    fn pieces_within_others_count_once_and_neighbours_together() {
        let events = [
            page(7),
            work(7, 0, 10_000, 4_000),
            work(7, 1_000, 5_000, 2_000),
            work(7, 10_050, 2_000, 1_000),
            work(7, 50_000, 1_000, 500),
        ];
        let one = Stretch { cpu_ms: 5.0, wall_ms: 12.05, of: "Work".into() };
        let other = Stretch { cpu_ms: 0.5, wall_ms: 1.0, of: "Work".into() };
        assert_eq!(stretches(&events), [one, other]);
    }

    #[test]
    fn the_busiest_page_is_looked_at_and_no_other_thread() {
        let events = [page(7), page(8), work(7, 0, 10, 10), work(8, 0, 90, 90), work(9, 0, 900, 900)];
        assert!((stretches(&events)[0].cpu_ms - 0.09).abs() < 1e-9);
        assert_eq!(stretches(&[]), []);
    }
}
