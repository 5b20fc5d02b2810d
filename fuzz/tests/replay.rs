//! A short search that is the same every time: the whole corpus, and what comes of bending it with one seed.

use parley_fuzz::{Search, TARGETS};

const SEED: u64 = 3;
const STEPS: usize = 2_000;

#[test]
fn nothing_that_is_thrown_panics_or_waits() {
    println!("seed {SEED}");
    for target in TARGETS {
        let mut search = Search::new(target, SEED, false).unwrap();
        for _ in 0..STEPS {
            search.step().unwrap();
        }
        // A target that takes everything alike is not searched at all.
        assert!(search.ways() > 5, "{}: {} ways", target.name, search.ways());
    }
}
