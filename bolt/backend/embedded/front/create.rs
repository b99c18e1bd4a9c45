//! Joins adjacent CREATE clauses into one: the engine takes at most 128 clauses, and scripts that build a
//! graph are one long chain of them.

use super::clauses;
use super::edit::Edits;
use super::lexer::Tokens;

/// Writes `CREATE (a) CREATE (b)` as `CREATE (a) , (b)`.
pub(super) fn join(tokens: &Tokens<'_>, edits: &mut Edits<'_>) {
    // The clause under way at each depth.
    let mut under_way: Vec<Option<&'static str>> = Vec::new();
    for index in 0..tokens.len() {
        let token = tokens.all()[index];
        under_way.resize(token.depth + 1, None);
        let Some(clause) = clauses::starting(tokens, index) else {
            continue;
        };
        if clause == "CREATE" && under_way[token.depth] == Some("CREATE") {
            edits.replace(token.start, token.end, ",");
        }
        under_way[token.depth] = Some(clause);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::reworded;

    #[test]
    fn adjacent_creates_become_one() {
        assert_eq!(
            reworded("CREATE (a:A {create: 'CREATE'}) create (b) CREATE (a)-[:R]->(b) RETURN a"),
            "CREATE (a:A {create: 'CREATE'}) , (b) , (a)-[:R]->(b) RETURN a"
        );
    }

    #[test]
    fn creates_with_a_clause_between_them_stay_apart() {
        for statement in [
            "CREATE (a) WITH a CREATE (b) RETURN b",
            "MERGE (a) ON CREATE SET a.x = 1 CREATE (b)",
            "CREATE (a) SET a.x = 1 CREATE (b)",
            "CREATE (a) FOREACH (x IN [1] | CREATE (b))",
        ] {
            assert_eq!(reworded(statement), statement);
        }
    }

    #[test]
    fn creates_are_joined_inside_brackets_too() {
        assert_eq!(reworded("FOREACH (x IN [1] | CREATE (a) CREATE (b)) CREATE (c)"), "FOREACH (x IN [1] | CREATE (a) , (b)) CREATE (c)");
    }
}
