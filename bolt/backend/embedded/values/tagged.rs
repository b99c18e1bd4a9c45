//! Values of types that the engine lacks: points, named time zones, nanoseconds, vectors, UUIDs.
//!
//! Such a value is a map in the engine: its exact bytes under [`KEY`], and beside them readable parts as Cypher calls
//! them, so that `n.place.x` or `n.at.epochSeconds` works in a query. A map is taken for such a value only
//! if its parts still are what the bytes say.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::BytesMut;
use grafeo_common::types::{self as engine, PropertyKey};

use crate::generated::{Dialect, ErrorCode, VECTOR_TYPE_MARKER, Value, Vector, Version};
use crate::wire::packstream::{Origin, Reader, Writer};
use crate::wire::{Failure, zone};

/// The key that marks such a map and holds the bytes.
pub(crate) const KEY: &str = "$bolt";

/// The map that stands for `value`.
pub(super) fn wrap(value: &Value<'_>) -> Result<engine::Value, Failure> {
    let mut bytes = BytesMut::new();
    let written = Writer::new(&mut bytes, dialect()).value(value);
    written.map_err(|error| Failure::new(ErrorCode::StatementArgumentError, error.to_string()))?;
    let mut parts = parts(value)?;
    if parts.values().any(|part| matches!(part, engine::Value::Float64(number) if number.is_nan())) {
        return Err(Failure::new(ErrorCode::StatementArgumentError, format!("A {} cannot hold NaN.", value.type_name())));
    }
    parts.insert(PropertyKey::new(KEY), engine::Value::Bytes(Arc::from(&*bytes)));
    Ok(engine::Value::Map(Arc::new(parts)))
}

/// The value that a map stands for; none if it is a map like any other.
pub(crate) fn unwrap(map: &BTreeMap<PropertyKey, engine::Value>) -> Result<Option<Value<'_>>, Failure> {
    let Some(engine::Value::Bytes(bytes)) = map.get(KEY) else {
        return Ok(None);
    };
    let value = Reader::new(bytes, dialect(), Origin::Client).value().ok();
    let same = |value: &Value<'_>| matches!(wrap(value), Ok(engine::Value::Map(whole)) if *whole == *map);
    match value.filter(same) {
        Some(value) => Ok(Some(value)),
        None => Err(Failure::new(
            ErrorCode::StatementTypeError,
            "The statement has changed parts of a value that the embedded database has no type for, so that the value is lost. Read its parts into a map instead.",
        )),
    }
}

/// Every type exists in the newest version.
fn dialect() -> Dialect {
    Dialect::new(Version::ALL.last().copied().unwrap_or(Version::V6_1))
}

/// The readable parts of a value.
fn parts(value: &Value<'_>) -> Result<BTreeMap<PropertyKey, engine::Value>, Failure> {
    let mut parts = Parts::default();
    match value {
        Value::Point2D(point) => parts.point(point.srid, &[point.x, point.y]),
        Value::Point3D(point) => parts.point(point.srid, &[point.x, point.y, point.z]),
        Value::Date(date) => parts.date(date.days),
        Value::LocalDateTime(local) => parts.local(local.seconds, local.nanoseconds),
        Value::DateTime(instant) => {
            parts.local(instant.seconds.saturating_add(instant.tz_offset_seconds), instant.nanoseconds);
            parts.instant(instant.seconds, instant.nanoseconds);
            parts.integer("offsetSeconds", instant.tz_offset_seconds);
        }
        Value::DateTimeZoneId(instant) => {
            let local = zone::to_local(instant.seconds, &instant.tz_id)
                .map_err(|error| Failure::new(ErrorCode::StatementArgumentError, error.to_string()))?;
            parts.local(local, instant.nanoseconds);
            parts.instant(instant.seconds, instant.nanoseconds);
            parts.integer("offsetSeconds", local - instant.seconds);
            parts.text("timezone", &instant.tz_id);
        }
        Value::Duration(duration) => {
            parts.integer("months", duration.months);
            parts.integer("days", duration.days);
            parts.integer("seconds", duration.seconds);
            parts.integer("nanosecondsOfSecond", duration.nanoseconds);
        }
        Value::Uuid(uuid) => parts.text("uuid", &uuid_text(uuid)),
        Value::Vector(vector) => {
            parts.text("type", &vector.type_name());
            parts.insert("values", engine::Value::List(numbers(vector).into()));
        }
        _ => {}
    }
    Ok(parts.0)
}

