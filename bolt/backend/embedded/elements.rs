//! Nodes, relationships and paths in the engine's results.
//!
//! The engine gives a node as a map with `_id` and `_labels`, a relationship with `_id`, `_type`, `_source` and `_target`, each
//! among its properties, and both in some places as a bare id. [`Resolver`] brings a row into one form: every element is
//! such a map, and nothing else looks like one.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use grafeo_common::types::{EdgeId, NodeId, PropertyKey, Value};
use grafeo_engine::Session;

use crate::generated::ErrorCode;
use crate::wire::Failure;

use super::errors;
use super::front::kinds::Shape;
use super::values::tagged;

const ID: &str = "_id";
const LABELS: &str = "_labels";
const TYPE: &str = "_type";
const SOURCE: &str = "_source";
const TARGET: &str = "_target";

/// The names under which the engine hides properties of the same names.
pub(super) const RESERVED: [&str; 5] = [ID, LABELS, TYPE, SOURCE, TARGET];
/// Leads the key of a property that would otherwise be hidden.
const UNHIDDEN: &str = "$bolt:";

type Map = BTreeMap<PropertyKey, Value>;

/// What a map stands for.
pub(crate) enum Entity<'a> {
    Node { id: i64, labels: &'a [Value] },
    Relationship { id: i64, kind: &'a str, source: i64, target: i64 },
}

/// The element that a map stands for.
pub(crate) fn entity(map: &Map) -> Option<Entity<'_>> {
    let integer = |key: &str| match map.get(key) {
        Some(Value::Int64(number)) => Some(*number),
        _ => None,
    };
    let id = integer(ID)?;
    if map.contains_key(tagged::KEY) {
        return None;
    }
    match (map.get(LABELS), map.get(TYPE)) {
        (Some(Value::List(labels)), None) => Some(Entity::Node { id, labels }),
        (None, Some(Value::String(kind))) => Some(Entity::Relationship { id, kind, source: integer(SOURCE)?, target: integer(TARGET)? }),
        _ => None,
    }
}

/// The entries of a map but for those that make it an element.
pub(crate) fn properties(map: &Map) -> impl Iterator<Item = (&str, &Value)> + Clone {
    let hidden: &[&str] = match entity(map) {
        Some(Entity::Node { .. }) => &[ID, LABELS],
        Some(Entity::Relationship { .. }) => &[ID, TYPE, SOURCE, TARGET],
        None => &[tagged::KEY],
    };
    map.iter()
        .map(|(key, value)| (key.as_str(), value))
        .filter(move |(key, _)| !hidden.contains(key))
        .map(|(key, value)| (key.strip_prefix(UNHIDDEN).unwrap_or(key), value))
}

/// The element id of a node, as elementId() gives it.
pub(crate) fn node_id(id: i64) -> String {
    format!("n:{id}")
}

/// The element id of a relationship, as elementId() gives it.
pub(crate) fn relationship_id(id: i64) -> String {
    format!("e:{id}")
}

/// A path as Bolt writes it.
pub(crate) struct Walk<'a> {
    pub(crate) nodes: Vec<&'a Map>,
    pub(crate) relationships: Vec<(i64, &'a str, &'a Map)>,
    pub(crate) indices: Vec<i64>,
}

impl<'a> Walk<'a> {
    /// Walks along the path; none when it is not one.
    pub(crate) fn new(nodes: &'a [Value], edges: &'a [Value]) -> Option<Self> {
        let mut walk = Self { nodes: Vec::new(), relationships: Vec::new(), indices: Vec::new() };
        let mut node_places = HashMap::new();
        let mut relationship_places = HashMap::new();
        let mut at = walk.node(nodes.first()?, &mut node_places)?.0;
        if nodes.len() != edges.len() + 1 {
            return None;
        }
        for (edge, node) in edges.iter().zip(&nodes[1..]) {
            let Value::Map(map) = edge else { return None };
            let Some(Entity::Relationship { id, kind, source, .. }) = entity(map) else { return None };
            let place = *relationship_places.entry(id).or_insert_with(|| {
                walk.relationships.push((id, kind, map));
                i64::try_from(walk.relationships.len()).unwrap_or_default()
            });
            walk.indices.push(if source == at { place } else { -place });
            let (next, place) = walk.node(node, &mut node_places)?;
            walk.indices.push(place);
            at = next;
        }
        Some(walk)
    }

