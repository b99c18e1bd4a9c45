//! PackStream byte by byte.

use std::borrow::Cow;

use bytes::BytesMut;

use super::*;
use crate::generated::{Dialect, Value, Version};

const OLD: Dialect = Dialect::new(Version::V5_4);
const NEW: Dialect = Dialect::new(Version::V6_1);

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

pub(super) fn written(dialect: Dialect, write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Vec<u8> {
    let mut out = BytesMut::new();
    write(&mut Writer::new(&mut out, dialect)).unwrap();
    out.to_vec()
}

fn encoded(value: &Value<'_>) -> Vec<u8> {
    written(NEW, |w| w.value(value))
}

fn decoded(bytes: &[u8]) -> Result<Value<'_>, DecodeError> {
    let mut reader = Reader::new(bytes, NEW, Origin::Server);
    let value = reader.value()?;
    reader.finish()?;
    Ok(value)
}

fn reader(bytes: &[u8]) -> Reader<'_> {
    Reader::new(bytes, OLD, Origin::Client)
}

fn dictionary<'a>(entries: impl IntoIterator<Item = (&'a str, Value<'a>)>) -> Dictionary<'a> {
    entries.into_iter().collect()
}

fn text(value: &str) -> Value<'_> {
    Value::String(Cow::Borrowed(value))
}

/// Bytes that are this value, and that this value is written as.
#[track_caller]
fn is(hex_bytes: &str, value: &Value<'_>) {
    assert_eq!(hex(&encoded(value)), hex_bytes);
    assert_eq!(decoded(&bytes(hex_bytes)).as_ref(), Ok(value));
}

/// A long value: the front of its bytes, and how many there are.
#[track_caller]
fn starts(front: &str, length: usize, value: &Value<'_>) {
    let encoded = encoded(value);
    assert_eq!(hex(&encoded[..bytes(front).len()]), front);
    assert_eq!(encoded.len(), length);
    assert!(decoded(&encoded).as_ref() == Ok(value));
}

#[test]
fn null_and_booleans_are_one_byte() {
    is("C0", &Value::Null);
    is("C2", &Value::Boolean(false));
    is("C3", &Value::Boolean(true));
}

#[test]
fn integers_are_written_as_narrow_as_they_fit() {
    for (value, hex_bytes) in [
        (0, "00"),
        (1, "01"),
        (42, "2A"),
        (127, "7F"),
        (-1, "FF"),
        (-16, "F0"),
        (-17, "C8 EF"),
        (-128, "C8 80"),
        (-129, "C9 FF 7F"),
        (128, "C9 00 80"),
        (255, "C9 00 FF"),
        (32_767, "C9 7F FF"),
        (-32_768, "C9 80 00"),
        (32_768, "CA 00 00 80 00"),
        (-32_769, "CA FF FF 7F FF"),
        (65_535, "CA 00 00 FF FF"),
        (2_147_483_647, "CA 7F FF FF FF"),
        (-2_147_483_648, "CA 80 00 00 00"),
        (2_147_483_648, "CB 00 00 00 00 80 00 00 00"),
        (-2_147_483_649, "CB FF FF FF FF 7F FF FF FF"),
        (i64::MAX, "CB 7F FF FF FF FF FF FF FF"),
        (i64::MIN, "CB 80 00 00 00 00 00 00 00"),
    ] {
        is(hex_bytes, &Value::Integer(value));
    }
}

#[test]
fn integers_are_read_in_any_width() {
    for wide in ["C8 01", "C9 00 01", "CA 00 00 00 01", "CB 00 00 00 00 00 00 00 01"] {
        assert_eq!(decoded(&bytes(wide)), Ok(Value::Integer(1)), "{wide}");
        assert_eq!(reader(&bytes(wide)).integer(), Ok(1), "{wide}");
    }
}

#[test]
fn floats_keep_every_bit() {
    is("C1 00 00 00 00 00 00 00 00", &Value::Float(0.0));
    is("C1 3F F8 00 00 00 00 00 00", &Value::Float(1.5));
    is("C1 7F F0 00 00 00 00 00 00", &Value::Float(f64::INFINITY));
    is("C1 FF F0 00 00 00 00 00 00", &Value::Float(f64::NEG_INFINITY));
    for bits in ["C1 80 00 00 00 00 00 00 00", "C1 7F F8 00 00 00 00 00 00", "C1 FF F0 00 00 00 00 00 01"] {
        assert_eq!(hex(&encoded(&decoded(&bytes(bits)).unwrap())), bits);
    }
}

