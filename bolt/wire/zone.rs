//! The local clock of a time zone and UTC, one out of the other: date-times before Bolt 5.0 carry the former, and nothing above
//! the wire does. The rules of all zones are compiled in.

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use thiserror::Error;

use super::packstream::{DecodeErrorKind, EncodeError};

/// Why a local clock cannot be told.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ZoneError {
    /// No such time zone.
    #[error("no time zone is named '{id}'")]
    Unknown {
        /// The name.
        id: String,
    },

    /// More seconds than there are.
    #[error("{seconds} seconds are out of range for a date-time")]
    OutOfRange {
        /// The seconds.
        seconds: i64,
    },
}

impl From<ZoneError> for DecodeErrorKind {
    fn from(error: ZoneError) -> Self {
        match error {
            ZoneError::Unknown { id } => Self::UnknownTimeZone { id },
            ZoneError::OutOfRange { seconds } => Self::OutOfRange { what: DATE_TIME, value: seconds },
        }
    }
}

impl From<ZoneError> for EncodeError {
    fn from(error: ZoneError) -> Self {
        match error {
            ZoneError::Unknown { id } => Self::UnknownTimeZone { id },
            ZoneError::OutOfRange { seconds } => Self::OutOfRange { what: DATE_TIME, value: seconds },
        }
    }
}

const DATE_TIME: &str = "a date-time";

/// Whether there is a time zone of that name, spelled like that, or it is an offset such as `+01:00`.
#[must_use]
pub fn is_known(id: &str) -> bool {
    Zone::find(id).is_ok()
}

