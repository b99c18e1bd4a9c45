//go:build driver6

package main

import (
	"math"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
	driverconfig "github.com/neo4j/neo4j-go-driver/v6/neo4j/config"
)

type config = driverconfig.Config

func init() {
	register(scenarios{
		"value.vector": func() any {
			return thereAndBack(
				neo4j.Vector[int8]{Elems: []int8{math.MinInt8, 0, math.MaxInt8}},
				neo4j.Vector[int16]{Elems: []int16{math.MinInt16, math.MaxInt16}},
				neo4j.Vector[int32]{Elems: []int32{math.MinInt32, math.MaxInt32}},
				neo4j.Vector[int64]{Elems: []int64{math.MinInt64, math.MaxInt64}},
				neo4j.Vector[float32]{Elems: []float32{0.5, float32(math.Copysign(0, -1)), 1.75e38}},
				neo4j.Vector[float64]{Elems: slices.Repeat([]float64{math.Pi}, 4096)})
		},
	})
}