#[test]
fn bytes_have_no_tiny_form() {
    is("CC 00", &Value::Bytes(Cow::Borrowed(&[])));
    is("CC 03 01 02 FF", &Value::Bytes(Cow::Borrowed(&[1, 2, 255])));
    let value = |length: usize| Value::Bytes(vec![0xAB; length].into());
    starts("CC FF AB", 2 + 255, &value(255));
    starts("CD 01 00 AB", 3 + 256, &value(256));
    starts("CD FF FF AB", 3 + 65_535, &value(65_535));
    starts("CE 00 01 00 00 AB", 5 + 65_536, &value(65_536));
}

#[test]
fn strings_count_bytes() {
    is("80", &text(""));
    is("81 41", &text("A"));
    is("82 C3 A9", &text("é"));
    is("84 F0 9F 98 80", &text("😀"));
    is("8F 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61", &text("aaaaaaaaaaaaaaa"));
    let value = |length: usize| Value::String("a".repeat(length).into());
    starts("D0 10 61", 2 + 16, &value(16));
    starts("D0 FF 61", 2 + 255, &value(255));
    starts("D1 01 00 61", 3 + 256, &value(256));
    starts("D1 FF FF 61", 3 + 65_535, &value(65_535));
    starts("D2 00 01 00 00 61", 5 + 65_536, &value(65_536));
}

#[test]
fn lists_of_every_length_class() {
    is("90", &Value::List(vec![]));
    is("93 01 81 61 C0", &Value::List(vec![Value::Integer(1), text("a"), Value::Null]));
    let value = |length: usize| Value::List(vec![Value::Integer(7); length]);
    starts("9F 07", 1 + 15, &value(15));
    starts("D4 10 07", 2 + 16, &value(16));
    starts("D4 FF 07", 2 + 255, &value(255));
    starts("D5 01 00 07", 3 + 256, &value(256));
    starts("D5 FF FF 07", 3 + 65_535, &value(65_535));
    starts("D6 00 01 00 00 07", 5 + 65_536, &value(65_536));
}

#[test]
fn dictionaries_of_every_length_class() {
    is("A0", &Value::Dictionary(Dictionary::new()));
    is("A1 83 6F 6E 65 01", &Value::Dictionary(dictionary([("one", Value::Integer(1))])));
    let value = |length: usize| Value::Dictionary((0..length).map(|index| (format!("{index:05}"), Value::Integer(7))).collect());
    starts("AF 85 30 30 30 30 30 07", 1 + 7 * 15, &value(15));
    starts("D8 10 85", 2 + 7 * 16, &value(16));
    starts("D8 FF 85", 2 + 7 * 255, &value(255));
    starts("D9 01 00 85", 3 + 7 * 256, &value(256));
    starts("D9 FF FF 85", 3 + 7 * 65_535, &value(65_535));
    starts("DA 00 01 00 00 85", 5 + 7 * 65_536, &value(65_536));
}

#[test]
fn wide_lengths_are_read() {
    for wide in ["D0 01 61", "D1 00 01 61", "D2 00 00 00 01 61"] {
        assert_eq!(decoded(&bytes(wide)), Ok(text("a")));
    }
    for wide in ["D4 01 C0", "D5 00 01 C0", "D6 00 00 00 01 C0"] {
        assert_eq!(decoded(&bytes(wide)), Ok(Value::List(vec![Value::Null])));
    }
    for wide in ["D8 01 81 61 C0", "D9 00 01 81 61 C0", "DA 00 00 00 01 81 61 C0"] {
        assert_eq!(decoded(&bytes(wide)), Ok(Value::Dictionary(dictionary([("a", Value::Null)]))));
    }
    for wide in ["CC 01 61", "CD 00 01 61", "CE 00 00 00 01 61"] {
        assert_eq!(decoded(&bytes(wide)), Ok(Value::Bytes(Cow::Borrowed(b"a"))));
    }
}

#[test]
fn scalars_are_borrowed_from_the_message() {
    let message = bytes("92 83 61 62 63 CC 02 01 02");
    let Ok(Value::List(values)) = decoded(&message) else { panic!("a list") };
    assert!(matches!(values[0], Value::String(Cow::Borrowed("abc"))));
    assert!(matches!(values[1], Value::Bytes(Cow::Borrowed([1, 2]))));
}

