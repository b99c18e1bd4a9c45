//! How fast values are read and written, and messages put together.
#![allow(missing_docs, reason = "criterion's macros write the main function")]

use std::hint::black_box;

use boltwright::generated::{Dialect, Value, Version};
use boltwright::wire::chunk::{self, Dechunker};
use boltwright::wire::packstream::{EncodeError, Origin, Reader, Writer};
use bytes::BytesMut;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

type Write = fn(&mut Writer<'_>) -> Result<(), EncodeError>;

/// A RECORD of 100 columns, integers of all widths and short strings in turn.
fn record(w: &mut Writer<'_>) -> Result<(), EncodeError> {
    w.structure_header(1, 0x71)?;
    w.list_header(100)?;
    for column in 0..50_u32 {
        w.integer(7_i64 << (column % 60))?;
        w.string(&"some short text"[..(column % 15) as usize])?;
    }
    Ok(())
}

/// A RUN with a query of 1 KiB and 10 parameters.
fn run(w: &mut Writer<'_>) -> Result<(), EncodeError> {
    w.structure_header(3, 0x10)?;
    w.string(&"MATCH (n:Person {name: $name}) RETURN n ".repeat(26)[..1024])?;
    w.dictionary_header(10)?;
    for name in ["alpha", "beta", "gamma", "delta", "epsilon"] {
        w.string(name)?;
        w.integer(123_456)?;
    }
    for name in ["name", "city", "street", "country", "email"] {
        w.string(name)?;
        w.string("a value of thirty letters or so")?;
    }
    w.dictionary_header(1)?;
    w.string("mode")?;
    w.string("r")
}

/// A node with five properties.
fn node(w: &mut Writer<'_>) -> Result<(), EncodeError> {
    w.structure_header(4, 0x4E)?;
    w.integer(4711)?;
    w.string_list(&["Person", "Employee"])?;
    w.dictionary_header(5)?;
    w.string("name")?;
    w.string("Ada Lovelace")?;
    w.string("born")?;
    w.integer(1815)?;
    w.string("score")?;
    w.float(0.97)?;
    w.string("active")?;
    w.boolean(true)?;
    w.string("tags")?;
    w.string_list(&["maths", "engines", "poetry"])?;
    w.string("4:2f1b8f0a-8f5e-4a39-9a43-0d4f7a6f2c11:4711")
}

const MESSAGES: [(&str, Write); 3] = [("record of 100 columns", record), ("run with 10 parameters", run), ("node", node)];

fn dialect() -> Dialect {
    Dialect::new(Version::V5_8)
}

fn encoded(write: Write) -> BytesMut {
    let mut out = BytesMut::new();
    write(&mut Writer::new(&mut out, dialect())).expect("the values fit");
    out
}

fn decode_fields(bytes: &[u8]) {
    let mut reader = Reader::new(bytes, dialect(), Origin::Client);
    let (fields, _) = reader.structure_header().expect("a structure");
    for _ in 0..fields {
        black_box(reader.value().expect("a value"));
    }
}

fn encode(c: &mut Criterion) {
    let mut group = c.benchmark_group("encode");
    for (name, write) in MESSAGES {
        let mut out = BytesMut::with_capacity(64 << 10);
        group.throughput(Throughput::Bytes(encoded(write).len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                out.clear();
                let start = chunk::begin_message(&mut out);
                write(&mut Writer::new(&mut out, dialect())).expect("the values fit");
                chunk::end_message(&mut out, start);
                black_box(&out);
            });
        });
    }
    group.finish();
}

fn decode(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode");
    for (name, write) in MESSAGES {
        let bytes = encoded(write);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |b| b.iter(|| decode_fields(black_box(&bytes))));
    }
    let mut nested = BytesMut::new();
    let row: Vec<Value<'_>> = (0..10).map(|index| Value::List(vec![Value::Integer(index), Value::Boolean(true)])).collect();
    Writer::new(&mut nested, dialect()).list(&vec![Value::List(row); 10]).expect("the values fit");
    group.throughput(Throughput::Bytes(nested.len() as u64));
    group.bench_function("100 lists in lists", |b| {
        b.iter(|| black_box(Reader::new(black_box(&nested), dialect(), Origin::Client).value().expect("a value")));
    });
    group.finish();
}

fn dechunk(c: &mut Criterion) {
    let mut message = BytesMut::new();
    for part in vec![0xAB; 1 << 20].chunks(64 << 10) {
        // Chunks of 64 KiB less a byte, the longest there are.
        let start = chunk::begin_message(&mut message);
        message.extend_from_slice(&part[1..]);
        chunk::end_message(&mut message, start);
        message.truncate(message.len() - 2);
    }
    message.extend_from_slice(&[0, 0]);

    let mut group = c.benchmark_group("dechunk");
    group.throughput(Throughput::Bytes(message.len() as u64));
    group.bench_function("1 MiB in chunks of 64 KiB", |b| {
        b.iter_batched(
            || message.clone(),
            |mut input| black_box(Dechunker::new(chunk::LIMIT).next(&mut input).expect("a message")),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, encode, decode, dechunk);
criterion_main!(benches);
