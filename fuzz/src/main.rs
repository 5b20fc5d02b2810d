//! `parley-fuzz [seconds]` fuzzes every target for that long (60 unless given), and stores inputs with a new
//! outcome in the corpus.

use anyhow::{Context, Result};
use parley_fuzz::{Search, TARGETS};
use std::{
    env,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

fn main() -> Result<()> {
    let seconds: u64 =
        env::args().nth(1).map_or(Ok(60), |text| text.parse()).context("not a number of seconds")?;
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    println!(
        "seed {seed}\n{:<12} {:>12} {:>12} {:>10} {:>10}",
        "target", "inputs", "per second", "outcomes", "new"
    );
    for target in TARGETS {
        let mut search = Search::new(target, seed, true)?;
        let (known, begun, mut inputs) = (search.outcomes(), Instant::now(), 0_u64);
        while begun.elapsed() < Duration::from_secs(seconds) {
            for _ in 0..500 {
                search.step()?;
            }
            inputs += 500;
        }
        let (outcomes, rate) = (search.outcomes(), inputs / seconds.max(1));
        println!("{:<12} {inputs:>12} {rate:>12} {outcomes:>10} {:>10}", target.name, outcomes - known);
    }
    Ok(())
}
