//! Keeps lists that something is added to: the engine makes `list + element` null, and `SET n.l = n.l + x` thereby loses
//! the list in silence.

use super::clauses;
use super::edit::Edits;
use super::lexer::{Kind, Tokens};

/// Rewords what SET assigns, and what reduce() accumulates, wherever it is a sum.
pub(super) fn keep_lists(tokens: &Tokens<'_>, edits: &mut Edits<'_>) {
    for index in 0..tokens.len() {
        if clauses::starting(tokens, index) == Some("SET") {
            set(tokens, index + 1, edits);
        } else if tokens.is_word(index, "reduce") && tokens.is_sign(index + 1, "(") {
            reduce(tokens, index + 1, edits);
        }
    }
}

/// Each `variable.property = sum` from token `item` on.
fn set(tokens: &Tokens<'_>, mut item: usize, edits: &mut Edits<'_>) {
    loop {
        let end = clauses::end_of_item(tokens, item);
        if tokens.is_sign(item + 1, ".") && tokens.is_sign(item + 3, "=") {
            sum(tokens, item + 4, end, edits);
        }
        if !tokens.is_sign(end, ",") {
            return;
        }
        item = end + 1;
    }
}

/// The sum behind the bar of `reduce(total = start, x IN list | sum)`.
fn reduce(tokens: &Tokens<'_>, open: usize, edits: &mut Edits<'_>) {
    let close = tokens.closing(open);
    let inside = tokens.at(open).map_or(0, |token| token.depth + 1);
    let bar = (open..close).find(|&index| tokens.is_sign(index, "|") && tokens.all()[index].depth == inside);
    if let Some(bar) = bar {
        sum(tokens, bar + 1, close, edits);
    }
}

/// Rewords the tokens from `from` to `to` when they add something to something.
fn sum(tokens: &Tokens<'_>, from: usize, to: usize, edits: &mut Edits<'_>) {
    let Some(terms) = terms(tokens, from, to) else {
        return;
    };
    let (Some(first), Some(last)) = (tokens.at(from), tokens.before(to)) else {
        return;
    };
    let new = match terms.as_slice() {
        [] | [_] => return,
        [left, right] => added(left, right),
        // Each step repeats its left side: a fold keeps a long sum from growing without end.
        [left, rest @ ..] => {
            let rest = rest.join(", ");
            format!("reduce(sum__ = {left}, term__ IN [{rest}] | {})", added("sum__", "term__"))
        }
    };
    edits.replace(first.start, last.end, new);
}

/// `left + right` as Neo4j means it: an element is added to a list at either end, null makes null.
fn added(left: &str, right: &str) -> String {
    format!(
        "coalesce({left} + ({right}), CASE WHEN ({right}) IS NULL THEN null ELSE coalesce({left} + [{right}], [{left}] + ({right})) END)"
    )
}

/// The terms of a sum; none where another operator decides, so that no list can come of it.
fn terms<'q>(tokens: &Tokens<'q>, from: usize, to: usize) -> Option<Vec<&'q str>> {
    const DECIDING: [&str; 10] = ["AND", "OR", "XOR", "NOT", "IN", "IS", "CONTAINS", "STARTS", "ENDS", "AS"];
    let depth = tokens.at(from)?.depth;
    let mut cases = 0_usize;
    let mut start = from;
    let mut terms = Vec::new();
    for index in from..to {
        let token = tokens.at(index)?;
        if token.depth != depth {
            continue;
        }
        if tokens.is_word(index, "CASE") && tokens.stands_alone(index) {
            cases += 1;
        } else if tokens.is_word(index, "END") && tokens.stands_alone(index) {
            cases = cases.saturating_sub(1);
        }
        if cases > 0 {
            continue;
        }
        if tokens.is_sign(index, "+") {
            // A sign, not a sum.
            let unary = index == start;
            if unary {
                return None;
            }
            terms.push(tokens.between(start, index));
            start = index + 1;
        } else if token.kind == Kind::Sign && ["-", "=", "<", ">", "<=", ">=", "<>", "=~", "||"].contains(&tokens.of(token))
            || DECIDING.iter().any(|word| tokens.is_word(index, word) && tokens.stands_alone(index))
        {
            let negative = token.kind == Kind::Sign && tokens.of(token) == "-" && index == start;
            if !negative {
                return None;
            }
        }
    }
    terms.push(tokens.between(start, to));
    Some(terms)
}

#[cfg(test)]
mod tests {
    use super::super::tests::reworded;

    #[test]
    fn an_element_added_to_a_list_keeps_the_list() {
        assert_eq!(
            reworded("MATCH (n) SET n.l = n.l + $x RETURN n"),
            "MATCH (n) SET n.l = coalesce(n.l + ($x), CASE WHEN ($x) IS NULL THEN null ELSE coalesce(n.l + [$x], [n.l] + ($x)) END) RETURN n"
        );
    }

    #[test]
    fn every_assignment_is_looked_at() {
        let text = reworded("MERGE (n) ON CREATE SET n.`a b` = n.`a b` + f(1, 2), n.c = 1 ON MATCH SET n.d = coalesce(n.d, []) + 1");
        assert!(text.contains("n.`a b` = coalesce(n.`a b` + (f(1, 2)),"), "{text}");
        assert!(text.contains("n.c = 1 ON MATCH"), "{text}");
        assert!(text.contains("n.d = coalesce(coalesce(n.d, []) + (1),"), "{text}");
    }

    #[test]
    fn a_long_sum_becomes_a_fold() {
        assert!(
            reworded("MATCH (n) SET n.l = n.l + 1 * 2 + [3] + -4")
                .starts_with("MATCH (n) SET n.l = reduce(sum__ = n.l, term__ IN [1 * 2, [3], -4] | coalesce(sum__ + (term__),")
        );
    }

    #[test]
    fn what_reduce_accumulates_is_looked_at() {
        assert!(reworded("RETURN reduce(all = [], x IN xs | all + x) AS l").contains("| coalesce(all + (x), CASE"));
    }

    #[test]
    fn what_is_no_sum_stays() {
        for statement in [
            "MATCH (n) SET n.x = n.y - 1 + 2",
            "MATCH (n) SET n.x = a + b > 3",
            "MATCH (n) SET n.x = CASE WHEN a + b > 1 THEN 1 ELSE 2 END",
            "MATCH (n) SET n += {x: 1}, n:Label",
            "MATCH (n) SET n.x = f(a + b)",
            "MATCH (n) SET n.x = 'a + b'",
            "MATCH (n) RETURN n.x + 1 AS x",
        ] {
            assert_eq!(reworded(statement), statement);
        }
    }
}