#[test]
fn structures_are_read_and_written_by_the_generated_code() {
    let message = bytes("B1 44 C9 01 00");
    let value = decoded(&message).unwrap();
    assert!(!matches!(value, Value::Null));
    assert_eq!(encoded(&value), message);
    let mut reader = reader(&message);
    assert_eq!(reader.structure_header(), Ok((1, 0x44)));
    assert_eq!(reader.integer(), Ok(256));
    assert_eq!(reader.finish(), Ok(()));
}

#[test]
fn structures_have_at_most_15_fields() {
    assert_eq!(written(NEW, |w| w.structure_header(15, 0x01)), [0xBF, 0x01]);
    let mut out = BytesMut::new();
    assert_eq!(Writer::new(&mut out, NEW).structure_header(16, 0x01), Err(EncodeError::TooManyFields { got: 16 }));
    assert!(out.is_empty());
}

const UUID: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

#[test]
fn uuid_is_a_value_from_packstream_2_on() {
    is("E0 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F", &Value::Uuid(UUID));
    assert_eq!(decoded(&bytes("E0 00 01")).unwrap_err().kind, DecodeErrorKind::UnexpectedEnd { needed: 16, remaining: 2 });
    let old = bytes("91 E0 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F");
    let error = reader(&old).value().unwrap_err();
    assert_eq!(error.to_string(), "byte 1: a UUID needs PackStream 2, which starts at Bolt 6.1; this connection speaks Bolt 5.4");
    assert!(reader(&old[1..]).uuid().is_err());
    assert_eq!(reader(&old[1..]).string().unwrap_err().kind, error.kind);
    assert_eq!(reader(&old).skip().unwrap_err(), error);
}

#[test]
fn uuid_below_packstream_2_is_named_instead() {
    let mut out = BytesMut::new();
    let mut writer = Writer::new(&mut out, Dialect::new(Version::V6_0));
    writer.uuid(UUID).unwrap();
    assert_eq!(writer.placeholders(), 0);
    assert_eq!(hex(&out), "B4 3F 84 55 55 49 44 06 01 A0");

    let mut out = BytesMut::new();
    let mut writer = Writer::new(&mut out, OLD);
    writer.null().unwrap();
    let mark = writer.mark();
    writer.uuid(UUID).unwrap();
    assert_eq!(writer.placeholders(), 1);
    writer.truncate(mark);
    assert_eq!(writer.placeholders(), 0);
    writer.unsupported("VECTOR(3, INTEGER8)", Version::V6_0).unwrap();
    let placeholder = [("originalType", text("VECTOR(3, INTEGER8)")), ("reason", text("UNKNOWN_TYPE"))];
    assert_eq!(reader(&out[1..]).dictionary(), Ok(dictionary(placeholder)));
}

#[test]
fn writing_can_be_undone() {
    let mut out = BytesMut::from(&[0xAA][..]);
    let mut writer = Writer::new(&mut out, OLD);
    writer.integer(1).unwrap();
    let mark = writer.mark();
    writer.string_list(&["a", "b"]).unwrap();
    writer.truncate(mark);
    writer.boolean(true).unwrap();
    assert_eq!(out.as_ref(), [0xAA, 0x01, 0xC3]);
}

#[test]
fn every_marker_is_read_as_one_type_or_refused() {
    for marker in 0..=u8::MAX {
        let mut message = vec![marker];
        message.resize(40, 0);
        let mut read = Vec::new();
        let mut try_read = |name: &str, ok: bool| {
            if ok {
                read.push(name.to_owned())
            }
        };
        let reader = || Reader::new(&message, NEW, Origin::Server);
        try_read("null", reader().null().unwrap());
        try_read("boolean", reader().boolean().is_ok());
        try_read("integer", reader().integer().is_ok());
        try_read("float", reader().float().is_ok());
        try_read("bytes", reader().bytes().is_ok());
        try_read("string", reader().string().is_ok());
        try_read("uuid", reader().uuid().is_ok());
        try_read("list", reader().list_header().is_ok());
        try_read("dictionary", reader().dictionary_header().is_ok());
        try_read("structure", reader().structure_header().is_ok());
        let expected = match marker {
            0x00..=0x7F | 0xC8..=0xCB | 0xF0..=0xFF => "integer",
            0x80..=0x8F | 0xD0..=0xD2 => "string",
            0x90..=0x9F | 0xD4..=0xD6 => "list",
            0xA0..=0xAF | 0xD8..=0xDA => "dictionary",
            0xB0..=0xBF => "structure",
            0xC0 => "null",
            0xC1 => "float",
            0xC2 | 0xC3 => "boolean",
            0xCC..=0xCE => "bytes",
            0xE0 => "uuid",
            _ => {
                assert!(read.is_empty(), "{marker:02X}: {read:?}");
                let reserved = DecodeErrorKind::ReservedMarker { got: marker };
                assert_eq!(reader().value().unwrap_err(), DecodeError::new(0, reserved.clone()));
                assert_eq!(reader().skip().unwrap_err(), DecodeError::new(0, reserved.clone()));
                assert_eq!(reader().string().unwrap_err(), DecodeError::new(0, reserved));
                continue;
            }
        };
        assert_eq!(read, [expected], "{marker:02X}");
    }
}

