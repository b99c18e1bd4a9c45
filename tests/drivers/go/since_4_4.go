//go:build driver4.4 || driver5 || driver6

package main

import "github.com/neo4j/neo4j-go-driver/v6/neo4j"

func init() {
	register(scenarios{
		"connect.bearer": func() any { return refused(neo4j.BearerAuth("token")) },

		"auth.impersonation": func() any {
			return raisedOr(func() any { return userIn(shared(), neo4j.SessionConfig{ImpersonatedUser: "somebody"}) })
		},
	})
}
