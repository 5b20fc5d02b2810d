//! The score of a connection, from loss, delay and jitter: the E-model's estimate of speech (ITU-T G.107) in
//! whole tenths, and the limits beyond which people complain whatever the estimate says.

use super::flow::Flow;
use parley_protocol::quality::Score as Word;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Score {
    Lost,
    Poor,
    Fair,
    Good,
    Excellent,
}

impl Score {
    /// Checks whether the score is worth a warning.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Lost | Self::Poor | Self::Fair)
    }

    /// Returns the word that the server knows it by.
    pub const fn word(self) -> Word {
        match self {
            Self::Excellent => Word::Excellent,
            Self::Good => Word::Good,
            Self::Fair => Word::Fair,
            Self::Poor => Word::Poor,
            Self::Lost => Word::Lost,
        }
    }

    /// Returns the score of a word that the server sent.
    pub const fn of_word(word: Word) -> Self {
        match word {
            Word::Excellent => Self::Excellent,
            Word::Good => Self::Good,
            Word::Fair => Self::Fair,
            Word::Poor => Self::Poor,
            Word::Lost => Self::Lost,
        }
    }
}

const RTT_FAIR_MS: u32 = 300;
const RTT_POOR_MS: u32 = 500;
const LOSS_FAIR: u16 = 30;
const LOSS_POOR: u16 = 80;
/// The share of the time, in thousandths, that a picture stood still.
const FROZEN_FAIR: u16 = 100;
const FROZEN_POOR: u16 = 500;

/// The best rating of the E-model, in tenths.
const RATING_BEST: u32 = 932;
const RATING_EXCELLENT: u32 = 880;
const RATING_GOOD: u32 = 800;
const RATING_FAIR: u32 = 650;

/// The delay by capturing, coding and playing, without the jitter buffer.
const DELAY_OF_DEVICES_MS: u32 = 40;
/// The loss, in thousandths, at which Opus with its own error correction is half way to unusable.
const LOSS_ROBUSTNESS: u32 = 200;

/// Judges one direction.
pub fn of_flow(rtt_ms: Option<u32>, flow: &Flow) -> Score {
    let loss = flow.loss.unwrap_or(0);
    of_loss(loss).min(of_rtt(rtt_ms)).min(of_rating(rating(rtt_ms, flow)))
}

pub fn of_loss(loss: u16) -> Score {
    if loss >= LOSS_POOR {
        Score::Poor
    } else if loss >= LOSS_FAIR {
        Score::Fair
    } else {
        Score::Excellent
    }
}

pub fn of_rtt(rtt_ms: Option<u32>) -> Score {
    match rtt_ms {
        Some(RTT_POOR_MS..) => Score::Poor,
        Some(RTT_FAIR_MS..) => Score::Fair,
        _ => Score::Excellent,
    }
}

/// Judges jitter alone, as if everything else were well.
pub fn of_jitter(jitter_ms: u32) -> Score {
    of_rating(rating(None, &Flow { jitter_ms: Some(jitter_ms), ..Flow::default() }))
}

/// Judges a picture by the thousandths of the time that it stood still.
pub fn of_picture(frozen: u16) -> Score {
    match frozen {
        FROZEN_POOR.. => Score::Poor,
        FROZEN_FAIR.. => Score::Fair,
        _ => Score::Excellent,
    }
}

fn of_rating(rating: u32) -> Score {
    match rating {
        RATING_EXCELLENT.. => Score::Excellent,
        RATING_GOOD.. => Score::Good,
        RATING_FAIR.. => Score::Fair,
        _ => Score::Poor,
    }
}

/// Computes the E-model's rating: the best one, less the impairment by delay, less the impairment by loss.
/// Delay beyond 177 ms costs more, because people begin to talk over one another.
fn rating(rtt_ms: Option<u32>, flow: &Flow) -> u32 {
    let jitter_buffer = 2 * flow.jitter_ms.unwrap_or(0);
    let delay = rtt_ms.unwrap_or(0) / 2 + jitter_buffer + DELAY_OF_DEVICES_MS;
    let by_delay = delay * 24 / 100 + delay.saturating_sub(177) * 11 / 10;
    let loss = u32::from(flow.loss.unwrap_or(0));
    let by_loss = 950 * loss / (loss + LOSS_ROBUSTNESS);
    RATING_BEST.saturating_sub(by_delay + by_loss)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(rtt: u32, loss: u16, jitter: u32) -> Score {
        of_flow(Some(rtt), &Flow { loss: Some(loss), jitter_ms: Some(jitter), kbps: 0 })
    }

    #[test]
    fn the_limits_of_loss_and_delay() {
        for (rtt, loss, jitter, expect) in [
            (20, 0, 2, Score::Excellent),
            (150, 3, 5, Score::Excellent),
            (299, 0, 5, Score::Good),
            (300, 0, 5, Score::Fair),
            (499, 0, 5, Score::Fair),
            (500, 0, 5, Score::Poor),
            (20, 29, 2, Score::Good),
            (20, 30, 2, Score::Fair),
            (20, 79, 2, Score::Fair),
            (20, 80, 2, Score::Poor),
            (20, 1_000, 2, Score::Poor),
        ] {
            assert_eq!(score(rtt, loss, jitter), expect, "rtt {rtt}, loss {loss}, jitter {jitter}");
        }
    }

    #[test]
    fn many_small_faults_make_a_large_one() {
        assert_eq!(score(250, 25, 10), Score::Fair);
        assert_eq!(score(290, 29, 60), Score::Poor);
        assert_eq!(score(20, 0, 160), Score::Poor);
    }

    #[test]
    fn nothing_known_is_nothing_wrong() {
        assert_eq!(of_flow(None, &Flow::default()), Score::Excellent);
    }

    proptest! {
        #[test]
        fn worse_is_never_better(
            rtt in 0_u32..10_000, loss in 0_u16..=1_000, jitter in 0_u32..10_000,
            more_rtt in 0_u32..1_000, more_loss in 0_u16..100, more_jitter in 0_u32..100,
        ) {
            let worse = score(rtt + more_rtt, (loss + more_loss).min(1_000), jitter + more_jitter);
            prop_assert!(worse <= score(rtt, loss, jitter));
            prop_assert!(worse > Score::Lost);
        }
    }
}
