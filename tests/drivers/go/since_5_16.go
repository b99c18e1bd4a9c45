//go:build driver5.16 || driver6

package main

import "github.com/neo4j/neo4j-go-driver/v6/neo4j"

func telemetry(disabled bool) any {
	return configured(func(c *config) { c.TelemetryDisabled = disabled }, func(d driver) any {
		return inSession(d, neo4j.SessionConfig{}, func(s session) any {
			tx := begin(s)
			seen := []any{single(tx, "RETURN 1 AS x")}
			commit(tx)
			seen = append(seen, read(s, func(tx managedTransaction) any { return single(tx, "RETURN 2 AS x") }))
			seen = append(seen, single(s, "RETURN 3 AS x"))
			done := must(neo4j.ExecuteQuery(ctx, d, "RETURN 4 AS x", nil, neo4j.EagerResultTransformer))
			return append(seen, show(done.Records[0].Values[0]))
		})
	})
}

func init() {
	register(scenarios{
		"connect.liveness_check": func() any {
			checked := func(c *config) { c.ConnectionLivenessCheckTimeout, c.MaxConnectionPoolSize = 0, 1 }
			return configured(checked, func(d driver) any {
				return []any{one(d), one(d), one(d), one(d), one(d)}
			})
		},

		"connect.telemetry_on":  func() any { return telemetry(false) },
		"connect.telemetry_off": func() any { return telemetry(true) },
	})
}