    /// The id and the place of a node.
    fn node(&mut self, node: &'a Value, places: &mut HashMap<i64, i64>) -> Option<(i64, i64)> {
        let Value::Map(map) = node else { return None };
        let Some(Entity::Node { id, .. }) = entity(map) else { return None };
        let place = *places.entry(id).or_insert_with(|| {
            self.nodes.push(map);
            i64::try_from(self.nodes.len() - 1).unwrap_or_default()
        });
        Some((id, place))
    }
}

/// Brings results into one form.
pub(crate) struct Resolver<'a> {
    /// Where elements are looked up.
    pub(crate) session: &'a Session,
    /// Whether elements may have properties that the engine hides.
    pub(crate) hidden_properties: bool,
    /// Whether there may be elements with negative ids, which stand for no element of the graph.
    pub(crate) drawn: bool,
}

impl Resolver<'_> {
    /// Resolves one column of a row in place.
    pub(crate) fn resolve(&self, value: &mut Value, shape: &Shape) -> Result<(), Failure> {
        if let Some(resolved) = self.changed(value, shape)? {
            *value = resolved;
        }
        Ok(())
    }

    /// What the value becomes; none if it is right already.
    fn changed(&self, value: &Value, shape: &Shape) -> Result<Option<Value>, Failure> {
        match (value, shape) {
            (Value::Int64(id), Shape::Node) => self.node(*id).map(Some),
            (Value::Int64(id), Shape::Relationship) => self.relationship(*id).map(Some),
            (Value::Int64(_), Shape::Mixed) => Err(Failure::new(
                ErrorCode::StatementTypeError,
                "The embedded database cannot tell here whether a value is a node, a relationship or an integer. Return nodes, relationships and other values in columns of their own.",
            )),
            (Value::List(items), shape) => {
                let changed = self.changed_list(items, |index| match shape {
                    Shape::List(element) => element,
                    Shape::Items(elements) => elements.get(index).unwrap_or(&Shape::Plain),
                    Shape::Mixed => &Shape::Mixed,
                    _ => &Shape::Plain,
                })?;
                Ok(changed.map(|items| Value::List(items.into())))
            }
            (Value::Map(map), shape) => self.changed_map(map, shape),
            (Value::Path { nodes, edges }, _) => {
                let new_nodes = self.changed_list(nodes, |_| &Shape::Node)?;
                let new_edges = self.changed_list(edges, |_| &Shape::Relationship)?;
                if new_nodes.is_none() && new_edges.is_none() {
                    return Ok(None);
                }
                Ok(Some(Value::Path {
                    nodes: new_nodes.map_or_else(|| Arc::clone(nodes), Into::into),
                    edges: new_edges.map_or_else(|| Arc::clone(edges), Into::into),
                }))
            }
            _ => Ok(None),
        }
    }

    fn changed_list<'s>(&self, items: &[Value], shape: impl Fn(usize) -> &'s Shape) -> Result<Option<Vec<Value>>, Failure> {
        let mut new: Option<Vec<Value>> = None;
        for (index, item) in items.iter().enumerate() {
            if let Some(changed) = self.changed(item, shape(index))? {
                new.get_or_insert_with(|| items.to_vec())[index] = changed;
            }
        }
        Ok(new)
    }

    fn changed_map(&self, map: &Arc<Map>, shape: &Shape) -> Result<Option<Value>, Failure> {
        if map.contains_key(tagged::KEY) {
            return Ok(None);
        }
        if let Some(entity) = entity(map) {
            let literal = matches!(shape, Shape::Map(_));
            let known = matches!(shape, Shape::Node | Shape::Relationship | Shape::Mixed);
            if literal || !known && !self.exists(&entity)? {
                let mut plain = Map::clone(map);
                plain.insert(PropertyKey::new(tagged::KEY), Value::Null);
                return Ok(Some(Value::Map(Arc::new(plain))));
            }
            return match entity {
                Entity::Node { id, .. } | Entity::Relationship { id, .. } if id < 0 || !self.hidden_properties => Ok(None),
                Entity::Node { id, .. } => self.node(id).map(Some),
                Entity::Relationship { id, .. } => self.relationship(id).map(Some),
            };
        }
        let mut new: Option<Map> = None;
        for (key, value) in &**map {
            let entry = match shape {
                Shape::Map(entries) => entries.iter().find(|(known, _)| known == key.as_str()).map(|(_, shape)| shape),
                Shape::Mixed => Some(&Shape::Mixed),
                _ => None,
            };
            if let Some(changed) = self.changed(value, entry.unwrap_or(&Shape::Plain))? {
                new.get_or_insert_with(|| Map::clone(map)).insert(key.clone(), changed);
            }
        }
        Ok(new.map(|map| Value::Map(Arc::new(map))))
    }

    /// Whether the graph has this very element, so that a map that looks like it was made from it.
    fn exists(&self, entity: &Entity<'_>) -> Result<bool, Failure> {
        match *entity {
            Entity::Node { id, .. } | Entity::Relationship { id, .. } if id < 0 => Ok(self.drawn),
            Entity::Node { id, labels } => {
                let node = self.session.get_node(NodeId::new(unsigned(id))).map_err(|error| errors::failure(&error))?;
                Ok(node.is_some_and(|node| {
                    node.labels.len() == labels.len()
                        && labels.iter().all(|label| label.as_str().is_some_and(|label| node.has_label(label)))
                }))
            }
            Entity::Relationship { id, kind, source, target } => {
                let edge = self.session.get_edge(EdgeId::new(unsigned(id))).map_err(|error| errors::failure(&error))?;
                Ok(edge.is_some_and(|edge| {
                    &*edge.edge_type == kind && signed(edge.src.as_u64()) == source && signed(edge.dst.as_u64()) == target
                }))
            }
        }
    }

    fn node(&self, id: i64) -> Result<Value, Failure> {
        let node = self.session.get_node(NodeId::new(unsigned(id))).map_err(|error| errors::failure(&error))?;
        let (labels, properties) = match node {
            Some(node) => {
                let labels: Vec<Value> = node.labels.iter().map(|label| Value::from(&**label)).collect();
                (labels, node.properties_as_btree())
            }
            // Deleted by the statement: Neo4j, too, gives no more than its id.
            None => (Vec::new(), Map::new()),
        };
        let mut map = unhidden(properties, &[ID, LABELS]);
        map.insert(PropertyKey::new(ID), Value::Int64(id));
        map.insert(PropertyKey::new(LABELS), Value::List(labels.into()));
        Ok(Value::Map(Arc::new(map)))
    }

    fn relationship(&self, id: i64) -> Result<Value, Failure> {
        let edge = self.session.get_edge(EdgeId::new(unsigned(id))).map_err(|error| errors::failure(&error))?;
        let Some(edge) = edge else {
            return Err(Failure::new(
                ErrorCode::StatementEntityNotFound,
                "A relationship that is returned has been deleted by the statement.",
            ));
        };
        let mut map = unhidden(edge.properties_as_btree(), &[ID, TYPE, SOURCE, TARGET]);
        map.insert(PropertyKey::new(ID), Value::Int64(id));
        map.insert(PropertyKey::new(TYPE), Value::from(&*edge.edge_type));
        map.insert(PropertyKey::new(SOURCE), Value::Int64(signed(edge.src.as_u64())));
        map.insert(PropertyKey::new(TARGET), Value::Int64(signed(edge.dst.as_u64())));
        Ok(Value::Map(Arc::new(map)))
    }
}

/// Properties with the names of the engine's own entries under other keys.
fn unhidden(properties: Map, names: &[&str]) -> Map {
    let entries = properties.into_iter().map(|(key, value)| {
        if names.contains(&key.as_str()) { (PropertyKey::new(format!("{UNHIDDEN}{}", key.as_str())), value) } else { (key, value) }
    });
    entries.collect()
}

fn unsigned(id: i64) -> u64 {
    u64::try_from(id).unwrap_or(u64::MAX)
}

fn signed(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}
