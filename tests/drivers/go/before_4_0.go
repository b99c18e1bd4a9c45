//go:build !driver4 && !driver5 && !driver6

package main

import (
	"regexp"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

type record = neo4j.Record

func values(r record) []any { return r.Values() }

// unencrypted switches off what only later releases have switched off.
func unencrypted(c *config) { c.Encrypted = false }

// fetching has no fetch size to set.
func fetching(int) neo4j.SessionConfig { return neo4j.SessionConfig{} }

var codeInMessage = regexp.MustCompile(`^Server error: \[(.*?)\]`)

// codeOf reads the code where the release tells it: it keeps the type of the error to itself.
func codeOf(err error) string {
	if found := codeInMessage.FindStringSubmatch(err.Error()); found != nil {
		return found[1]
	}
	return ""
}

func isRetryable(err error) bool { return neo4j.IsTransientError(err) }

func server(info neo4j.ServerInfo) any {
	return dictionary{"agent": product(info.Version()), "address": info.Address() == address}
}

func databaseOf(neo4j.ResultSummary) any { return nil }

func newPoint(srid int, x, y float64) any { return neo4j.NewPoint2D(srid, x, y) }

func newPoint3D(srid int, x, y, z float64) any { return neo4j.NewPoint3D(srid, x, y, z) }

func uniform(value any) any {
	switch value := value.(type) {
	case neo4j.Node:
		return node{value.Id(), value.Labels(), value.Props()}
	case neo4j.Relationship:
		return relationship{value.Type(), value.Props(), value.StartId(), value.EndId()}
	case neo4j.Path:
		return pathOf(value.Nodes(), value.Relationships())
	case *neo4j.Point:
		return point{"Point", value.SrId(), []any{value.X(), value.Y(), value.Z()}}
	}
	return value
}