#[test]
fn reserved_markers_name_the_byte_and_its_place() {
    let message = |hex| decoded(&bytes(hex)).unwrap_err().to_string();
    assert_eq!(message("92 01 C4"), "byte 2: C4 starts no value: the marker is reserved");
    assert_eq!(message("DC 01 44 00"), "byte 0: DC starts no value: a structure has at most 15 fields, and its marker is B0 to BF");
    assert!(message("91 DD 00 01 44 00").starts_with("byte 1: DD starts no value: a structure"));
}

#[test]
fn other_types_are_named_in_the_error_and_stay_unread() {
    let message = bytes("C9 01 00");
    let mut reader = reader(&message);
    let error = reader.string().unwrap_err().in_field("RUN", "query").in_field("outer", "field");
    assert_eq!(error.to_string(), "RUN.query, byte 0: expected a string, got an integer (C9)");
    assert_eq!(reader.unexpected("a string or null").to_string(), "byte 0: expected a string or null, got an integer (C9)");
    assert_eq!(reader.offset(), 0);
    assert_eq!(reader.null(), Ok(false));
    assert_eq!(reader.integer(), Ok(256));
    assert_eq!((reader.offset(), reader.remaining()), (3, 0));
    assert!(reader.null().unwrap_err().ends_early());
}

#[test]
fn length_that_the_message_cannot_hold_is_refused_before_it_is_reserved() {
    for hex_bytes in [
        "CE FF FF FF FF",
        "CC 01",
        "D2 FF FF FF FF",
        "D2 7F FF FF FF 00",
        "D0 02 41",
        "82 41",
        "D6 FF FF FF FF 00",
        "D4 02 00",
        "92 00",
        "91",
        "DA FF FF FF FF 00",
        "D8 01 80",
        "A1 80",
        "A2 80 00 80",
        "B1 44",
        "B2 44 00",
        "B0",
        "C1 00",
        "C9 00",
        "C8",
        "CB 00",
        "D1 00",
        "",
    ] {
        let message = bytes(hex_bytes);
        let error = decoded(&message).unwrap_err();
        assert!(error.ends_early(), "{hex_bytes}: {error}");
        let error = reader(&message).skip().unwrap_err();
        assert!(error.ends_early(), "{hex_bytes}: {error}");
    }
    let error = decoded(&bytes("D2 00 00 01 00 41 41")).unwrap_err();
    assert_eq!(error.to_string(), "byte 5: the value goes on for 256 more bytes, but the message has only 2 left");
}

#[test]
fn bytes_left_over_are_an_error() {
    assert_eq!(decoded(&bytes("01 02 03")).unwrap_err().to_string(), "byte 1: 2 bytes are left over behind the end of the message");
}

#[test]
fn invalid_utf_8_is_an_error_at_the_byte() {
    for (hex_bytes, offset) in
        [("82 61 FF", 2), ("81 C3", 1), ("83 ED A0 80", 1), ("82 C0 80", 1), ("84 F5 80 80 80", 1), ("92 01 83 61 62 80", 5)]
    {
        let error = decoded(&bytes(hex_bytes)).unwrap_err();
        assert_eq!(error, DecodeError::new(offset, DecodeErrorKind::InvalidUtf8), "{hex_bytes}");
    }
}

#[test]
fn keys_are_strings() {
    assert_eq!(decoded(&bytes("A1 C0 01")).unwrap_err(), DecodeError::new(1, DecodeErrorKind::NullKey));
    let error = decoded(&bytes("A1 01 01")).unwrap_err();
    assert_eq!(error.to_string(), "byte 1: expected a string, got an integer (01)");
    assert!(decoded(&bytes("A1 CC 01 61 01")).is_err());
}

