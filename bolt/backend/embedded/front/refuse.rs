//! What the engine would do wrongly in silence, or must not do at all, refused with what works instead.

use super::Refusal;
use super::clauses;
use super::lexer::{Kind, Tokens};

/// Fails at the first such thing.
pub(super) fn check(tokens: &Tokens<'_>) -> Result<(), Refusal> {
    for index in 0..tokens.len() {
        if tokens.are_words(index, &["LOAD", "CSV"]) && tokens.stands_alone(index) {
            return unsupported(
                "LOAD CSV is not supported: it would read the files of the server. Send the rows as a parameter and UNWIND them.",
            );
        }
        if tokens.are_words(index, &["IN", "TRANSACTIONS"]) || tokens.are_words(index, &["IN", "CONCURRENT", "TRANSACTIONS"]) {
            return unsupported("CALL { … } IN TRANSACTIONS is not supported. Send the rows in several transactions.");
        }
        function(tokens, index)?;
        if clauses::starting(tokens, index) == Some("SET") {
            components(tokens, index + 1)?;
        }
    }
    Ok(())
}

/// The functions that are refused.
fn function(tokens: &Tokens<'_>, index: usize) -> Result<(), Refusal> {
    let behind_a_dot = index > 0 && tokens.is_sign(index - 1, ".");
    if behind_a_dot || tokens.at(index).is_none_or(|token| token.kind != Kind::Word) {
        return Ok(());
    }
    let calls = |name: &str| tokens.is_word(index, name) && tokens.is_sign(index + 1, "(");
    if ["percentileDisc", "percentileCont", "percentile_disc", "percentile_cont"].iter().any(|name| calls(name)) {
        return percentile(tokens, index);
    }
    if calls("point")
        || calls("distance")
        || tokens.is_word(index, "point") && tokens.is_sign(index + 1, ".") && tokens.is_sign(index + 3, "(")
    {
        return unsupported(
            "The embedded database has no points of its own, so point functions are not supported. Pass a point as a parameter: it is stored and comes back exactly, and its x, y, z and srid can be read.",
        );
    }
    if calls("randomUUID") {
        return unsupported(
            "randomUUID() is not supported by the embedded database. Make the UUID in the client and pass it as a parameter.",
        );
    }
    Ok(())
}

/// The engine takes the percentile for 0.5 whenever it is not a number in the text.
fn percentile(tokens: &Tokens<'_>, index: usize) -> Result<(), Refusal> {
    let open = index + 1;
    let close = tokens.closing(open);
    let inside = tokens.at(open).map_or(0, |token| token.depth + 1);
    let comma = (open..close).find(|&index| tokens.is_sign(index, ",") && tokens.all()[index].depth == inside);
    let literal = comma.is_some_and(|comma| comma + 2 == close && tokens.at(comma + 1).is_some_and(|token| token.kind == Kind::Number));
    if literal {
        return Ok(());
    }
    let name = tokens.name(index).unwrap_or_default();
    unsupported(&format!(
        "{name} is supported with its percentile as a number in the statement only, such as {name}(n.x, 0.5), not with a parameter or an expression."
    ))
}

/// `SET n.a.b = …`: no such thing in Neo4j either, and a stored value of a type that the engine lacks has readable parts.
fn components(tokens: &Tokens<'_>, item: usize) -> Result<(), Refusal> {
    if tokens.is_sign(item + 1, ".") && tokens.is_sign(item + 3, ".") {
        return Err(Refusal::Syntax("SET takes a property of a variable, not a part of a property.".to_owned()));
    }
    Ok(())
}

fn unsupported(message: &str) -> Result<(), Refusal> {
    Err(Refusal::Unsupported(message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, reworded};
    use super::*;

    fn says(statement: &str, part: &str) {
        match refused(statement) {
            Refusal::Unsupported(message) => assert!(message.contains(part), "{message}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn load_csv_is_refused_wherever_it_stands() {
        says("LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l", "LOAD CSV");
        says("MATCH (n) load /* x */ csv WITH HEADERS FROM $f AS l RETURN l", "LOAD CSV");
        reworded("RETURN 'LOAD CSV' AS `LOAD CSV`");
    }

    #[test]
    fn a_percentile_that_is_no_number_is_refused() {
        says("UNWIND [1, 2] AS x RETURN percentileDisc(x, $p)", "percentileDisc(n.x, 0.5)");
        says("UNWIND [1, 2] AS x RETURN percentilecont(x, 0.5 + 0.1)", "number in the statement");
        reworded("UNWIND [1, 2] AS x RETURN percentileDisc(x, 0.25)");
    }

    #[test]
    fn functions_that_the_engine_lacks_name_what_works() {
        says("RETURN point({x: 1, y: 2})", "as a parameter");
        says("RETURN point.distance($a, $b)", "as a parameter");
        says("CREATE (n {id: randomUUID()})", "as a parameter");
        reworded("MATCH (point) RETURN point, point.x, point.distance AS distance");
    }

    #[test]
    fn batches_of_transactions_are_refused() {
        says("MATCH (n) CALL { WITH n DELETE n } IN TRANSACTIONS OF 10 ROWS", "IN TRANSACTIONS");
    }
}