#[derive(Default)]
struct Parts(BTreeMap<PropertyKey, engine::Value>);

impl Parts {
    fn insert(&mut self, name: &str, value: engine::Value) {
        self.0.insert(PropertyKey::new(name), value);
    }

    fn integer(&mut self, name: &str, value: i64) {
        self.insert(name, engine::Value::Int64(value));
    }

    fn text(&mut self, name: &str, value: &str) {
        self.insert(name, engine::Value::from(value));
    }

    fn point(&mut self, srid: i64, coordinates: &[f64]) {
        let geographic = matches!(srid, 4326 | 4979);
        let names = ["x", "y", "z"].iter().zip(coordinates);
        let on_earth = ["longitude", "latitude", "height"].iter().zip(coordinates).filter(|_| geographic);
        for (name, coordinate) in names.chain(on_earth) {
            self.insert(name, engine::Value::Float64(*coordinate));
        }
        self.integer("srid", srid);
        self.text(
            "crs",
            match srid {
                4326 => "wgs-84",
                4979 => "wgs-84-3d",
                9157 => "cartesian-3d",
                _ => "cartesian",
            },
        );
    }

    fn date(&mut self, days: i64) {
        let (year, month, day) = civil(days);
        self.integer("year", year);
        self.integer("month", month);
        self.integer("day", day);
    }

    /// What a clock on the wall shows.
    fn local(&mut self, seconds: i64, nanoseconds: i64) {
        self.date(seconds.div_euclid(86_400));
        let second = seconds.rem_euclid(86_400);
        self.integer("hour", second / 3600);
        self.integer("minute", second / 60 % 60);
        self.integer("second", second % 60);
        self.integer("millisecond", nanoseconds / 1_000_000);
        self.integer("microsecond", nanoseconds / 1000);
        self.integer("nanosecond", nanoseconds);
    }

    fn instant(&mut self, seconds: i64, nanoseconds: i64) {
        self.integer("epochSeconds", seconds);
        self.integer("epochMillis", seconds.saturating_mul(1000).saturating_add(nanoseconds / 1_000_000));
    }
}

/// Year, month and day of so many days after 1970-01-01, counted in the Gregorian calendar (Howard Hinnant's algorithm).
pub(in super::super) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn uuid_text(uuid: &[u8; 16]) -> String {
    let digits: String = uuid.iter().map(|byte| format!("{byte:02x}")).collect();
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// The numbers of a vector.
fn numbers(vector: &Vector<'_>) -> Vec<engine::Value> {
    let size = VECTOR_TYPE_MARKER.iter().find(|code| vector.type_marker[..] == [code.code]).map_or(1, |code| code.size);
    let is_float = matches!(vector.type_marker.first(), Some(0xC6 | 0xC1));
    let number = |bytes: &[u8]| match (bytes, is_float) {
        (&[a, b, c, d], true) => engine::Value::Float64(f64::from(f32::from_be_bytes([a, b, c, d]))),
        (&[a, b, c, d, e, f, g, h], true) => engine::Value::Float64(f64::from_be_bytes([a, b, c, d, e, f, g, h])),
        (bytes, _) => {
            let sign = bytes.first().is_some_and(|first| first & 0x80 != 0);
            let whole = bytes.iter().fold(if sign { -1_i64 } else { 0 }, |whole, &byte| whole << 8 | i64::from(byte));
            engine::Value::Int64(whole)
        }
    };
    vector.data.chunks(size).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(civil(18_321), (2020, 2, 29));
        assert_eq!(civil(365_241_780_471), (999_999_999, 12, 31));
    }
}
