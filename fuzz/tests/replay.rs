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

/// Checks that whole pictures of real encoders are taken, with metadata and without, and an animation is not.
#[test]
fn pictures_of_real_encoders_are_taken() {
    let target = TARGETS.iter().find(|target| target.name == "pictures").unwrap();
    for seed in 0..=8 {
        let file = format!("{}/corpus/pictures/seed-{seed:02}", env!("CARGO_MANIFEST_DIR"));
        let outcome = (target.run)(&std::fs::read(file).unwrap());
        assert_eq!(outcome.contains("kept"), seed != 8, "{seed}: {outcome}");
    }
}
