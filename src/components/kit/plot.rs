//! A small line chart of the last five minutes, with its latest value and a text for screen readers.

use crate::{
    call::extras::view::Point,
    words::{Word, fill, say},
};
use leptos::prelude::*;
use std::fmt::Write;

const SPAN_MS: u64 = 300_000;
const WIDTH: u64 = 300;
const HEIGHT: u64 = 48;
/// The longest time between two points that the line still joins.
const GAP_MS: u64 = 10_000;

#[component]
pub fn Plot(
    of: Word,
    unit: Word,
    points: Signal<Vec<Point>>,
    value: fn(&Point) -> Option<u32>,
) -> impl IntoView {
    let with_unit =
        move |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |n| fill(unit, &[("n", &n.to_string())]));
    let now = move || with_unit(points.with(|points| points.last().and_then(value)));
    let most = move || with_unit(points.with(|points| points.iter().filter_map(value).max()));
    let label = move || fill(Word::PlotOf, &[("what", say(of)), ("now", &now()), ("most", &most())]);
    view! {
        <figure class="plot">
            <figcaption>
                <span>{say(of)}</span>
                <span class="plot-now">{now}</span>
            </figcaption>
            <svg viewBox="0 0 300 48" preserveAspectRatio="none" role="img" aria-label=label>
                <path d=move || points.with(|points| line(points, value)) />
            </svg>
        </figure>
    }
}

/// Returns the path of the line, with the newest point at the right edge and the largest value at the top.
pub fn line(points: &[Point], value: fn(&Point) -> Option<u32>) -> String {
    let end = points.last().map_or(0, |point| point.at_ms);
    let most = u64::from(points.iter().filter_map(value).max().unwrap_or(0).max(1));
    let mut path = String::new();
    let mut before: Option<u64> = None;
    for point in points {
        let Some(n) = value(point) else {
            before = None;
            continue;
        };
        let ago = end.saturating_sub(point.at_ms).min(SPAN_MS);
        let x = WIDTH - ago * WIDTH / SPAN_MS;
        // Leaves a little room at the top, so that the stroke is not clipped.
        let y = HEIGHT - 1 - u64::from(n) * (HEIGHT - 4) / most;
        let joined = before.is_some_and(|at| point.at_ms.saturating_sub(at) <= GAP_MS);
        let _ = write!(path, "{}{x} {y}", if joined { "L" } else { "M" });
        before = Some(point.at_ms);
    }
    path
}
