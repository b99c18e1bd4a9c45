//! What a statement's columns hold, as far as its syntax tells.
//!
//! The engine returns a node, a relationship or a path as a map in most places, but as its bare id in others
//! (`coalesce(n, m)`, `CASE … THEN n`, `[x IN nodes(p) | x]`), where nothing in the result tells it from an integer.
//! The statement does.

use std::collections::HashMap;

use grafeo_adapters::query::cypher::{
    BinaryOp, Clause, Expression, Literal, MapProjectionEntry, MergeClause, Pattern, Query, ReturnItems, SetClause, SetItem, Statement,
};

use super::Refusal;

/// What a value can be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    /// Nothing but null.
    Null,
    /// No node and no relationship.
    Plain,
    /// A node.
    Node,
    /// A relationship.
    Relationship,
    /// A path.
    Path,
    /// A list of such.
    List(Box<Self>),
    /// A list with these items.
    Items(Vec<Self>),
    /// A map with such entries.
    Map(Vec<(String, Self)>),
    /// More than one of these.
    Mixed,
}

/// The columns of a statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Columns {
    /// In this order.
    Listed(Vec<Shape>),
    /// By name.
    Named(HashMap<String, Shape>),
}

/// What a statement does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Reading {
    /// What its columns hold.
    pub(crate) columns: Columns,
    /// Whether it may change the graph.
    pub(crate) writes: bool,
}

/// Reads a statement; fails where it sets the properties of a node or relationship to another one's.
pub(crate) fn read(statement: &Statement) -> Result<Reading, Refusal> {
    let mut reader = Reader { writes: false, fault: None };
    let columns = reader.statement(statement);
    match reader.fault {
        Some(fault) => Err(fault),
        None => Ok(Reading { columns, writes: reader.writes }),
    }
}

type Scope = HashMap<String, Shape>;

struct Reader {
    writes: bool,
    fault: Option<Refusal>,
}

impl Shape {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, shape) | (shape, Self::Null) => shape,
            (one, other) if one == other => one,
            (one @ (Self::List(_) | Self::Items(_)), other @ (Self::List(_) | Self::Items(_))) => {
                Self::list(one.element().join(other.element()))
            }
            (Self::Map(mut one), Self::Map(other)) => {
                for (key, shape) in other {
                    match one.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, known)) => *known = std::mem::replace(known, Self::Null).join(shape),
                        None => one.push((key, shape)),
                    }
                }
                Self::Map(one)
            }
            // A plain list or map beside one that may hold nodes says nothing against them.
            (Self::Plain, other @ (Self::List(_) | Self::Items(_) | Self::Map(_) | Self::Path))
            | (other @ (Self::List(_) | Self::Items(_) | Self::Map(_) | Self::Path), Self::Plain) => other,
            _ => Self::Mixed,
        }
    }

    fn list(element: Self) -> Self {
        if element == Self::Plain { Self::Plain } else { Self::List(Box::new(element)) }
    }

    fn element(self) -> Self {
        match self {
            Self::List(element) => *element,
            Self::Items(items) => items.into_iter().fold(Self::Null, Self::join),
            Self::Null => Self::Null,
            Self::Mixed => Self::Mixed,
            _ => Self::Plain,
        }
    }

    fn entry(self, key: &str) -> Self {
        match self {
            Self::Map(entries) => entries.into_iter().find(|(known, _)| known == key).map_or(Self::Plain, |(_, shape)| shape),
            _ => Self::Plain,
        }
    }

    fn is_element(&self) -> bool {
        matches!(self, Self::Node | Self::Relationship | Self::Path | Self::Mixed)
    }
}

impl Reader {
    fn statement(&mut self, statement: &Statement) -> Columns {
        match statement {
            Statement::Query(query) => self.query(query, &mut Scope::new()),
            Statement::Union { queries, .. } => {
                let mut branches = queries.iter().map(|query| self.query(query, &mut Scope::new())).collect::<Vec<_>>().into_iter();
                let first = branches.next().unwrap_or_else(Columns::none);
                branches.fold(first, Columns::join)
            }
            Statement::Explain(inner) | Statement::Profile(inner) => self.statement(inner),
            Statement::Create(_) | Statement::Merge(_) | Statement::Delete(_) | Statement::Remove(_) => {
                self.writes = true;
                Columns::none()
            }
            Statement::Set(set) => {
                self.set(set, &Scope::new());
                Columns::none()
            }
            _ => Columns::none(),
        }
    }

    fn query(&mut self, query: &Query, scope: &mut Scope) -> Columns {
        let mut columns = Columns::none();
        for clause in &query.clauses {
            columns = self.clause(clause, scope).unwrap_or(columns);
        }
        columns
    }

