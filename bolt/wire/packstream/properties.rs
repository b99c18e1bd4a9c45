//! What holds for every value, in every dialect.

use bytes::BytesMut;
use proptest::prelude::*;

use super::strategies::{any_value, integers, primitives};
use super::tests::read_all;
use super::*;
use crate::generated::{Dialect, Value, Version};

const NEWEST: Dialect = Dialect::new(Version::ALL[Version::ALL.len() - 1]);

/// Every version, with and without each patch.
fn dialects() -> impl Iterator<Item = Dialect> {
    let patched = |version| {
        let mut dialect = Dialect::new(version);
        dialect.apply("utc").then_some(dialect)
    };
    Version::ALL.iter().flat_map(move |version| [Some(Dialect::new(*version)), patched(*version)]).flatten()
}

fn encoded(value: &Value<'_>, dialect: Dialect) -> Result<Vec<u8>, EncodeError> {
    let mut out = BytesMut::new();
    Writer::new(&mut out, dialect).value(value)?;
    Ok(out.to_vec())
}

fn decoded(bytes: &[u8], dialect: Dialect) -> Result<Value<'_>, DecodeError> {
    let mut reader = Reader::new(bytes, dialect, Origin::Server);
    let value = reader.value()?;
    reader.finish()?;
    Ok(value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_value_comes_back_from_the_newest_dialect(value in any_value()) {
        let bytes = encoded(&value, NEWEST).unwrap();
        let back = decoded(&bytes, NEWEST);
        prop_assert_eq!(back.as_ref(), Ok(&value));
        prop_assert_eq!(back.unwrap().into_owned(), value);
    }

    #[test]
    fn every_dialect_reads_what_it_writes(value in any_value()) {
        for dialect in dialects() {
            match encoded(&value, dialect) {
                // What an older dialect lacks is lost when it is written for the first time, and nothing more after that.
                Ok(bytes) => {
                    let back = decoded(&bytes, dialect);
                    prop_assert!(back.is_ok(), "{:?}: {}", dialect, back.unwrap_err());
                    prop_assert_eq!(encoded(&back.unwrap(), dialect), Ok(bytes), "{:?}", dialect);
                }
                Err(error) => prop_assert!(matches!(error, EncodeError::NotInVersion { .. }), "{:?}: {}", dialect, error),
            }
        }
    }

    #[test]
    fn values_without_structures_are_the_same_in_every_dialect_that_has_them(value in primitives()) {
        let newest = encoded(&value, NEWEST).unwrap();
        for dialect in dialects() {
            let mut out = BytesMut::new();
            let mut writer = Writer::new(&mut out, dialect);
            writer.value(&value).unwrap();
            if dialect.version.packstream() == NEWEST.version.packstream() {
                prop_assert_eq!(writer.placeholders(), 0);
                prop_assert_eq!(&out[..], &newest[..]);
            }
        }
    }

    #[test]
    fn skipping_reads_as_far_as_reading(value in any_value()) {
        let bytes = encoded(&value, NEWEST).unwrap();
        let mut reader = Reader::new(&bytes, NEWEST, Origin::Server);
        prop_assert_eq!(reader.skip(), Ok(()));
        prop_assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn every_truncated_value_ends_early(value in any_value(), cut in any::<prop::sample::Index>()) {
        let bytes = encoded(&value, NEWEST).unwrap();
        let cut = &bytes[..cut.index(bytes.len())];
        let error = decoded(cut, NEWEST).unwrap_err();
        prop_assert!(error.ends_early(), "{}", error);
    }

    #[test]
    fn every_corrupted_value_is_an_error_or_a_value(value in any_value(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = encoded(&value, NEWEST).unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        read_all(&bytes);
    }

    #[test]
    fn random_bytes_are_an_error_or_a_value(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn integers_take_the_fewest_bytes(value in integers()) {
        let bytes = encoded(&Value::Integer(value), NEWEST).unwrap();
        let expected = match value {
            -16..=127 => 1,
            -128..=127 => 2,
            -32_768..=32_767 => 3,
            -2_147_483_648..=2_147_483_647 => 5,
            _ => 9,
        };
        prop_assert_eq!(bytes.len(), expected);
        prop_assert_eq!(decoded(&bytes, NEWEST), Ok(Value::Integer(value)));
    }
}
