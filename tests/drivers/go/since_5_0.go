//go:build driver5 || driver6

package main

import "github.com/neo4j/neo4j-go-driver/v6/neo4j"

const explain = ""

type (
	driver             = neo4j.DriverWithContext
	driverSession      = neo4j.SessionWithContext
	managedTransaction = neo4j.ManagedTransaction
	transaction        = neo4j.ExplicitTransaction
	result             = neo4j.ResultWithContext
)

func newDriver(target string, auth neo4j.AuthToken, configure func(*config)) (driver, error) {
	return neo4j.NewDriverWithContext(target, auth, configure)
}

func queryOf(summary neo4j.ResultSummary) (text string, parameters dictionary) {
	return summary.Query().Text(), summary.Query().Parameters()
}

func init() {
	register(scenarios{
		"connect.server_info": func() any { return server(must(shared().GetServerInfo(ctx))) },
	})
}