    fn clause(&mut self, clause: &Clause, scope: &mut Scope) -> Option<Columns> {
        match clause {
            Clause::Match(matched) | Clause::OptionalMatch(matched) => bind_all(&matched.patterns, scope),
            Clause::Create(create) => {
                self.writes = true;
                bind_all(&create.patterns, scope);
            }
            Clause::Merge(merge) => self.merge(merge, scope),
            Clause::With(with) => {
                let items = with.items.iter().filter_map(|item| {
                    let name = item.alias.clone().or_else(|| variable(&item.expression))?;
                    Some((name, shape(&item.expression, scope)))
                });
                let items: Vec<_> = items.collect();
                if !with.is_wildcard {
                    scope.clear();
                }
                scope.extend(items);
            }
            Clause::Unwind(unwind) => {
                let element = shape(&unwind.expression, scope).element();
                scope.insert(unwind.variable.clone(), element);
            }
            Clause::Delete(_) | Clause::Remove(_) => self.writes = true,
            Clause::Set(set) => self.set(set, scope),
            Clause::Call(call) => {
                for item in call.yield_items.iter().flatten() {
                    scope.insert(item.alias.clone().unwrap_or_else(|| item.field_name.clone()), Shape::Plain);
                }
            }
            Clause::CallSubquery { query, unions, .. } => {
                let mut columns = self.query_with_names(query, &mut scope.clone());
                for union in unions {
                    let other = self.query_with_names(union, &mut scope.clone());
                    columns = columns.join(other);
                }
                if let Columns::Named(names) = columns {
                    scope.extend(names);
                }
            }
            Clause::ForEach(each) => {
                let mut inner = scope.clone();
                inner.insert(each.variable.clone(), shape(&each.list, scope).element());
                self.writes = true;
                for clause in &each.clauses {
                    self.clause(clause, &mut inner);
                }
            }
            Clause::Return(returns) => {
                return Some(match &returns.items {
                    ReturnItems::Explicit(items) => Columns::Listed(items.iter().map(|item| shape(&item.expression, scope)).collect()),
                    ReturnItems::All => Columns::Named(scope.clone()),
                    ReturnItems::AllAnd(items) => {
                        let mut names = scope.clone();
                        names.extend(items.iter().filter_map(|item| Some((item.alias.clone()?, shape(&item.expression, scope)))));
                        Columns::Named(names)
                    }
                });
            }
            _ => {}
        }
        None
    }

    /// A subquery's columns by name.
    fn query_with_names(&mut self, query: &Query, scope: &mut Scope) -> Columns {
        let mut names = Scope::new();
        for clause in &query.clauses {
            if let Clause::Return(returns) = clause
                && let ReturnItems::Explicit(items) = &returns.items
            {
                for item in items {
                    if let Some(name) = item.alias.clone().or_else(|| variable(&item.expression)) {
                        names.insert(name, shape(&item.expression, scope));
                    }
                }
            }
            if let Some(Columns::Named(all)) = self.clause(clause, scope) {
                names = all;
            }
        }
        Columns::Named(names)
    }

    fn merge(&mut self, merge: &MergeClause, scope: &mut Scope) {
        self.writes = true;
        bind(&merge.pattern, scope);
        for set in merge.on_create.iter().chain(&merge.on_match) {
            self.set(set, scope);
        }
    }

    fn set(&mut self, set: &SetClause, scope: &Scope) {
        self.writes = true;
        for item in &set.items {
            let (SetItem::AllProperties { variable, properties } | SetItem::MergeProperties { variable, properties }) = item else {
                continue;
            };
            if shape(properties, scope).is_element() {
                self.fault.get_or_insert_with(|| {
                    Refusal::Unsupported(format!(
                        "SET {variable} = with a node or a relationship on the right is not supported by the embedded database. What works: SET {variable} = properties(…)."
                    ))
                });
            }
        }
    }
}

impl Columns {
    fn none() -> Self {
        Self::Listed(Vec::new())
    }

    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Listed(one), Self::Listed(other)) if one.len() == other.len() => {
                Self::Listed(one.into_iter().zip(other).map(|(one, other)| one.join(other)).collect())
            }
            (Self::Named(mut one), Self::Named(other)) => {
                for (name, shape) in other {
                    let known = one.remove(&name).unwrap_or(Shape::Null);
                    one.insert(name, known.join(shape));
                }
                Self::Named(one)
            }
            (one, _) => one,
        }
    }

    /// What the column at `index` holds, which the engine calls `name`.
    pub(crate) fn shape(&self, index: usize, name: &str) -> Shape {
        match self {
            Self::Listed(shapes) => shapes.get(index).cloned(),
            Self::Named(names) => names.get(name).cloned(),
        }
        .unwrap_or(Shape::Plain)
    }
}

fn bind_all(patterns: &[Pattern], scope: &mut Scope) {
    for pattern in patterns {
        bind(pattern, scope);
    }
}

/// The variables of a pattern.
fn bind(pattern: &Pattern, scope: &mut Scope) {
    match pattern {
        Pattern::Node(node) => {
            scope.extend(node.variable.clone().map(|name| (name, Shape::Node)));
        }
        Pattern::Path(path) => {
            scope.extend(path.start.variable.clone().map(|name| (name, Shape::Node)));
            for step in &path.chain {
                let relationship = if step.length.is_some() { Shape::List(Box::new(Shape::Relationship)) } else { Shape::Relationship };
                scope.extend(step.variable.clone().map(|name| (name, relationship)));
                scope.extend(step.target.variable.clone().map(|name| (name, Shape::Node)));
            }
        }
        Pattern::NamedPath { name, pattern, .. } => {
            scope.insert(name.clone(), Shape::Path);
            bind(pattern, scope);
        }
    }
}

