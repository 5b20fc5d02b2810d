//! Timestamps in RFC 3339, UTC, with milliseconds.
//!
//! The conversions are written out here, because a calendar library would make the page larger for just these
//! two.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr, time::Duration};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Returns the time from `earlier` to `self`; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, after: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.div_euclid(86_400_000);
        let millis = self.0.rem_euclid(86_400_000);
        let (year, month, day) = civil_from_days(days);
        let (seconds, ms) = (millis / 1_000, millis % 1_000);
        let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{ms:03}Z")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATimestamp;

impl fmt::Display for NotATimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 time in UTC")
    }
}

impl std::error::Error for NotATimestamp {}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    /// Accepts the form that `Display` writes, with a fraction of any length or without one.
    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        let body = text.strip_suffix('Z').filter(|t| t.is_ascii()).ok_or(NotATimestamp)?;
        let (date, time) = body.split_once('T').ok_or(NotATimestamp)?;
        let [year, month, day] = numbers(date, '-')?;
        let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [hour, minute, second] = numbers(clock, ':')?;
        if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotATimestamp);
        }
        let millis: i64 = format!("{fraction:0<3}")[..3].parse().map_err(|_| NotATimestamp)?;
        let in_range = year <= 9_999 && month <= 12 && day <= 31 && hour < 24 && minute < 60 && second < 60;
        if !in_range {
            return Err(NotATimestamp);
        }
        let days = days_from_civil(year, month, day);
        // A day that its month does not have, such as 30 February, comes back as another date.
        if civil_from_days(days) != (year, month, day) {
            return Err(NotATimestamp);
        }
        Ok(Self(days * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1_000 + millis))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn numbers(text: &str, separator: char) -> Result<[i64; 3], NotATimestamp> {
    let mut parts = text.split(separator).map(|part| {
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if digits { part.parse().map_err(|_| NotATimestamp) } else { Err(NotATimestamp) }
    });
    let mut next = || parts.next().unwrap_or(Err(NotATimestamp));
    let found = [next()?, next()?, next()?];
    if parts.next().is_some() { Err(NotATimestamp) } else { Ok(found) }
}

/// Converts days since the epoch to a proleptic Gregorian date. It counts in eras of 400 years that begin in
/// March, so that the leap day is the last day of a year.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Converts a proleptic Gregorian date to days since the epoch.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_timestamp_is_written_and_read_as_rfc_3339() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp(951_827_696_789).to_string(), "2000-02-29T12:34:56.789Z");
        assert_eq!("2000-02-29T12:34:56.7891Z".parse(), Ok(Timestamp(951_827_696_789)));
        assert_eq!("1969-12-31T23:59:59Z".parse(), Ok(Timestamp(-1_000)));
    }

    #[test]
    fn text_that_is_not_a_time_is_refused() {
        for text in [
            "",
            "Z",
            "2001-02-29T00:00:00Z",
            "2000-01-01T24:00:00Z",
            "2000-01-01",
            "ä-ä-äTä:ä:äZ",
            "2000-01-01T00:00:00",
            "2000-01-01T00:00:00.Z",
            "2000-1-1T0:0:0.é0Z",
            "+200-01-01T00:00:00Z",
            "99999999999999999999-01-01T00:00:00Z",
            "2000-99-01T00:00:00Z",
            "9223372036854775807-01-01T00:00:00Z",
            "2000-00-01T00:00:00Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATimestamp), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_timestamp_survives_a_round_trip(millis in -62_135_596_800_000_i64..253_402_300_800_000) {
            prop_assert_eq!(Timestamp(millis).to_string().parse(), Ok(Timestamp(millis)));
        }

        #[test]
        fn text_never_panics(text in ".{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
