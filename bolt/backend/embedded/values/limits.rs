//! Brings a value that came in into its canonical form, or refuses it, as Neo4j does.

use crate::generated::{DateTime, DateTimeZoneId, Duration, ErrorCode, LocalDateTime, Time, Value};
use crate::wire::Failure;

const NANOSECONDS_OF_A_DAY: i64 = 86_400 * 1_000_000_000;
const NANOSECONDS_OF_A_SECOND: i64 = 1_000_000_000;
/// The days from 1970 to the ends of the years ±999 999 999.
const DAYS: std::ops::RangeInclusive<i64> = -365_243_219_162..=365_241_780_471;
/// The longest vector.
const DIMENSIONS: usize = 4096;

/// The value with nanoseconds inside their second, hours inside their day.
pub(super) fn normalized(value: Value<'_>) -> Result<Value<'_>, Failure> {
    Ok(match value {
        Value::Date(date) if !DAYS.contains(&date.days) => return Err(out_of_range("Date")),
        Value::LocalTime(time) if !(0..NANOSECONDS_OF_A_DAY).contains(&time.nanoseconds) => return Err(out_of_range("LocalTime")),
        Value::Time(time) => Value::from(Time {
            nanoseconds: time.nanoseconds.rem_euclid(NANOSECONDS_OF_A_DAY),
            tz_offset_seconds: offset(time.tz_offset_seconds)?,
        }),
        Value::LocalDateTime(local) => {
            let (seconds, nanoseconds) = carried(local.seconds, local.nanoseconds, "LocalDateTime")?;
            Value::from(LocalDateTime { seconds, nanoseconds })
        }
        Value::DateTime(instant) => {
            let (seconds, nanoseconds) = carried(instant.seconds, instant.nanoseconds, "DateTime")?;
            Value::from(DateTime { seconds, nanoseconds, tz_offset_seconds: offset(instant.tz_offset_seconds)? })
        }
        Value::DateTimeZoneId(instant) => {
            let (seconds, nanoseconds) = carried(instant.seconds, instant.nanoseconds, "DateTime")?;
            Value::from(DateTimeZoneId { seconds, nanoseconds, tz_id: instant.tz_id })
        }
        Value::Duration(duration) => {
            let (seconds, nanoseconds) = carried(duration.seconds, duration.nanoseconds, "Duration")?;
            Value::from(Duration { months: duration.months, days: duration.days, seconds, nanoseconds })
        }
        Value::Vector(vector) => {
            let size =
                crate::generated::VECTOR_TYPE_MARKER.iter().find(|code| vector.type_marker[..] == [code.code]).map_or(1, |code| code.size);
            let dimensions = vector.data.len() / size;
            if dimensions == 0 || dimensions > DIMENSIONS {
                return Err(Failure::new(
                    ErrorCode::StatementArgumentError,
                    format!("A vector has 1 to {DIMENSIONS} dimensions, got {dimensions}."),
                ));
            }
            Value::Vector(vector)
        }
        value => value,
    })
}

/// Whole seconds carried out of the nanoseconds.
fn carried(seconds: i64, nanoseconds: i64, what: &str) -> Result<(i64, i64), Failure> {
    let carry = nanoseconds.div_euclid(NANOSECONDS_OF_A_SECOND);
    let seconds = seconds.checked_add(carry).ok_or_else(|| out_of_range(what))?;
    Ok((seconds, nanoseconds.rem_euclid(NANOSECONDS_OF_A_SECOND)))
}

/// At most 18 hours.
fn offset(seconds: i64) -> Result<i64, Failure> {
    if seconds.abs() <= 64_800 { Ok(seconds) } else { Err(out_of_range("offset of a time zone")) }
}

fn out_of_range(what: &str) -> Failure {
    Failure::new(ErrorCode::StatementArgumentError, format!("The value of the {what} is out of range."))
}
