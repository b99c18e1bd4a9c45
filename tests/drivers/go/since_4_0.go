//go:build driver4 || driver5 || driver6

package main

import (
	"errors"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

type record = *neo4j.Record

func values(r record) []any { return r.Values }

func unencrypted(*config) {}

func fetching(size int) neo4j.SessionConfig { return neo4j.SessionConfig{FetchSize: size} }

func codeOf(err error) string {
	var failure *neo4j.Neo4jError
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}

func isRetryable(err error) bool {
	var failure *neo4j.Neo4jError
	return errors.As(err, &failure) && (failure.IsRetriableTransient() || failure.IsRetriableCluster())
}

func server(info neo4j.ServerInfo) any {
	protocol := info.ProtocolVersion()
	return dictionary{
		"agent": product(info.Agent()), "protocol": fmt.Sprintf("%d.%d", protocol.Major, protocol.Minor),
		"address": info.Address() == address,
	}
}

func databaseOf(summary neo4j.ResultSummary) any { return summary.Database().Name() }

func newPoint(srid int, x, y float64) any {
	return neo4j.Point2D{X: x, Y: y, SpatialRefId: uint32(srid)}
}

func newPoint3D(srid int, x, y, z float64) any {
	return neo4j.Point3D{X: x, Y: y, Z: z, SpatialRefId: uint32(srid)}
}

func uniform(value any) any {
	switch value := value.(type) {
	case neo4j.Node:
		return node{value.Id, value.Labels, value.Props}
	case neo4j.Relationship:
		return relationship{value.Type, value.Props, value.StartId, value.EndId}
	case neo4j.Path:
		return pathOf(value.Nodes, value.Relationships)
	case neo4j.Point2D:
		return point{"Point2D", int(value.SpatialRefId), []any{value.X, value.Y}}
	case neo4j.Point3D:
		return point{"Point3D", int(value.SpatialRefId), []any{value.X, value.Y, value.Z}}
	}
	return value
}

func init() {
	register(scenarios{
		"summary.database": func() any {
			return withSession(func(s session) any { return databaseOf(consume(s, "RETURN 1")) })
		},

		"result.fetch_1":    func() any { return fetched(1) },
		"result.fetch_2":    func() any { return fetched(2) },
		"result.fetch_1000": func() any { return fetched(1000) },
		"result.fetch_all":  func() any { return fetched(neo4j.FetchAll) },
	})
}
