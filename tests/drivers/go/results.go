package main

import (
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

const countQuery = "UNWIND range(1, $to) AS n RETURN n"

const unknownLabelQuery = "MATCH (n:NobodyIsCalledThis) RETURN n"

func upTo(to int) []int {
	numbers := []int{}
	for n := range to {
		numbers = append(numbers, n+1)
	}
	return numbers
}

func fetched(size int) any {
	return inSession(shared(), fetching(size), func(s session) any {
		seen := []any{}
		for _, to := range []int{0, 1, 2, 3, 1000, 1001} {
			seen = append(seen, same(column(s, countQuery, dictionary{"to": to}), upTo(to)))
		}
		tx := begin(s)
		seen = append(seen, len(column(tx, countQuery, dictionary{"to": 2001})))
		commit(tx)
		return seen
	})
}

func allCounted(s session, queries ...string) any {
	seen := []any{}
	for _, query := range queries {
		seen = append(seen, countersOf(consume(s, query)))
	}
	return seen
}

// either is the summary of a statement in the words of today, or in those of Neo4j 3.5.
func either(s session, today, old string) neo4j.ResultSummary {
	var summary neo4j.ResultSummary
	_, err := attempt(func() any {
		summary = consume(s, today)
		return nil
	})
	if err != nil && codeOf(err) == "Neo.ClientError.Statement.SyntaxError" {
		return consume(s, old)
	}
	check(err)
	return summary
}

func constrain(s session, label string) neo4j.ResultSummary {
	return either(s, fmt.Sprintf("CREATE CONSTRAINT c%s FOR (n:%[1]s) REQUIRE n.x IS UNIQUE", label),
		fmt.Sprintf("CREATE CONSTRAINT ON (n:%s) ASSERT n.x IS UNIQUE", label))
}

func unconstrain(s session, label string) neo4j.ResultSummary {
	return either(s, "DROP CONSTRAINT c"+label, fmt.Sprintf("DROP CONSTRAINT ON (n:%s) ASSERT n.x IS UNIQUE", label))
}

var statementTypes = map[neo4j.StatementType]string{
	neo4j.StatementTypeUnknown:     "unknown",
	neo4j.StatementTypeReadOnly:    "read only",
	neo4j.StatementTypeReadWrite:   "read write",
	neo4j.StatementTypeWriteOnly:   "write only",
	neo4j.StatementTypeSchemaWrite: "schema write",
}

func fails(query string, parameters dictionary) any {
	return withSession(func(s session) any {
		failure := raised(func() { consume(s, query, parameters) })
		return []any{failure, goesOn(s)}
	})
}

// goesOn is what a session says to the query after a failure: that of 1.8 may say again what a result has failed with.
func goesOn(s session) any {
	return raisedOr(func() any { return single(s, "RETURN 1 AS x") })
}

func init() {
	register(scenarios{
		"result.lazy": func() any {
			return withSession(func(s session) any {
				r := run(s, countQuery, dictionary{"to": 20_000})
				seen := []any{next(r)[0], next(r)[0], next(r)[0]}
				must(r.Consume(ctx))
				return append(seen, single(s, "RETURN 1 AS x"))
			})
		},

		"result.discard": func() any {
			return withGraph(func(s session, label string) any {
				summary := consume(s, "UNWIND range(1, 100) AS n CREATE (m:"+label+" {n: n}) RETURN m")
				return []any{summary.Counters().NodesCreated(), count(s, label)}
			})
		},

		"result.close_mid_stream": func() any {
			return configured(smallPool, func(d driver) any {
				seen := []any{}
				for range 3 {
					s := newSession(d, fetching(2))
					seen = append(seen, next(run(s, countQuery, dictionary{"to": 1000}))[0])
					check(s.Close(ctx))
				}
				return append(seen, one(d))
			})
		},

		"result.empty": func() any {
			return withGraph(func(s session, label string) any {
				seen := []any{}
				for _, query := range []string{"UNWIND [] AS n RETURN n", "CREATE (:" + label + ")"} {
					r := run(s, query)
					keys := must(r.Keys())
					seen = append(seen, []any{append([]string{}, keys...), rows(r)})
				}
				return seen
			})
		},

		"result.columns": func() any {
			return withSession(func(s session) any {
				names, columns := []string{}, []string{}
				for n := range 200 {
					names = append(names, fmt.Sprint("c", n))
					columns = append(columns, fmt.Sprintf("%d AS c%[1]d", n))
				}
				r := run(s, "RETURN "+strings.Join(columns, ", "))
				keys := must(r.Keys())
				row := next(r)
				right := 0
				for n, name := range names {
					if value, _ := r.Record().Get(name); value == int64(n) && row[n] == value {
						right++
					}
				}
				return []any{same(keys, names), right, len(row)}
			})
		},

		"result.error_mid_stream": func() any {
			return withSession(func(s session) any {
				number := 0
				failure := raised(func() {
					r := run(s, "UNWIND [1, 2, 0] AS n RETURN 6 / n AS n")
					for r.Next(ctx) {
						number++
					}
					check(r.Err())
				})
				return []any{number, failure, goesOn(s)}
			})
		},

		"result.rows_200000": func() any {
			return withSession(func(s session) any {
				r := run(s, countQuery, dictionary{"to": 200_000})
				var number, total int64
				for r.Next(ctx) {
					number++
					total += values(r.Record())[0].(int64)
				}
				check(r.Err())
				return []any{number, total}
			})
		},

		"result.parameter_20_mib": func() any {
			return withSession(func(s session) any {
				return single(s, "RETURN size($x) AS n", dictionary{"x": strings.Repeat("x", 20<<20)})
			})
		},

		"summary.nodes": func() any {
			return withGraph(func(s session, label string) any {
				match := "MATCH (n:" + label + ") "
				return allCounted(s, "CREATE (:"+label+":More), (:"+label+")", match+"SET n:Most", match+"REMOVE n:Most",
					match+"DELETE n", match+"DELETE n")
			})
		},

		"summary.relationships": func() any {
			return withGraph(func(s session, label string) any {
				return allCounted(s, "CREATE (a:"+label+")-[:R]->(b:"+label+"), (a)-[:R]->(b)",
					"MATCH (:"+label+")-[r:R]->() WITH r LIMIT 1 DELETE r", "MATCH (n:"+label+") DETACH DELETE n")
			})
		},

		"summary.properties": func() any {
			return withGraph(func(s session, label string) any {
				match := "MATCH (n:" + label + ") "
				return allCounted(s, "CREATE (:"+label+" {x: 1, y: 2})", match+"SET n.x = 2, n.z = 3", match+"REMOVE n.x")
			})
		},

		"summary.indexes": func() any {
			return withGraph(func(s session, label string) any {
				made := either(s, fmt.Sprintf("CREATE INDEX i%s FOR (n:%[1]s) ON (n.x)", label), "CREATE INDEX ON :"+label+"(x)")
				dropped := either(s, "DROP INDEX i"+label, "DROP INDEX ON :"+label+"(x)")
				return []any{countersOf(made), countersOf(dropped)}
			})
		},

		"summary.constraints": func() any {
			return withGraph(func(s session, label string) any {
				return []any{countersOf(constrain(s, label)), countersOf(unconstrain(s, label))}
			})
		},

		"summary.query_type": func() any {
			return withGraph(func(s session, label string) any {
				match, other := "MATCH (n:"+label+") ", marker()
				seen := []string{}
				for _, query := range []string{match + "RETURN n", "CREATE (:" + label + ")", "CREATE (n:" + label + ") RETURN n", match + "SET n.x = 1"} {
					seen = append(seen, statementTypes[consume(s, query).StatementType()])
				}
				constrain(s, other)
				return append(seen, statementTypes[unconstrain(s, other).StatementType()])
			})
		},

		"summary.query": func() any {
			return withSession(func(s session) any {
				text, parameters := queryOf(consume(s, "RETURN $x AS x", dictionary{"x": []any{"a", true}}))
				return []any{text, show(parameters)}
			})
		},

		"summary.server": func() any {
			return withSession(func(s session) any { return server(consume(s, "RETURN 1").Server()) })
		},

		"summary.times": func() any {
			return withSession(func(s session) any {
				summary := consume(s, "UNWIND range(1, 10) AS n RETURN n")
				return []bool{summary.ResultAvailableAfter() >= 0, summary.ResultConsumedAfter() >= 0}
			})
		},

		"summary.plan": func() any {
			return withGraph(func(s session, label string) any {
				summary := consume(s, "EXPLAIN CREATE (n:"+label+") RETURN n")
				whole := true
				for _, operator := range operators(summary.Plan()) {
					whole = whole && operator.Operator() != "" && operator.Identifiers() != nil && operator.Arguments() != nil
				}
				return []any{whole, summary.Profile() != nil, count(s, label)}
			})
		},

		"summary.profile": func() any {
			return withGraph(func(s session, label string) any {
				consume(s, "UNWIND range(1, 10) AS n CREATE (:"+label+" {n: n})")
				r := run(s, "PROFILE MATCH (n:"+label+") RETURN n.n AS n")
				number := len(rows(r))
				profile := must(r.Consume(ctx)).Profile()
				whole := true
				for _, operator := range operators(profile) {
					whole = whole && operator.Operator() != "" && operator.Records() >= 0 && operator.DbHits() >= 0
				}
				return []any{number, profile.Records(), whole}
			})
		},

		"summary.notifications": func() any {
			return withSession(func(s session) any {
				return notificationsOf(consume(s, explain+unknownLabelQuery))
			})
		},

		"error.syntax":    func() any { return fails("RETUN 1", nil) },
		"error.procedure": func() any { return fails("CALL no.such.procedure()", nil) },
		"error.parameter": func() any { return fails("RETURN $missing AS x", nil) },
		"error.type":      func() any { return fails("UNWIND $x AS x RETURN x + 1 AS y", dictionary{"x": []any{true}}) },
		"error.division":  func() any { return fails("RETURN 1 / $x AS x", dictionary{"x": 0}) },

		"error.constraint": func() any {
			return withGraph(func(s session, label string) any {
				constrain(s, label)
				node := "CREATE (:" + label + " {x: 1})"
				consume(s, node)
				seen := []any{raised(func() { consume(s, node) }), count(s, label)}
				consume(s, "MATCH (n:"+label+") DELETE n")
				unconstrain(s, label)
				return seen
			})
		},
	})
}
