//! Names a result's columns as the client wrote them: the engine words an expression its own way.

use super::clauses;
use super::lexer::Tokens;

/// The names that the statement's first RETURN gives, where it lists them.
pub(super) fn read(tokens: &Tokens<'_>) -> Option<Vec<String>> {
    let branch = (0..tokens.len())
        .find(|&index| tokens.all()[index].depth == 0 && clauses::starting(tokens, index) == Some("UNION"))
        .unwrap_or(tokens.len());
    let returns = (0..branch).rev().find(|&index| tokens.all()[index].depth == 0 && clauses::starting(tokens, index) == Some("RETURN"))?;
    let mut item = returns + 1 + usize::from(tokens.is_word(returns + 1, "DISTINCT"));
    let mut names = Vec::new();
    loop {
        if tokens.is_sign(item, "*") {
            return None;
        }
        let end = clauses::end_of_item(tokens, item);
        let alias = (end >= item + 3 && tokens.is_word(end - 2, "AS")).then(|| tokens.name(end - 1)).flatten();
        let variable = (end == item + 1).then(|| tokens.name(item)).flatten();
        names.push(alias.or(variable).unwrap_or_else(|| tokens.between(item, end).to_owned()));
        if !tokens.is_sign(end, ",") {
            return Some(names);
        }
        item = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::Tokens;
    use super::*;

    fn names(text: &str) -> Option<Vec<String>> {
        read(&Tokens::new(text).unwrap())
    }

    #[test]
    fn columns_are_named_as_they_were_written() {
        assert_eq!(
            names("MATCH (n) RETURN DISTINCT n, `a b`, count( * ), \"x, y\" , n.x+1 AS `c d`, {AS: 1} ORDER BY n LIMIT 1").unwrap(),
            ["n", "a b", "count( * )", "\"x, y\"", "c d", "{AS: 1}"]
        );
        assert_eq!(names("CALL { RETURN 1 AS a } RETURN a + 1").unwrap(), ["a + 1"]);
        assert_eq!(names("RETURN 1 AS first UNION RETURN 2 AS first").unwrap(), ["first"]);
    }

    #[test]
    fn columns_that_are_not_listed_are_left_to_the_engine() {
        assert_eq!(names("MATCH (n) RETURN *"), None);
        assert_eq!(names("MATCH (n) RETURN *, 1 AS one"), None);
        assert_eq!(names("CREATE (n)"), None);
    }
}
