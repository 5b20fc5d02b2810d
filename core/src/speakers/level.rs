//! The loudness of a sound as a whole number of decibels.

/// A loudness between 0, digital silence, and 127, full scale. One step is one decibel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Level(pub u8);

impl Level {
    pub const SILENCE: Self = Self(0);

    /// Converts an amplitude between 0 and 1, as browsers measure it. The logarithm is read off the bits of
    /// the float, to half a decibel, so that the page carries no mathematics library for it.
    pub fn of_amplitude(amplitude: f32) -> Self {
        if amplitude.is_nan() || amplitude <= 0.0 {
            return Self::SILENCE;
        }
        let bits = i64::from(amplitude.min(1.0).to_bits());
        let log2 = bits - (127 << 23);
        let decibels = (log2 * 602 / 100) >> 23;
        Self(u8::try_from((127 + decibels).clamp(1, 127)).unwrap_or(127))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ten_times_quieter_is_twenty_decibels() {
        for (amplitude, level) in
            [(1.0, 127), (7.0, 127), (0.5, 120), (0.1, 106), (0.01, 86), (0.001, 66), (1e-30, 1)]
        {
            assert_eq!(Level::of_amplitude(amplitude), Level(level), "{amplitude}");
        }
        for nothing in [0.0, -0.0, -1.0, f32::NAN, f32::NEG_INFINITY] {
            assert_eq!(Level::of_amplitude(nothing), Level::SILENCE);
        }
    }

    proptest! {
        #[test]
        fn louder_is_never_less(a in 0.0_f32..1.5, b in 0.0_f32..1.5) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            prop_assert!(Level::of_amplitude(low) <= Level::of_amplitude(high));
        }
    }
}
