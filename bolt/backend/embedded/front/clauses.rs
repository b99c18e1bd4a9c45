//! Where clauses start and end.

use super::lexer::{Kind, Tokens};

/// The words that start a clause or one of its parts.
const CLAUSES: [&str; 25] = [
    "CALL", "CREATE", "DELETE", "DETACH", "FINISH", "FOREACH", "LIMIT", "LOAD", "MATCH", "MERGE", "NODETACH", "OFFSET", "ON", "OPTIONAL",
    "ORDER", "REMOVE", "RETURN", "SET", "SKIP", "UNION", "UNWIND", "USE", "WHERE", "WITH", "YIELD",
];

/// The clause that starts at token `index`, in capitals; none where the word means something else there.
pub(super) fn starting(tokens: &Tokens<'_>, index: usize) -> Option<&'static str> {
    let token = tokens.at(index).filter(|token| token.kind == Kind::Word)?;
    let word = tokens.of(token);
    let clause = *CLAUSES.iter().find(|clause| word.eq_ignore_ascii_case(clause))?;
    let before = index.checked_sub(1);
    let behind = |word: &str| before.is_some_and(|before| tokens.is_word(before, word));
    let meant = tokens.is_keyword(index, clause)
        && !behind("AS")
        && match clause {
            "WITH" => !behind("STARTS") && !behind("ENDS"),
            // ON CREATE SET, ON MATCH SET: the part starts at ON.
            "CREATE" | "MATCH" => !behind("ON") && !behind("OPTIONAL"),
            "DELETE" => !behind("DETACH") && !behind("NODETACH"),
            // A name like any other in an expression.
            "LIMIT" | "SKIP" | "OFFSET" | "ON" | "LOAD" => {
                !tokens.is_sign(index + 1, ".") && !tokens.is_sign(index + 1, "=") && !tokens.is_sign(index + 1, ",")
            }
            _ => true,
        };
    meant.then_some(clause)
}

/// The index behind the last token of what starts at `from`: the next clause, a comma or `;` at the depth of `from`, or
/// the bracket around it.
pub(super) fn end_of_item(tokens: &Tokens<'_>, from: usize) -> usize {
    let Some(depth) = tokens.at(from).map(|token| token.depth) else {
        return tokens.len();
    };
    (from..tokens.len())
        .find(|&index| {
            let token = tokens.all()[index];
            token.depth < depth
                || token.depth == depth && (starting(tokens, index).is_some() || tokens.is_sign(index, ";") || tokens.is_sign(index, ","))
        })
        .unwrap_or(tokens.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        let tokens = Tokens::new(text).unwrap();
        (0..tokens.len()).filter_map(|index| starting(&tokens, index)).collect()
    }

    #[test]
    fn clauses_are_told_from_the_same_words_elsewhere() {
        assert_eq!(
            found(
                "MERGE (n:Set {with: 1}) ON CREATE SET n.match = 1 WITH n AS limit WHERE n.x STARTS WITH 'a' RETURN n.create, limit, `SET`"
            ),
            ["MERGE", "ON", "SET", "WITH", "WHERE", "RETURN"]
        );
    }

    #[test]
    fn an_item_ends_at_its_comma_its_clause_or_its_bracket() {
        let tokens = Tokens::new("FOREACH (x IN y | SET n.a = f(1, 2), n.b = 3) RETURN 1").unwrap();
        let set = (0..tokens.len()).find(|&index| tokens.is_word(index, "SET")).unwrap();
        let end = end_of_item(&tokens, set + 1);
        assert_eq!(tokens.between(set + 1, end), "n.a = f(1, 2)");
        let last = end_of_item(&tokens, end + 1);
        assert_eq!(tokens.between(end + 1, last), "n.b = 3");
        assert!(tokens.is_sign(last, ")"));
    }
}