#[test]
fn repeated_keys_are_an_error() {
    let error = decoded(&bytes("A2 81 61 01 81 61 02")).unwrap_err();
    assert_eq!(error.to_string(), "byte 4: the key 'a' comes twice in a dictionary");
    for length in [2, 15, 16, 17, 18, 100, 5000] {
        let repeated = written(NEW, |w| {
            w.dictionary_header(length)?;
            for index in 0..length {
                w.string(&(index % (length - 1)).to_string())?;
                w.null()?;
            }
            Ok(())
        });
        let error = decoded(&repeated).unwrap_err();
        assert_eq!(error.kind, DecodeErrorKind::DuplicateKey { key: "0".to_owned() }, "{length}");
        assert_eq!(error.offset, repeated.len() - 3);
    }
}

#[test]
fn skipping_reads_one_value_over() {
    for value in
        ["01", "CB 00 00 00 00 00 00 00 01", "83 61 62 63", "CC 01 FF", "93 01 92 C0 C2 80", "A2 81 61 91 01 81 62 A1 80 C3", "B1 44 2A"]
    {
        let mut message = bytes(value);
        message.push(0x7F);
        let mut reader = reader(&message);
        reader.skip().unwrap();
        assert_eq!(reader.integer(), Ok(0x7F), "{value}");
    }
}

fn nested(levels: usize) -> Vec<u8> {
    let mut message = vec![0x91; levels - 1];
    message.push(0x90);
    message
}

#[test]
fn nesting_is_capped() {
    assert!(decoded(&nested(1000)).is_ok());
    let error = decoded(&nested(1001)).unwrap_err();
    assert_eq!(error, DecodeError::new(1001, DecodeErrorKind::TooDeep { cap: 1000 }));
    assert!(decoded(&nested(1_000_000)).is_err());
    assert!(reader(&nested(1_000_000)).skip().is_ok());
    let message = bytes("91 A1 80 91 90");
    assert!(reader(&message).with_nesting_cap(4).value().is_ok());
    assert!(reader(&message).with_nesting_cap(3).value().is_err());
    let mut shallow = reader(&message).with_nesting_cap(1);
    assert_eq!(shallow.nested(|r| r.list_header()), Ok(1));
    assert!(shallow.nested(|r| r.nested(|r| r.dictionary_header())).is_err());
}

#[test]
fn lists_side_by_side_are_not_deep() {
    let message = written(NEW, |w| {
        w.list_header(3000)?;
        (0..3000).try_for_each(|_| w.list(&[Value::List(vec![])]))
    });
    assert!(Reader::new(&message, NEW, Origin::Client).with_nesting_cap(3).value().is_ok());
}

/// The deepest values there may be: lists in dictionaries, and structures as deep as they may go.
fn deepest() -> Vec<u8> {
    let mut message = Vec::new();
    for _ in 0..STRUCTURE_CAP {
        // A node whose properties hold the next one.
        message.extend(bytes("B4 4E 01 90 A1 81 61"));
    }
    for _ in 0..(NESTING_CAP - 2 * STRUCTURE_CAP) / 2 - 1 {
        message.extend(bytes("91 A1 80"));
    }
    message.extend(bytes("91 90"));
    message.extend([0x80].repeat(usize::from(STRUCTURE_CAP)));
    message
}

