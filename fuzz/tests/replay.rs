//! A short search that is the same every time: the whole corpus, and mutations of it from a fixed seed.

use parley_fuzz::{Search, TARGETS};

const SEED: u64 = 3;
const STEPS: usize = 2_000;

#[test]
fn no_input_makes_a_target_panic_or_hang() {
    println!("seed {SEED}");
    for target in TARGETS {
        let mut search = Search::new(target, SEED, false).unwrap();
        for _ in 0..STEPS {
            search.step().unwrap();
        }
        // A target with hardly any different outcome would hide a search that explores nothing.
        assert!(search.outcomes() > 5, "{}: {} outcomes", target.name, search.outcomes());
    }
}
