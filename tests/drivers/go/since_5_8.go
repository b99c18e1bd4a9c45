//go:build driver5.8 || driver6

package main

import (
	"context"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
	"github.com/neo4j/neo4j-go-driver/v6/neo4j/db"
	"github.com/neo4j/neo4j-go-driver/v6/neo4j/notifications"
)

// currentAuth is a TokenManager.
type currentAuth struct{ token neo4j.AuthToken }

func (c *currentAuth) GetAuthToken(context.Context) (neo4j.AuthToken, error) { return c.token, nil }

func (c *currentAuth) HandleSecurityException(context.Context, neo4j.AuthToken, *db.Neo4jError) (bool, error) {
	return false, nil
}

// OnTokenExpired is what 5.9 asks for instead of HandleSecurityException.
func (c *currentAuth) OnTokenExpired(context.Context, neo4j.AuthToken) error { return nil }

// filter says which notifications are wanted, and what it is called.
type filter struct {
	name       string
	forDriver  func(*config)
	forSession neo4j.SessionConfig
}

var filters = []filter{
	minimum("OFF", notifications.DisabledLevel),
	minimum("INFORMATION", notifications.InformationLevel),
	without(notifications.Unrecognized),
	without(notifications.Hint),
}

func minimum(name string, level notifications.NotificationMinimumSeverityLevel) filter {
	forDriver := func(c *config) { c.NotificationsMinSeverity = level }
	return filter{name, forDriver, neo4j.SessionConfig{NotificationsMinSeverity: level}}
}

func without(category notifications.NotificationCategory) filter {
	disabled := notifications.DisableCategories(category)
	forDriver := func(c *config) { c.NotificationsDisabledCategories = disabled }
	return filter{"no category " + string(category), forDriver, neo4j.SessionConfig{NotificationsDisabledCategories: disabled}}
}

// unknownLabel is the codes that the session tells of a label that nothing has.
func unknownLabel(s session) any {
	codes := []string{}
	for _, notification := range consume(s, unknownLabelQuery).Notifications() {
		codes = append(codes, notification.Code())
	}
	return codes
}

func init() {
	register(scenarios{
		"auth.verify": func() any {
			seen := []any{}
			for _, auth := range []neo4j.AuthToken{secondAuth, stranger()} {
				seen = append(seen, raised(func() { check(shared().VerifyAuthentication(ctx, &auth)) }))
			}
			return seen
		},

		"auth.session": func() any {
			return configured(smallPool, func(d driver) any {
				return raisedOr(func() any {
					return []any{userIn(d, neo4j.SessionConfig{}), userIn(d, neo4j.SessionConfig{Auth: &secondAuth}), userIn(d, neo4j.SessionConfig{})}
				})
			})
		},

		"auth.change": func() any {
			current := &currentAuth{firstAuth}
			d := must(neo4j.NewDriverWithContext("bolt://"+address, current, smallPool))
			defer d.Close(ctx)
			before := userIn(d, neo4j.SessionConfig{})
			current.token = secondAuth
			return []any{before, userIn(d, neo4j.SessionConfig{})}
		},

		"tx.execute_query": func() any {
			return withGraph(func(_ session, label string) any {
				query := "CREATE (n:" + label + " {x: $x}) RETURN n.x AS x"
				done := must(neo4j.ExecuteQuery(ctx, shared(), query, dictionary{"x": 5}, neo4j.EagerResultTransformer))
				rows := []any{}
				for _, record := range done.Records {
					rows = append(rows, show(record.AsMap()))
				}
				return []any{done.Keys, rows, done.Summary.Counters().NodesCreated(), counted(label)}
			})
		},

		"summary.filter_session": func() any {
			seen := dictionary{}
			for _, filter := range filters {
				seen[filter.name] = inSession(shared(), filter.forSession, unknownLabel)
			}
			return seen
		},

		"summary.filter_driver": func() any {
			seen := dictionary{}
			for _, filter := range filters {
				seen[filter.name] = configured(filter.forDriver, func(d driver) any {
					return inSession(d, neo4j.SessionConfig{}, unknownLabel)
				})
			}
			return seen
		},
	})
}
