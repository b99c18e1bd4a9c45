//! Values between Bolt and the engine, exactly: what the engine lacks travels as a [tagged map](tagged), and comes back
//! as it was.

mod limits;
pub(crate) mod tagged;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use grafeo_common::types::{self as engine, PropertyKey, Timestamp, ZonedDatetime};

use crate::generated::{ErrorCode, Value};
use crate::wire::Failure;
use crate::wire::packstream::Dictionary;

use super::front::Parameters;

pub(super) use tagged::civil;
pub(crate) use write::Output;

/// Nanoseconds of a second, as the engine counts durations.
const NANOSECONDS: i64 = 1_000_000_000;

/// The parameters of a statement as the engine takes them.
pub(crate) fn parameters(dictionary: Dictionary<'_>) -> Result<Parameters, Failure> {
    dictionary.into_iter().map(|(name, value)| Ok((name.into_owned(), to_engine(value)?))).collect()
}

/// A value as the engine takes it.
pub(crate) fn to_engine(value: Value<'_>) -> Result<engine::Value, Failure> {
    let value = limits::normalized(value)?;
    Ok(match value {
        Value::Null => engine::Value::Null,
        Value::Boolean(value) => engine::Value::Bool(value),
        Value::Integer(value) => engine::Value::Int64(value),
        Value::Float(value) => engine::Value::Float64(value),
        Value::Bytes(value) => engine::Value::Bytes(Arc::from(&*value)),
        Value::String(value) => engine::Value::from(&*value),
        Value::List(values) => engine::Value::List(values.into_iter().map(to_engine).collect::<Result<Vec<_>, _>>()?.into()),
        Value::Dictionary(dictionary) => map(dictionary)?,
        value @ (Value::Node(_) | Value::Relationship(_) | Value::UnboundRelationship(_) | Value::Path(_) | Value::UnsupportedType(_)) => {
            return Err(Failure::new(ErrorCode::StatementTypeError, format!("A {} cannot be a parameter.", value.type_name())));
        }
        value => match native(&value) {
            Some(native) => native,
            None => tagged::wrap(&value)?,
        },
    })
}

fn map(dictionary: Dictionary<'_>) -> Result<engine::Value, Failure> {
    if dictionary.contains_key(tagged::KEY) {
        return Err(Failure::new(
            ErrorCode::StatementArgumentError,
            format!("A map cannot have the key '{}': the embedded database marks values of its own with it.", tagged::KEY),
        ));
    }
    let entries = dictionary.into_iter().map(|(key, value)| Ok((PropertyKey::new(&*key), to_engine(value)?)));
    Ok(engine::Value::Map(Arc::new(entries.collect::<Result<BTreeMap<_, _>, Failure>>()?)))
}

/// The value in a type of the engine's own, where one holds it exactly.
fn native(value: &Value<'_>) -> Option<engine::Value> {
    Some(match value {
        Value::Date(date) => engine::Value::Date(engine::Date::from_days(i32::try_from(date.days).ok()?)),
        Value::LocalTime(time) => engine::Value::Time(engine::Time::from_nanos(u64::try_from(time.nanoseconds).ok()?)?),
        Value::Time(time) => {
            let local = engine::Time::from_nanos(u64::try_from(time.nanoseconds).ok()?)?;
            engine::Value::Time(local.with_offset(i32::try_from(time.tz_offset_seconds).ok()?))
        }
        Value::LocalDateTime(local) => engine::Value::Timestamp(timestamp(local.seconds, local.nanoseconds)?),
        Value::DateTime(instant) => engine::Value::ZonedDatetime(ZonedDatetime::from_timestamp_offset(
            timestamp(instant.seconds, instant.nanoseconds)?,
            i32::try_from(instant.tz_offset_seconds).ok()?,
        )),
        Value::Duration(duration) => {
            let nanoseconds = duration.seconds.checked_mul(NANOSECONDS)?.checked_add(duration.nanoseconds)?;
            engine::Value::Duration(engine::Duration::new(duration.months, duration.days, nanoseconds))
        }
        _ => return None,
    })
}

/// The engine counts microseconds.
fn timestamp(seconds: i64, nanoseconds: i64) -> Option<Timestamp> {
    if nanoseconds % 1000 != 0 {
        return None;
    }
    // Half of what 64 bits hold, so that no offset leads out of them.
    let microseconds = seconds.checked_mul(1_000_000)?.checked_add(nanoseconds / 1000)?;
    (microseconds.abs() < i64::MAX / 2).then(|| Timestamp::from_micros(microseconds))
}
