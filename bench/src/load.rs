//! The workloads of calls. All servers get the same, in turns within one run, so that other load on the
//! machine affects all of them alike.

use anyhow::Result;
use std::time::{Duration, Instant};
use tokio::time::sleep;

use crate::{
    Plan, Programs,
    fleet::{Fleet, Outcome},
    process::{self, Kind, Server},
};

/// Pause between two turns, in which the last hang-ups finish.
const REST: Duration = Duration::from_millis(300);

/// The results of one server.
#[derive(Default)]
pub struct Results {
    pub one_by_one: Outcome,
    /// The outcome for each number of calls at once.
    pub at_once: Vec<(usize, Outcome)>,
    pub paced: Outcome,
    pub sustained: Outcome,
    pub sustained_seconds: f64,
    pub sustained_cpu_seconds: f64,
    /// Processor time of the load itself, which runs in this process.
    pub sustained_load_cpu_seconds: f64,
}

/// A server and its people. The fields are dropped in this order: the people leave before the server stops.
struct Side {
    fleet: Fleet,
    server: Server,
}

/// Starts all servers of the plan and runs every workload on each of them.
pub async fn measure(programs: &Programs, plan: &Plan) -> Result<Vec<Results>> {
    let mut sides = Vec::new();
    for &kind in plan.kinds {
        let server = Server::start(kind, programs)?;
        let fleet = Fleet::on(&server, plan.pairs).await?;
        sides.push(Side { fleet, server });
    }
    let mut results: Vec<Results> = plan.kinds.iter().map(|_| Results::default()).collect();
    // The warm-up calls open the HTTP connections, as they are open in a page that has loaded.
    for side in &sides {
        side.fleet.until(Instant::now() + plan.warm_up, plan.pairs).await;
    }
    for (round, which) in turns(plan.rounds, sides.len()) {
        let fleet = &sides[which].fleet;
        for _ in 0..plan.one_by_one {
            results[which].one_by_one.extend(fleet.at_once(1).await);
        }
        note(round, which, "one after the other");
    }
    for &(count, rounds) in &plan.at_once {
        for result in &mut results {
            result.at_once.push((count, Outcome::default()));
        }
        for (round, which) in turns(rounds, sides.len()) {
            let outcome = sides[which].fleet.at_once(count).await;
            if let Some((_, all)) = results[which].at_once.last_mut() {
                all.extend(outcome);
            }
            note(round, which, &format!("{count} at once"));
            sleep(REST).await;
        }
    }
    for (round, which) in turns(plan.rounds, sides.len()) {
        let first = Instant::now() + Duration::from_millis(50);
        let moments = (0..plan.paced).map(|nth| first + Duration::from_millis(1) * nth).collect();
        results[which].paced.extend(sides[which].fleet.at(moments).await);
        note(round, which, "1,000 a second");
        sleep(REST).await;
    }
    for (round, which) in turns(plan.rounds, sides.len()) {
        let Side { server, fleet } = &sides[which];
        let (begun, cpu, load_cpu) = (Instant::now(), server.cpu()?, process::own_cpu()?);
        let outcome = fleet.until(begun + plan.sustained, plan.sustained_at_once).await;
        let result = &mut results[which];
        result.sustained.extend(outcome);
        result.sustained_seconds += begun.elapsed().as_secs_f64();
        result.sustained_cpu_seconds += server.cpu()? - cpu;
        result.sustained_load_cpu_seconds += process::own_cpu()? - load_cpu;
        note(round, which, "sustained");
        sleep(REST).await;
    }
    Ok(results)
}

/// Lists the turns as (round, side): every side once in each round, and another one first each time.
fn turns(rounds: usize, sides: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rounds).flat_map(move |round| (0..sides).map(move |nth| (round, (round + nth) % sides)))
}

fn note(round: usize, which: usize, what: &str) {
    eprintln!("    {what}, round {}: {}", round + 1, Kind::ALL[which].name());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_side_has_a_turn_in_each_round_and_is_first_in_one() {
        let order: Vec<_> = turns(3, 3).map(|(_, which)| which).collect();
        assert_eq!(order, [0, 1, 2, 1, 2, 0, 2, 0, 1]);
    }
}
