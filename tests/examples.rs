//! The golden vectors of the specification, through the generated code.

#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

use boltwright::generated::examples::EXAMPLES;
use boltwright::generated::request::Request;
use boltwright::generated::response::Response;
use boltwright::generated::{Dialect, Value, Version};
use boltwright::wire::packstream::{Origin, Reader, Writer};
use boltwright::wire::reflect::{Example, ExampleKind};
use bytes::BytesMut;

/// Every example in every dialect that it holds in.
fn all() -> impl Iterator<Item = (&'static Example, Dialect)> {
    EXAMPLES.iter().flat_map(|example| example.versions.iter().map(move |version| (example, dialect(example, version))))
}

fn dialect(example: &Example, version: Version) -> Dialect {
    let mut dialect = Dialect::new(version);
    if let Some(patch) = example.patch {
        assert!(dialect.apply(patch), "{}: {version} has no patch {patch}", example.name);
    }
    dialect
}

/// Reads an example and writes it again.
fn round_trip(example: &Example, dialect: Dialect, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = BytesMut::new();
    let mut w = Writer::new(&mut out, dialect);
    match example.kind {
        ExampleKind::Value => {
            let mut r = Reader::new(bytes, dialect, Origin::Server);
            let value: Value<'_> = r.value().and_then(|value| r.finish().map(|()| value)).map_err(|error| error.to_string())?;
            w.value(&value).map_err(|error| error.to_string())?;
        }
        ExampleKind::Request => {
            let request = Request::decode(&mut Reader::new(bytes, dialect, Origin::Client)).map_err(|error| error.to_string())?;
            request.encode(&mut w).map_err(|error| error.to_string())?;
        }
        ExampleKind::Response => {
            let response = Response::decode(&mut Reader::new(bytes, dialect, Origin::Server)).map_err(|error| error.to_string())?;
            response.encode(&mut w).map_err(|error| error.to_string())?;
        }
    }
    Ok(out.to_vec())
}

#[test]
fn every_example_is_read_and_written_again_as_it_stands() {
    let mut wrong = Vec::new();
    for (example, dialect) in all().filter(|(example, _)| !example.read_only) {
        match round_trip(example, dialect, example.bytes) {
            Ok(bytes) if same(example, &bytes) => {}
            Ok(bytes) => wrong.push(format!("{} at {}: {:02X?}\n  became {bytes:02X?}", example.name, dialect.version, example.bytes)),
            Err(error) => wrong.push(format!("{} at {}: {error}", example.name, dialect.version)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the bytes are the example's. A request's dictionaries may come back with their entries in the specification's order.
fn same(example: &Example, bytes: &[u8]) -> bool {
    let mut sorted = [example.bytes.to_vec(), bytes.to_vec()];
    if example.kind != ExampleKind::Value {
        sorted.iter_mut().for_each(|bytes| bytes.sort_unstable());
    }
    sorted[0] == sorted[1]
}

#[test]
fn every_form_that_is_only_read_is_read() {
    for (example, dialect) in all().filter(|(example, _)| example.read_only) {
        assert!(round_trip(example, dialect, example.bytes).is_ok(), "{} at {}", example.name, dialect.version);
    }
}

#[test]
fn every_truncation_is_an_error() {
    for (example, dialect) in all() {
        for length in 0..example.bytes.len() {
            let cut = round_trip(example, dialect, &example.bytes[..length]);
            assert!(cut.is_err(), "{} at {} cut to {length} bytes is read as a whole", example.name, dialect.version);
        }
    }
}

#[test]
fn every_corruption_of_a_byte_is_an_error_or_a_value() {
    for example in EXAMPLES {
        let (oldest, newest) = (example.versions.iter().next().unwrap(), example.versions.iter().last().unwrap());
        for dialect in [dialect(example, oldest), dialect(example, newest)] {
            let mut bytes = example.bytes.to_vec();
            for at in 0..bytes.len() {
                let right = bytes[at];
                for wrong in (0..=u8::MAX).filter(|wrong| *wrong != right) {
                    bytes[at] = wrong;
                    drop(round_trip(example, dialect, &bytes)); // neither is wrong, as long as it comes back
                }
                bytes[at] = right;
            }
        }
    }
}
