//! Arbitrary values for property tests.

use std::borrow::Cow;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::Dictionary;
use crate::generated::{
    Date, DateTime, DateTimeZoneId, Duration, LocalDateTime, LocalTime, Node, Path, Point2D, Point3D, Relationship, Time,
    UnboundRelationship, UnsupportedType, VECTOR_TYPE_MARKER, Value, Vector,
};

/// Values of every type, lists and dictionaries of them in each other included.
pub(crate) fn any_value() -> impl Strategy<Value = Value<'static>> {
    nested(prop_oneof![3 => scalars(), 1 => temporal(), 1 => spatial(), 1 => graph(), 1 => newer()])
}

/// Values without structures, lists and dictionaries in each other included.
pub(crate) fn primitives() -> impl Strategy<Value = Value<'static>> {
    nested(scalars())
}

/// The given values, and lists and dictionaries of them.
pub(crate) fn nested(leaves: impl Strategy<Value = Value<'static>> + 'static) -> impl Strategy<Value = Value<'static>> {
    leaves.prop_recursive(4, 48, 20, |inner| {
        prop_oneof![vec(inner.clone(), 0..20).prop_map(Value::List), dictionaries(inner).prop_map(Value::Dictionary)]
    })
}

/// Dictionaries of the given values.
pub(crate) fn dictionaries(values: impl Strategy<Value = Value<'static>>) -> impl Strategy<Value = Dictionary<'static>> {
    vec((short_strings(), values), 0..20).prop_map(Dictionary::from_iter)
}

/// Values that hold no others.
pub(crate) fn scalars() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        integers().prop_map(Value::Integer),
        floats().prop_map(Value::Float),
        vec(any::<u8>(), 0..300).prop_map(|bytes| Value::Bytes(Cow::Owned(bytes))),
        strings().prop_map(Value::String),
        any::<[u8; 16]>().prop_map(Value::Uuid),
    ]
}

/// Dates, times and durations, in the ranges that the wire allows.
pub(crate) fn temporal() -> impl Strategy<Value = Value<'static>> {
    let day = 0..86_400_000_000_000_i64;
    let offset = -64_800..=64_800_i64;
    let seconds = -100_000_000_000..100_000_000_000_i64;
    let nanoseconds = 0..1_000_000_000_i64;
    let zone = select(vec!["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC", "Etc/GMT+12", "US/Pacific"]);
    prop_oneof![
        (-365_243_219_162..=365_241_780_471_i64).prop_map(|days| Date { days }.into()),
        (day.clone(), offset.clone()).prop_map(|(nanoseconds, tz_offset_seconds)| Time { nanoseconds, tz_offset_seconds }.into()),
        day.prop_map(|nanoseconds| LocalTime { nanoseconds }.into()),
        (seconds.clone(), nanoseconds.clone(), offset).prop_map(|(seconds, nanoseconds, tz_offset_seconds)| DateTime {
            seconds,
            nanoseconds,
            tz_offset_seconds
        }
        .into()),
        (seconds.clone(), nanoseconds.clone(), zone).prop_map(|(seconds, nanoseconds, zone)| DateTimeZoneId {
            seconds,
            nanoseconds,
            tz_id: zone.into()
        }
        .into()),
        (seconds, nanoseconds).prop_map(|(seconds, nanoseconds)| LocalDateTime { seconds, nanoseconds }.into()),
        (integers(), integers(), integers(), integers()).prop_map(|(months, days, seconds, nanoseconds)| Duration {
            months,
            days,
            seconds,
            nanoseconds
        }
        .into()),
    ]
}

/// Points in every coordinate system.
pub(crate) fn spatial() -> impl Strategy<Value = Value<'static>> {
    let finite = || floats().prop_filter("infinite", |value| value.is_finite());
    prop_oneof![
        (select(vec![7203, 4326]), finite(), finite()).prop_map(|(srid, x, y)| Point2D { srid, x, y }.into()),
        (select(vec![9157, 4979]), finite(), finite(), finite()).prop_map(|(srid, x, y, z)| Point3D { srid, x, y, z }.into()),
    ]
}

