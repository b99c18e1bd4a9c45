//! Writes the engine's values straight into a row.

use std::cell::Cell;
use std::collections::BTreeMap;

use grafeo_common::types::{self as engine, PropertyKey};

use crate::generated::{
    Date, DateTime, Duration, ErrorCode, LocalDateTime, LocalTime, Node, Path, Relationship, Time, UnboundRelationship, Value, Vector,
};
use crate::wire::Failure;
use crate::wire::packstream::{EncodeError, Writer};

use super::super::elements::{self, Entity, Walk};
use super::{NANOSECONDS, tagged};

/// Values of one row on their way out.
#[derive(Default)]
pub(crate) struct Output {
    /// The first value that is none of Bolt's. The row it is in must be dropped.
    fault: Cell<Option<Failure>>,
}

impl Output {
    /// Why the row cannot be sent, if it cannot.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.fault.take().map_or(Ok(()), Err)
    }

    /// Writes one value.
    pub(crate) fn write(&self, w: &mut Writer<'_>, value: &engine::Value) -> Result<(), EncodeError> {
        match value {
            engine::Value::Null => w.null(),
            engine::Value::Bool(value) => w.boolean(*value),
            engine::Value::Int64(value) => w.integer(*value),
            engine::Value::Float64(value) => w.float(*value),
            engine::Value::String(value) => w.string(value),
            engine::Value::Bytes(value) => w.bytes(value),
            engine::Value::List(values) => {
                w.list_header(values.len())?;
                values.iter().try_for_each(|value| self.write(w, value))
            }
            engine::Value::Map(map) => self.map(w, map),
            engine::Value::Date(date) => w.value(&Value::from(Date { days: date.as_days().into() })),
            engine::Value::Time(time) => w.value(&time_value(*time)),
            engine::Value::Timestamp(local) => {
                let (seconds, nanoseconds) = split(*local);
                w.value(&Value::from(LocalDateTime { seconds, nanoseconds }))
            }
            engine::Value::ZonedDatetime(instant) => {
                let (seconds, nanoseconds) = split(instant.as_timestamp());
                let tz_offset_seconds = instant.offset_seconds().into();
                w.value(&Value::from(DateTime { seconds, nanoseconds, tz_offset_seconds }))
            }
            engine::Value::Duration(duration) => w.value(&Value::from(Duration {
                months: duration.months(),
                days: duration.days(),
                seconds: duration.nanos().div_euclid(NANOSECONDS),
                nanoseconds: duration.nanos().rem_euclid(NANOSECONDS),
            })),
            engine::Value::Vector(numbers) => {
                let data: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
                w.value(&Value::from(Vector { type_marker: vec![0xC6].into(), data: data.into() }))
            }
            engine::Value::Path { nodes, edges } => self.path(w, nodes, edges),
            other => {
                let message = format!("The embedded database returned a value that Bolt has no type for: {other:?}.");
                self.spoil(w, Failure::new(ErrorCode::StatementTypeError, message))
            }
        }
    }

    fn map(&self, w: &mut Writer<'_>, map: &BTreeMap<PropertyKey, engine::Value>) -> Result<(), EncodeError> {
        match elements::entity(map) {
            Some(Entity::Node { id, labels }) => {
                let labels: Vec<&str> = labels.iter().filter_map(engine::Value::as_str).collect();
                Node::write(w, id, |w| w.string_list(&labels), |w| self.properties(w, map), &elements::node_id(id))
            }
            Some(Entity::Relationship { id, kind, source, target }) => Relationship::write(
                w,
                id,
                source,
                target,
                kind,
                |w| self.properties(w, map),
                &elements::relationship_id(id),
                &elements::node_id(source),
                &elements::node_id(target),
            ),
            None => match tagged::unwrap(map) {
                Ok(Some(value)) => w.value(&value),
                Ok(None) => self.properties(w, map),
                Err(failure) => self.spoil(w, failure),
            },
        }
    }

    /// The entries of a map but for those that make it a node or a relationship.
    fn properties(&self, w: &mut Writer<'_>, map: &BTreeMap<PropertyKey, engine::Value>) -> Result<(), EncodeError> {
        let entries = elements::properties(map);
        w.dictionary_header(entries.clone().count())?;
        entries.into_iter().try_for_each(|(key, value)| {
            w.string(key)?;
            self.write(w, value)
        })
    }

    /// A path: its nodes and relationships once each, and how to walk along them.
    fn path(&self, w: &mut Writer<'_>, nodes: &[engine::Value], edges: &[engine::Value]) -> Result<(), EncodeError> {
        let Some(walk) = Walk::new(nodes, edges) else {
            let message = "The embedded database returned a path that does not hold together.";
            return self.spoil(w, Failure::new(ErrorCode::GeneralUnknownError, message));
        };
        Path::write(
            w,
            |w| {
                w.list_header(walk.nodes.len())?;
                walk.nodes.iter().try_for_each(|node| self.map(w, node))
            },
            |w| {
                w.list_header(walk.relationships.len())?;
                walk.relationships.iter().try_for_each(|&(id, kind, map)| {
                    UnboundRelationship::write(w, id, kind, |w| self.properties(w, map), &elements::relationship_id(id))
                })
            },
            |w| {
                w.list_header(walk.indices.len())?;
                walk.indices.iter().try_for_each(|&index| w.integer(index))
            },
        )
    }

    fn spoil(&self, w: &mut Writer<'_>, failure: Failure) -> Result<(), EncodeError> {
        let first = self.fault.take().unwrap_or(failure);
        self.fault.set(Some(first));
        w.null()
    }
}

fn time_value(time: engine::Time) -> Value<'static> {
    let nanoseconds = i64::try_from(time.as_nanos()).unwrap_or_default();
    match time.offset_seconds() {
        Some(offset) => Value::from(Time { nanoseconds, tz_offset_seconds: offset.into() }),
        None => Value::from(LocalTime { nanoseconds }),
    }
}

/// Seconds and nanoseconds.
fn split(timestamp: engine::Timestamp) -> (i64, i64) {
    let microseconds = timestamp.as_micros();
    (microseconds.div_euclid(1_000_000), microseconds.rem_euclid(1_000_000) * 1000)
}
