//! Whole calls in real browsers. One file per scenario; one pair of browsers at a time.
//!
//! They need a built server (`cargo build -p parley-server`) and a built page (`trunk build`).

#![allow(clippy::similar_names, reason = "caller and callee are the words of the trade")]

/// The same story for several pairs of browsers, each a test of its own.
macro_rules! told_by {
    ($($pair:ident)+ : $(#[$doc:meta])* async fn $name:ident($world:ident, $which:ident) $story:block) => {
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($world: &parley_e2e::World, $which: parley_e2e::Pair) -> anyhow::Result<()> {
                $story
                Ok(())
            }

            told_by!(@tests $name $($pair)+);
        }
    };
    (@tests $name:ident $($pair:ident)+) => {
        $(
            #[tokio::test]
            #[allow(non_snake_case)]
            async fn $pair() {
                let name = concat!(stringify!($name), " ", stringify!($pair));
                super::run(name, async |world| story(world, parley_e2e::Pair::$pair).await).await;
            }
        )+
    };
}

mod harness;
mod media;