#[test]
fn stack_of_2_mib_holds_the_deepest_values() {
    let run = || {
        for message in [nested(1000), deepest()] {
            let value = decoded(&message).unwrap();
            assert!(encoded(&value) == message);
            let copy = value.clone();
            assert!(copy == value);
            drop(value);
            drop(copy.into_owned());
        }
        let mut deeper = Value::Null;
        for _ in 0..1001 {
            deeper = Value::List(vec![deeper]);
        }
        let written = Writer::new(&mut BytesMut::new(), NEW).value(&deeper);
        assert_eq!(written, Err(EncodeError::TooDeep { cap: 1000 }));
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn structures_in_each_other_are_capped_lower() {
    let mut message = Vec::new();
    for _ in 0..=STRUCTURE_CAP {
        message.extend(bytes("B4 4E 01 90 A1 81 61"));
    }
    message.push(0xC0);
    message.extend([0x80].repeat(usize::from(STRUCTURE_CAP) + 1));
    assert_eq!(decoded(&message).unwrap_err().kind, DecodeErrorKind::TooDeep { cap: STRUCTURE_CAP });
}

#[test]
fn dictionaries_keep_their_order_and_each_key_once() {
    let mut dictionary = dictionary([("b", Value::Integer(1)), ("a", Value::Integer(2)), ("b", Value::Integer(3))]);
    assert_eq!(dictionary.insert("c", Value::Null), None);
    assert_eq!(dictionary.insert("a", Value::Integer(4)), Some(Value::Integer(2)));
    let entries: Vec<_> = dictionary.iter().collect();
    assert_eq!(entries, [("b", &Value::Integer(3)), ("a", &Value::Integer(4)), ("c", &Value::Null)]);
    assert_eq!(dictionary.get("a"), Some(&Value::Integer(4)));
    assert!(dictionary.contains_key("c") && !dictionary.contains_key("d"));
    assert_eq!(format!("{dictionary:?}"), r#"{"b": Integer(3), "a": Integer(4), "c": Null}"#);
    assert_eq!(dictionary.remove("b"), Some(Value::Integer(3)));
    assert_eq!(dictionary.len(), 2);
}

#[test]
fn large_dictionaries_keep_each_key_once() {
    let twice: Dictionary<'_> = (0..200_i64).map(|index| ((index % 100).to_string(), Value::Integer(index))).collect();
    assert_eq!(twice.len(), 100);
    assert!(
        twice.iter().enumerate().all(|(index, (key, value))| { key == index.to_string() && *value == Value::Integer(index as i64 + 100) })
    );
}

#[test]
fn order_does_not_make_dictionaries_different() {
    let one = dictionary([("a", Value::Integer(1)), ("b", Value::Integer(2))]);
    assert_eq!(one, dictionary([("b", Value::Integer(2)), ("a", Value::Integer(1))]));
    assert_ne!(one, dictionary([("b", Value::Integer(1)), ("a", Value::Integer(2))]));
    assert_ne!(one, dictionary([("a", Value::Integer(1))]));
    assert_ne!(one, dictionary([("a", Value::Integer(1)), ("c", Value::Integer(2))]));
}

/// Messages that hold every kind of marker.
const MESSAGES: [&str; 6] = [
    "B1 71 9E C0 C3 C2 2A C8 80 C9 01 00 CA 00 01 00 00 CB 7F FF FF FF FF FF FF FF C1 3F F8 00 00 00 00 00 00 83 61 C3 A9 CC 02 00 FF 91 90 A1 80 80 B1 44 01",
    "B3 10 88 52 45 54 55 52 4E 20 31 A2 81 78 D4 02 01 02 81 79 D8 01 D0 01 61 C0 A1 84 6D 6F 64 65 81 72",
    "91 E0 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F",
    "93 CD 00 01 07 CE 00 00 00 01 07 D1 00 01 61",
    "93 D2 00 00 00 01 61 D5 00 01 C0 D6 00 00 00 01 C0",
    "94 D9 00 01 81 61 C0 DA 00 00 00 01 81 61 C0 B3 58 C9 1C 23 C1 00 00 00 00 00 00 00 00 C1 00 00 00 00 00 00 00 00 B4 4E 01 91 81 4C A1 81 70 01 81 65",
];

/// Reads bytes in every way there is; what matters is that it comes back.
pub(super) fn read_all(message: &[u8]) {
    for dialect in [Dialect::new(Version::V1), OLD, NEW] {
        for origin in [Origin::Client, Origin::Server] {
            let mut reader = Reader::new(message, dialect, origin);
            if let Err(error) = reader.clone().skip() {
                assert!(error.offset <= message.len() && !error.to_string().is_empty());
            }
            // The outermost structure is a message, whose tag no value has.
            if reader.clone().structure_header().is_ok() {
                let _ = reader.structure_header();
            }
            while reader.remaining() > 0 {
                match reader.value() {
                    Ok(value) => drop(value.into_owned()),
                    Err(error) => {
                        assert!(error.offset <= message.len() && !error.to_string().is_empty());
                        break;
                    }
                }
            }
        }
    }
}

#[test]
fn every_truncation_is_an_error() {
    for message in MESSAGES {
        let message = bytes(message);
        for length in 0..message.len() {
            read_all(&message[..length]);
            let error = reader(&message[..length]).skip().unwrap_err();
            assert!(error.ends_early() || matches!(error.kind, DecodeErrorKind::NotInPackStream { .. }), "{length}: {error}");
        }
    }
}

#[test]
fn every_corruption_of_a_byte_is_an_error_or_a_value() {
    for message in MESSAGES {
        let mut message = bytes(message);
        for place in 0..message.len() {
            let right = message[place];
            for wrong in 0..=u8::MAX {
                message[place] = wrong;
                read_all(&message);
            }
            message[place] = right;
        }
    }
}
