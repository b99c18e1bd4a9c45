//go:build driver5.26 || driver6

package main

import (
	"errors"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
	"github.com/neo4j/neo4j-go-driver/v6/neo4j/notifications"
)

func init() {
	gqlOf = func(err error, what dictionary) {
		var failure *neo4j.Neo4jError
		if errors.As(err, &failure) {
			what["gql status"], what["classification"] = failure.GqlStatus, failure.GqlClassification
		}
	}

	statusesOf = func(summary neo4j.ResultSummary, what dictionary) {
		statuses := []dictionary{}
		for _, status := range summary.GqlStatusObjects() {
			statuses = append(statuses, dictionary{
				"gql status": status.GqlStatus(), "is notification": status.IsNotification(), "severity": status.RawSeverity(),
				"classification": status.RawClassification(), "described": status.StatusDescription() != "",
			})
		}
		what["statuses"] = statuses
	}

	disabled := notifications.DisableClassifications(notifications.Unrecognized)
	filters = append(filters, filter{
		name:       "no classification UNRECOGNIZED",
		forDriver:  func(c *config) { c.NotificationsDisabledClassifications = disabled },
		forSession: neo4j.SessionConfig{NotificationsDisabledClassifications: disabled},
	})

	register(scenarios{
		"summary.gql_status": func() any {
			return withGraph(func(s session, label string) any {
				seen := []any{}
				for _, query := range []string{"RETURN 1 AS x", "CREATE (:" + label + ")", "UNWIND [] AS x RETURN x"} {
					statuses := []string{}
					for _, status := range consume(s, query).GqlStatusObjects() {
						if !status.IsNotification() {
							statuses = append(statuses, status.GqlStatus())
						}
					}
					seen = append(seen, statuses)
				}
				return seen
			})
		},
	})
}
