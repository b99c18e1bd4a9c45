//! Date-times as versions before 5.0 write them, by the local clock, and as everything above the wire has them, in UTC; and the name of a
//! vector's type.

use super::packstream::{DecodeErrorKind, EncodeError};
use super::zone::{self, ZoneError};
use crate::generated::{DateTime, DateTimeZoneId, LegacyDateTime, LegacyDateTimeZoneId, VECTOR_TYPE_MARKER, Vector};

impl TryFrom<LegacyDateTime> for DateTime {
    type Error = DecodeErrorKind;

    fn try_from(legacy: LegacyDateTime) -> Result<Self, DecodeErrorKind> {
        let LegacyDateTime { seconds, nanoseconds, tz_offset_seconds } = legacy;
        match seconds.checked_sub(tz_offset_seconds) {
            Some(seconds) => Ok(Self { seconds, nanoseconds, tz_offset_seconds }),
            None => Err(ZoneError::OutOfRange { seconds }.into()),
        }
    }
}

impl TryFrom<&DateTime> for LegacyDateTime {
    type Error = EncodeError;

    fn try_from(utc: &DateTime) -> Result<Self, EncodeError> {
        let DateTime { seconds, nanoseconds, tz_offset_seconds } = *utc;
        match seconds.checked_add(tz_offset_seconds) {
            Some(seconds) => Ok(Self { seconds, nanoseconds, tz_offset_seconds }),
            None => Err(ZoneError::OutOfRange { seconds }.into()),
        }
    }
}

impl<'a> TryFrom<LegacyDateTimeZoneId<'a>> for DateTimeZoneId<'a> {
    type Error = DecodeErrorKind;

    fn try_from(legacy: LegacyDateTimeZoneId<'a>) -> Result<Self, DecodeErrorKind> {
        let LegacyDateTimeZoneId { seconds, nanoseconds, tz_id } = legacy;
        let seconds = zone::to_utc(seconds, &tz_id)?;
        Ok(Self { seconds, nanoseconds, tz_id })
    }
}

impl<'a> TryFrom<&DateTimeZoneId<'a>> for LegacyDateTimeZoneId<'a> {
    type Error = EncodeError;

    fn try_from(utc: &DateTimeZoneId<'a>) -> Result<Self, EncodeError> {
        let seconds = zone::to_local(utc.seconds, &utc.tz_id)?;
        Ok(Self { seconds, nanoseconds: utc.nanoseconds, tz_id: utc.tz_id.clone() })
    }
}

impl Vector<'_> {
    /// The name of its type with its dimension, such as `VECTOR(3, INTEGER8)`.
    #[must_use]
    pub fn type_name(&self) -> String {
        let code = VECTOR_TYPE_MARKER.iter().find(|code| self.type_marker[..] == [code.code]);
        match code {
            Some(code) => format!("VECTOR({}, {})", self.data.len() / code.size, code.name),
            None => "VECTOR".to_owned(),
        }
    }
}