/// Nodes, relationships and paths with properties of scalars, times and points.
pub(crate) fn graph() -> impl Strategy<Value = Value<'static>> {
    let relationship = (vec(integers(), 3), vec(short_strings(), 4), properties()).prop_map(|(ids, texts, properties)| {
        let text = |index: usize| Some(texts[index].clone());
        Relationship {
            id: ids[0],
            start_node_id: ids[1],
            end_node_id: ids[2],
            type_: texts[0].clone(),
            properties,
            element_id: text(1),
            start_node_element_id: text(2),
            end_node_element_id: text(3),
        }
    });
    let path = (vec(nodes(), 1..3), vec(unbound_relationships(), 0..3), vec(integers(), 0..6)).prop_map(|(nodes, rels, indices)| Path {
        nodes,
        rels,
        indices,
    });
    prop_oneof![
        nodes().prop_map(Value::from),
        relationship.prop_map(Value::from),
        unbound_relationships().prop_map(Value::from),
        path.prop_map(Value::from),
    ]
}

/// Types that only the newest versions have.
pub(crate) fn newer() -> impl Strategy<Value = Value<'static>> {
    let vector = (select(VECTOR_TYPE_MARKER), vec(any::<u8>(), 0..64)).prop_map(|(code, mut data)| {
        data.truncate(data.len() / code.size * code.size);
        Vector { type_marker: vec![code.code].into(), data: data.into() }
    });
    let unsupported = (short_strings(), 6..9_i64, 0..9_i64).prop_map(|(name, minimum_protocol_major, minimum_protocol_minor)| {
        UnsupportedType { name, minimum_protocol_major, minimum_protocol_minor, extra: Dictionary::new() }
    });
    prop_oneof![vector.prop_map(Value::from), unsupported.prop_map(Value::from)]
}

fn nodes() -> impl Strategy<Value = Node<'static>> {
    (integers(), vec(short_strings(), 0..3), properties(), short_strings()).prop_map(|(id, labels, properties, element_id)| Node {
        id,
        labels,
        properties,
        element_id: Some(element_id),
    })
}

fn unbound_relationships() -> impl Strategy<Value = UnboundRelationship<'static>> {
    (integers(), short_strings(), properties(), short_strings()).prop_map(|(id, type_, properties, element_id)| UnboundRelationship {
        id,
        type_,
        properties,
        element_id: Some(element_id),
    })
}

fn properties() -> impl Strategy<Value = Dictionary<'static>> {
    vec((short_strings(), prop_oneof![scalars(), temporal(), spatial()]), 0..5).prop_map(Dictionary::from_iter)
}

fn short_strings() -> impl Strategy<Value = Cow<'static, str>> {
    prop_oneof!["[a-z]{0,20}", "\\PC{0,5}"].prop_map(Cow::Owned)
}

/// Text of every length class up to 32 bits, of one to four bytes a character.
pub(crate) fn strings() -> impl Strategy<Value = Cow<'static, str>> {
    let long = |length: usize| Cow::Owned("é".repeat(length / 2));
    prop_oneof![
        12 => short_strings(),
        2 => (200..600_usize).prop_map(long),
        1 => (65_500..65_600_usize).prop_map(long),
    ]
}

/// Integers of every width alike, and the edges of each.
pub(crate) fn integers() -> impl Strategy<Value = i64> {
    prop_oneof![
        -20_i64..130,
        any::<i8>().prop_map(i64::from),
        any::<i16>().prop_map(i64::from),
        any::<i32>().prop_map(i64::from),
        any::<i64>(),
        (0_u32..64, -1_i64..=1).prop_map(|(bit, off)| (1_i64 << bit).wrapping_add(off)),
        (0_u32..64, -1_i64..=1).prop_map(|(bit, off)| (1_i64 << bit).wrapping_neg().wrapping_add(off)),
    ]
}

/// Floats of every bit pattern but NaN, which is not equal to itself.
pub(crate) fn floats() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("NaN", |value| !value.is_nan())
}