/// The offset in seconds that a name stands for when it names no place: `Z`, `+1`, `+01`, `+01:00`, `+0100`, `+01:00:00` and `+010000`,
/// at most 18 hours.
#[must_use]
pub fn offset(id: &str) -> Option<i32> {
    if id == "Z" {
        return Some(0);
    }
    let (sign, digits) = match id.as_bytes().split_first()? {
        (b'+', digits) => (1, digits),
        (b'-', digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes, seconds) = match *digits {
        [a] => (number(b'0', a)?, 0, 0),
        [a, b] => (number(a, b)?, 0, 0),
        [a, b, b':', c, d] | [a, b, c, d] => (number(a, b)?, number(c, d)?, 0),
        [a, b, b':', c, d, b':', e, f] | [a, b, c, d, e, f] => (number(a, b)?, number(c, d)?, number(e, f)?),
        _ => return None,
    };
    let offset = (hours * 60 + minutes) * 60 + seconds;
    (minutes < 60 && seconds < 60 && offset <= OFFSET_MAX).then_some(sign * offset)
}

/// Seconds of the local clock out of seconds of UTC.
///
/// # Errors
/// When the zone is not known, or the result does not fit.
pub fn to_local(utc: i64, id: &str) -> Result<i64, ZoneError> {
    let offset = Zone::find(id)?.offset_at(utc);
    utc.checked_add(offset).ok_or(ZoneError::OutOfRange { seconds: utc })
}

/// Seconds of UTC out of seconds of the local clock. What the clock skips in spring counts as if it had not been put forward yet, and of
/// what it shows twice in autumn the first is meant.
///
/// # Errors
/// When the zone is not known, or the result does not fit.
pub fn to_utc(local: i64, id: &str) -> Result<i64, ZoneError> {
    let offset = Zone::find(id)?.offset_of(local);
    local.checked_sub(offset).ok_or(ZoneError::OutOfRange { seconds: local })
}

enum Zone {
    Offset(i64),
    Named(TimeZone),
}

impl Zone {
    fn find(id: &str) -> Result<Self, ZoneError> {
        if let Some(offset) = offset(id) {
            return Ok(Self::Offset(offset.into()));
        }
        match TimeZoneDatabase::bundled().get(id) {
            // Names are found in any case there, and servers and drivers take them in one only.
            Ok(zone) if zone.iana_name() == Some(id) && !zone.is_unknown() => Ok(Self::Named(zone)),
            _ => Err(ZoneError::Unknown { id: id.to_owned() }),
        }
    }

    /// The offset that holds at an instant.
    fn offset_at(&self, utc: i64) -> i64 {
        match self {
            Self::Offset(offset) => *offset,
            Self::Named(zone) => zone.to_offset(near(utc)).seconds().into(),
        }
    }

    /// The offset that holds when the local clock shows this.
    fn offset_of(&self, local: i64) -> i64 {
        match self {
            Self::Offset(offset) => *offset,
            Self::Named(zone) => {
                let offset = match zone.to_ambiguous_timestamp(Offset::UTC.to_datetime(near(local))).offset() {
                    AmbiguousOffset::Unambiguous { offset } => offset,
                    AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
                };
                offset.seconds().into()
            }
        }
    }
}

/// An instant with the same offset, in the years that the rules are worked out for.
///
/// Behind the last known change, rules name days of the week, and the calendar comes back to the same ones after 400 years. Before the
/// first change there is one offset.
fn near(seconds: i64) -> Timestamp {
    let seconds = if seconds >= RULES_FROM + CYCLE { RULES_FROM + (seconds - RULES_FROM) % CYCLE } else { seconds.max(ONE_OFFSET_UNTIL) };
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// 400 years of the calendar, in seconds.
const CYCLE: i64 = 146_097 * 24 * 60 * 60;

/// The year 2400, when rules have long replaced the lists of single changes.
const RULES_FROM: i64 = 946_684_800 + CYCLE;

/// The year 1600, before any time zone.
const ONE_OFFSET_UNTIL: i64 = 946_684_800 - CYCLE;

const OFFSET_MAX: i32 = 18 * 60 * 60;

fn number(tens: u8, ones: u8) -> Option<i32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds since 1970 of a date and time.
    fn seconds(text: &str) -> i64 {
        Offset::UTC.to_timestamp(text.parse().unwrap()).unwrap().as_second()
    }

    #[test]
    fn local_clock_is_ahead_by_the_offset_of_the_season() {
        for (zone, utc, local) in [
            ("Europe/Berlin", "2024-01-15T12:00", "2024-01-15T13:00"),
            ("Europe/Berlin", "2024-07-15T12:00", "2024-07-15T14:00"),
            ("America/New_York", "2024-07-15T12:00", "2024-07-15T08:00"),
            ("Asia/Kolkata", "2024-07-15T12:00", "2024-07-15T17:30"),
            ("Australia/Lord_Howe", "2024-01-15T12:00", "2024-01-15T23:00"),
            ("Europe/Berlin", "1890-01-01T12:00", "1890-01-01T12:53:28"),
            ("US/Pacific", "2024-01-15T12:00", "2024-01-15T04:00"),
            ("UTC", "2024-01-15T12:00", "2024-01-15T12:00"),
            ("Z", "2024-01-15T12:00", "2024-01-15T12:00"),
            ("-02:30", "2024-01-15T12:00", "2024-01-15T09:30"),
        ] {
            assert_eq!(to_local(seconds(utc), zone), Ok(seconds(local)), "{zone} {utc}");
            assert_eq!(to_utc(seconds(local), zone), Ok(seconds(utc)), "{zone} {local}");
        }
    }

    #[test]
    fn hour_that_is_skipped_in_spring_is_one_hour_on() {
        let utc = to_utc(seconds("2024-03-31T02:30"), "Europe/Berlin").unwrap();
        assert_eq!(utc, seconds("2024-03-31T01:30"));
        assert_eq!(to_local(utc, "Europe/Berlin"), Ok(seconds("2024-03-31T03:30")));
    }

    #[test]
    fn hour_that_comes_twice_in_autumn_is_the_first() {
        let utc = to_utc(seconds("2024-10-27T02:30"), "Europe/Berlin").unwrap();
        assert_eq!(utc, seconds("2024-10-27T00:30"));
        assert_eq!(to_local(utc, "Europe/Berlin"), Ok(seconds("2024-10-27T02:30")));
        assert_eq!(to_local(utc + 3600, "Europe/Berlin"), Ok(seconds("2024-10-27T02:30")));
    }

    #[test]
    fn rules_hold_in_years_far_away() {
        for cycles in [1, 2, 3, 100, 79_000_000, -1, -2, -1000] {
            let far = |text: &str| seconds(text) + cycles * CYCLE;
            let (winter, summer) = if cycles > 0 { (3600, 7200) } else { (3208, 3208) };
            for zone_seconds in [(far("2064-01-15T12:00"), winter), (far("2064-07-15T12:00"), summer)] {
                let (utc, offset) = zone_seconds;
                assert_eq!(to_local(utc, "Europe/Berlin"), Ok(utc + offset), "{cycles}");
                assert_eq!(to_utc(utc + offset, "Europe/Berlin"), Ok(utc), "{cycles}");
            }
        }
    }

    #[test]
    fn years_that_rules_are_worked_out_for_meet_those_that_are_not() {
        for utc in [RULES_FROM, RULES_FROM + CYCLE, RULES_FROM + 2 * CYCLE] {
            for second in utc - 90_000..utc + 90_000 {
                if second % 1800 == 0 {
                    assert_eq!(to_local(second, "Australia/Sydney"), Ok(second + 11 * 3600));
                }
            }
        }
    }

    #[test]
    fn ends_of_time_are_an_error_and_no_panic() {
        for seconds in [i64::MIN, i64::MAX] {
            for zone in ["Europe/Berlin", "America/New_York", "+18:00", "-18:00", "Z"] {
                let _ = (to_local(seconds, zone), to_utc(seconds, zone));
            }
        }
        assert_eq!(to_local(i64::MAX, "Europe/Berlin"), Err(ZoneError::OutOfRange { seconds: i64::MAX }));
        assert_eq!(to_utc(i64::MIN, "+01:00"), Err(ZoneError::OutOfRange { seconds: i64::MIN }));
    }

    #[test]
    fn unknown_names_are_an_error() {
        for id in ["Mars/Phobos", "europe/berlin", "utc", "", "Etc/Unknown", "+", "+19", "+1:00", "+01:60", "+18:01", "Europe/Berlin ", "z"]
        {
            assert!(!is_known(id), "{id}");
            assert_eq!(to_utc(0, id), Err(ZoneError::Unknown { id: id.to_owned() }));
        }
        for id in ["Europe/Stockholm", "Asia/Calcutta", "GMT", "Etc/GMT+5", "+00:00", "Z"] {
            assert!(is_known(id), "{id}");
        }
    }

    #[test]
    fn names_of_offsets_are_read_in_every_form() {
        for (id, expected) in [
            ("Z", 0),
            ("+1", 3600),
            ("-01", -3600),
            ("+01:00", 3600),
            ("+0130", 5400),
            ("-00:00:01", -1),
            ("+010203", 3723),
            ("+18:00", 64_800),
            ("-18:00", -64_800),
        ] {
            assert_eq!(offset(id), Some(expected), "{id}");
        }
    }
}
