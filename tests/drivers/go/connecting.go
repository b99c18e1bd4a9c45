package main

import (
	"os"
	"slices"
	"sync/atomic"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

func stranger() neo4j.AuthToken { return neo4j.BasicAuth("stranger"+marker(), "wrong", "") }

func refused(auth neo4j.AuthToken) any {
	return raised(func() { connect("bolt://"+address, auth, defaults, one) })
}

func numbered(d driver, number int) bool {
	return inSession(d, neo4j.SessionConfig{}, func(s session) any {
		return single(s, "RETURN $n AS n", dictionary{"n": number})
	}) == any(int64(number))
}

func every(right []bool) bool { return !slices.Contains(right, false) }

// userIn says who a session's user is.
func userIn(d driver, c neo4j.SessionConfig) any {
	return inSession(d, c, func(s session) any {
		switch name := single(s, "CALL dbms.showCurrentUser() YIELD username RETURN username"); name {
		case os.Getenv("BOLT_USER"):
			return "first user"
		case os.Getenv("BOLT_OTHER_USER"):
			return "second user"
		default:
			return "somebody else"
		}
	})
}

func init() {
	register(scenarios{
		"connect.bolt": func() any { return configured(smallPool, one) },

		"connect.neo4j": func() any {
			return connect("neo4j://"+address, firstAuth, defaults, func(d driver) any {
				return inSession(d, neo4j.SessionConfig{}, func(s session) any {
					label := marker()
					write(s, func(tx managedTransaction) any { return consume(tx, "CREATE (:"+label+")") })
					kept := read(s, func(tx managedTransaction) any { return count(tx, label) })
					consume(s, "MATCH (n:"+label+") DELETE n")
					return kept
				})
			})
		},

		"connect.routing_context": func() any { return connect("neo4j://"+address+"?region=north", firstAuth, defaults, one) },

		"connect.verify": func() any {
			check(shared().VerifyConnectivity(ctx))
			return "connected"
		},

		"connect.wrong_password": func() any { return refused(stranger()) },
		"connect.no_password":    func() any { return refused(neo4j.NoAuth()) },

		"connect.reuse_after_failure": func() any {
			return configured(smallPool, func(d driver) any {
				fail := func(s session) any {
					_, err := attempt(func() any { return consume(s, "this is not Cypher") })
					return codeOf(err)
				}
				seen := []any{}
				for range 3 {
					seen = append(seen, inSession(d, neo4j.SessionConfig{}, fail), one(d))
				}
				return inSession(d, neo4j.SessionConfig{}, func(s session) any {
					return append(seen, fail(s), single(s, "RETURN 2 AS x"))
				})
			})
		},

		// The driver has no other flavour: what runs at once runs in goroutines.
		"connect.async": func() any {
			return every(together(20, func(i int) bool { return numbered(shared(), i) }))
		},

		"connect.fifty_sessions": func() any {
			return withGraph(func(s session, label string) any {
				wait := barrier(50)
				right := together(50, func(i int) bool {
					return withSession(func(s session) any {
						number := dictionary{"number": i}
						tx := begin(s)
						consume(tx, "CREATE (:"+label+" {number: $number})", number)
						wait()
						found := column(tx, "UNWIND range(1, 100) AS n RETURN n * $number AS n", number)
						commit(tx)
						expected := []int{}
						for n := range 100 {
							expected = append(expected, (n+1)*i)
						}
						return same(found, expected)
					}).(bool)
				})
				return []any{every(right), single(s, "MATCH (n:"+label+") RETURN count(DISTINCT n.number)")}
			})
		},

		"connect.come_and_go": func() any {
			var came atomic.Int32
			return every(together(10, func(int) bool {
				right := true
				for n := came.Add(1); n <= 50; n = came.Add(1) {
					right = right && configured(defaults, func(d driver) any { return numbered(d, int(n)) }).(bool)
				}
				return right
			}))
		},
	})
}