fn variable(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(name) => Some(name.clone()),
        _ => None,
    }
}

/// What an expression's value can be.
fn shape(expression: &Expression, scope: &Scope) -> Shape {
    let of = |expression: &Expression| shape(expression, scope);
    match expression {
        Expression::Literal(Literal::Null) => Shape::Null,
        Expression::Variable(name) => scope.get(name).cloned().unwrap_or(Shape::Plain),
        Expression::PropertyAccess { base, property } => of(base).entry(property),
        Expression::IndexAccess { base, index } => match (of(base), &**index) {
            (Shape::Items(items), Expression::Literal(Literal::Integer(at))) if usize::try_from(*at).is_ok_and(|at| at < items.len()) => {
                usize::try_from(*at).ok().and_then(|at| items.into_iter().nth(at)).unwrap_or(Shape::Null)
            }
            (map @ Shape::Map(_), Expression::Literal(Literal::String(key))) => map.entry(key),
            (base, _) => base.element(),
        },
        Expression::SliceAccess { base, .. } => match of(base) {
            base @ Shape::Items(_) => Shape::list(base.element()),
            base => base,
        },
        Expression::Binary { left, op: BinaryOp::Add | BinaryOp::Concat, right } => match (of(left), of(right)) {
            (left @ (Shape::List(_) | Shape::Items(_)), right) => Shape::list(left.element().join(part(right))),
            (left, right @ (Shape::List(_) | Shape::Items(_))) => Shape::list(right.element().join(part(left))),
            _ => Shape::Plain,
        },
        Expression::FunctionCall { name, args, .. } => function(&name.to_ascii_lowercase(), args, scope),
        Expression::List(items) => {
            let items: Vec<Shape> = items.iter().map(of).collect();
            if items.iter().all(|item| *item == Shape::Plain) && !items.is_empty() { Shape::Plain } else { Shape::Items(items) }
        }
        Expression::Map(entries) => Shape::Map(entries.iter().map(|(key, value)| (key.clone(), of(value))).collect()),
        Expression::ListComprehension { variable, list, projection, .. } => {
            let element = of(list).element();
            match projection {
                None => Shape::list(element),
                Some(projection) => {
                    let mut inner = scope.clone();
                    inner.insert(variable.clone(), element);
                    Shape::list(shape(projection, &inner))
                }
            }
        }
        Expression::PatternComprehension { pattern, projection, .. } => {
            let mut inner = scope.clone();
            bind(pattern, &mut inner);
            Shape::list(shape(projection, &inner))
        }
        Expression::Case { whens, else_clause, .. } => {
            whens.iter().map(|(_, then)| then).chain(else_clause.as_deref()).map(of).fold(Shape::Null, Shape::join)
        }
        Expression::MapProjection { entries, .. } => {
            let entries = entries.iter().filter_map(|entry| match entry {
                MapProjectionEntry::LiteralEntry(key, value) => Some((key.clone(), of(value))),
                _ => None,
            });
            Shape::Map(entries.collect())
        }
        Expression::Reduce { accumulator, initial, variable, list, expression } => {
            let mut inner = scope.clone();
            inner.insert(variable.clone(), of(list).element());
            let mut result = of(initial);
            // Twice: the second step starts from what the first one gave.
            for _ in 0..2 {
                inner.insert(accumulator.clone(), result.clone());
                result = result.join(shape(expression, &inner));
            }
            result
        }
        _ => Shape::Plain,
    }
}

/// What an operand adds to a list: its elements, or itself.
fn part(shape: Shape) -> Shape {
    match shape {
        list @ (Shape::List(_) | Shape::Items(_)) => list.element(),
        other => other,
    }
}

fn function(name: &str, args: &[Expression], scope: &Scope) -> Shape {
    let first = || args.first().map_or(Shape::Null, |arg| shape(arg, scope));
    match name {
        // `list + element` as the front words it: the other branches are for what the sum cannot be.
        "coalesce" if matches!(args, [Expression::Binary { op: BinaryOp::Add, .. }, Expression::Case { .. }]) => first(),
        "coalesce" => args.iter().map(|arg| shape(arg, scope)).fold(Shape::Null, Shape::join),
        "head" | "last" => first().element(),
        "tail" | "reverse" => match first() {
            list @ Shape::Items(_) => Shape::list(list.element()),
            list => list,
        },
        "nodes" => Shape::list(Shape::Node),
        "relationships" | "rels" => Shape::list(Shape::Relationship),
        "startnode" | "endnode" => Shape::Node,
        "collect" => Shape::list(first()),
        "max" | "min" => first(),
        _ => Shape::Plain,
    }
}

#[cfg(test)]
mod tests;
