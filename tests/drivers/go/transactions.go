package main

import (
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

// written are the bookmarks of a session that has created a node.
func written(label string) []string {
	s := newSession(shared(), neo4j.SessionConfig{})
	defer s.Close(ctx)
	tx := begin(s)
	create(tx, label)
	commit(tx)
	return s.LastBookmarks()
}

func init() {
	register(scenarios{
		"tx.auto_commit": func() any {
			return withGraph(func(s session, label string) any {
				create(s, label)
				return counted(label)
			})
		},

		"tx.commit": func() any {
			return withGraph(func(s session, label string) any {
				tx := begin(s)
				create(tx, label)
				create(tx, label)
				commit(tx)
				return []any{count(s, label), counted(label)}
			})
		},

		"tx.rollback": func() any {
			return withGraph(func(s session, label string) any {
				tx := begin(s)
				create(tx, label)
				check(tx.Rollback(ctx))
				return []any{count(s, label), counted(label)}
			})
		},

		"tx.rollback_by_closing": func() any {
			return withGraph(func(s session, label string) any {
				left := newSession(shared(), neo4j.SessionConfig{})
				create(begin(left), label)
				seen := []any{raised(func() { check(left.Close(ctx)) }), counted(label)}
				tx := begin(s)
				create(tx, label)
				check(tx.Close(ctx))
				return append(seen, counted(label))
			})
		},

		"tx.own_writes": func() any {
			return withGraph(func(s session, label string) any {
				tx := begin(s)
				create(tx, label)
				seen := []any{count(tx, label), counted(label)}
				commit(tx)
				return append(seen, counted(label))
			})
		},

		"tx.failed": func() any {
			return withGraph(func(s session, label string) any {
				tx := begin(s)
				create(tx, label)
				return []any{
					raised(func() { consume(tx, "this is not Cypher") }),
					raised(func() { consume(tx, "RETURN 1") }),
					raised(func() { commit(tx) }),
					counted(label),
				}
			})
		},

		"tx.managed": func() any {
			return withGraph(func(s session, label string) any {
				query := "CREATE (n:" + label + " {x: 1}) RETURN n.x AS x"
				return []any{
					write(s, func(tx managedTransaction) any { return single(tx, query) }),
					read(s, func(tx managedTransaction) any { return count(tx, label) }),
				}
			})
		},

		"tx.managed_exception": func() any {
			return withGraph(func(s session, label string) any {
				failing := func(tx managedTransaction) any {
					create(tx, label)
					panic(errors.New("on purpose"))
				}
				return []any{raised(func() { write(s, failing) }), counted(label)}
			})
		},

		// Each takes one node, waits for the other to have taken its own, and then wants that one.
		"tx.retry": func() any {
			return withGraph(func(s session, label string) any {
				consume(s, "CREATE (:"+label+" {name: 'a', n: 0}), (:"+label+" {name: 'b', n: 0})")
				var attempts atomic.Int32
				bothHoldOne := barrier(2)
				add := func(tx managedTransaction, name string) {
					consume(tx, "MATCH (n:"+label+" {name: $name}) SET n.n = n.n + 1", dictionary{"name": name})
				}
				names := []string{"a", "b"}
				together(2, func(i int) any {
					return withSession(func(s session) any {
						return write(s, func(tx managedTransaction) any {
							attempts.Add(1)
							add(tx, names[i])
							bothHoldOne()
							add(tx, names[1-i])
							return nil
						})
					})
				})
				kept := column(s, "MATCH (n:"+label+") RETURN n.n AS n")
				return dictionary{"tried again": attempts.Load() >= 3, "kept": kept}
			})
		},

		"tx.several_results": func() any {
			return inSession(shared(), fetching(2), func(s session) any {
				tx := begin(s)
				results := []result{}
				for _, by := range []int{1, 10, 100} {
					results = append(results, run(tx, "UNWIND range(1, 5) AS n RETURN n * $by AS n", dictionary{"by": by}))
				}
				seen := []any{}
				for range 5 {
					for _, r := range results {
						seen = append(seen, next(r)[0])
					}
				}
				commit(tx)
				return seen
			})
		},

		"tx.query_per_row": func() any {
			return withGraph(func(s session, label string) any {
				consume(s, "UNWIND range(1, 5) AS n CREATE (:"+label+" {n: n})")
				tx := begin(s)
				r := run(tx, "MATCH (o:"+label+") RETURN o.n AS n")
				for r.Next(ctx) {
					consume(tx, "CREATE (:"+label+" {n: 10 * $n})", dictionary{"n": values(r.Record())[0]})
				}
				check(r.Err())
				commit(tx)
				return column(s, "MATCH (n:"+label+") RETURN n.n AS n ORDER BY n")
			})
		},

		"tx.result_left_open": func() any {
			return withGraph(func(_ session, label string) any {
				return inSession(shared(), fetching(1), func(s session) any {
					tx := begin(s)
					first := next(run(tx, "UNWIND range(1, 10) AS n CREATE (m:"+label+" {n: n}) RETURN m.n AS n"))
					commit(tx)
					return []any{first, counted(label)}
				})
			})
		},

		"tx.metadata": func() any {
			return withSession(func(s session) any {
				query := "CALL tx.getMetaData() YIELD metadata RETURN metadata"
				metadata := neo4j.WithTxMetadata(dictionary{"app": "drivers", "attempt": 1})
				seen := []any{show(next(must(s.driverSession.Run(ctx, query, nil, metadata)))[0])}
				tx := begin(s, metadata)
				seen = append(seen, single(tx, query))
				commit(tx)
				return seen
			})
		},

		"tx.timeout": func() any {
			return withGraph(func(_ session, label string) any {
				seen := withSession(func(s session) any {
					tx := begin(s, neo4j.WithTxTimeout(200*time.Millisecond))
					create(tx, label)
					return raised(func() {
						for range 10 {
							time.Sleep(400 * time.Millisecond)
							consume(tx, "RETURN 1")
						}
					})
				})
				return []any{seen, counted(label)}
			})
		},

		"tx.access_mode": func() any {
			return withGraph(func(s session, label string) any {
				reading := inSession(shared(), neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead}, func(s session) any {
					return raised(func() { create(s, label) })
				})
				managed := raised(func() {
					read(s, func(tx managedTransaction) any { return consume(tx, "CREATE (:"+label+")") })
				})
				return []any{reading, managed, counted(label)}
			})
		},

		"tx.bookmark": func() any {
			return withGraph(func(_ session, label string) any {
				bookmarks := written(label)
				return inSession(shared(), neo4j.SessionConfig{Bookmarks: bookmarks}, func(s session) any {
					tx := begin(s)
					seen := count(tx, label)
					create(tx, label)
					commit(tx)
					return []any{len(bookmarks), seen, !slices.Equal(s.LastBookmarks(), bookmarks)}
				})
			})
		},

		"tx.bookmarks_combined": func() any {
			return withGraph(func(_ session, label string) any {
				bookmarks := slices.Concat(written(label), written(label), written(label))
				return inSession(shared(), neo4j.SessionConfig{Bookmarks: bookmarks}, func(s session) any {
					tx := begin(s)
					seen := count(tx, label)
					commit(tx)
					return seen
				})
			})
		},

		"tx.bookmark_invalid": func() any {
			return inSession(shared(), neo4j.SessionConfig{Bookmarks: []string{"nonsense"}}, func(s session) any {
				return raised(func() { consume(begin(s), "RETURN 1") })
			})
		},

		"database.default": func() any {
			seen := []any{}
			for _, name := range []string{"neo4j", "NEO4J"} {
				seen = append(seen, inSession(shared(), neo4j.SessionConfig{DatabaseName: name}, func(s session) any {
					r := run(s, "RETURN 1")
					return []any{next(r)[0], databaseOf(must(r.Consume(ctx)))}
				}))
			}
			return seen
		},

		"database.system": func() any {
			return inSession(shared(), neo4j.SessionConfig{DatabaseName: "system"}, func(s session) any {
				r := run(s, "SHOW DATABASES")
				names := []string{}
				for r.Next(ctx) {
					name, _ := r.Record().Get("name")
					if name == "neo4j" || name == "system" {
						names = append(names, name.(string))
					}
				}
				slices.Sort(names)
				return []any{names, databaseOf(must(r.Consume(ctx)))}
			})
		},

		"database.unknown": func() any {
			return inSession(shared(), neo4j.SessionConfig{DatabaseName: "nobody-has-this"}, func(s session) any {
				return raised(func() { consume(s, "RETURN 1") })
			})
		},
	})
}
