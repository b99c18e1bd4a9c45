package main

import (
	"fmt"
	"math"
	"strings"
	"time"
	// The zones that do not have to be on the machine.
	_ "time/tzdata"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

const chain = "CREATE (:L {name: 'a'})-[:NEXT {km: 1}]->(:L {name: 'b'})-[:NEXT {km: 2}]->(:L:Z {name: 'c'})"

var (
	india  = time.FixedZone("Offset", 19_800)
	west   = time.FixedZone("Offset", -43_200)
	berlin = must(time.LoadLocation("Europe/Berlin"))
	zero   = math.Copysign(0, -1)
)

func deep(depth int) any {
	if depth == 0 {
		return "the bottom"
	}
	return dictionary{fmt.Sprint("level ", depth): deep(depth - 1)}
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func clock(hour, minute, second, nanosecond int, zone *time.Location) time.Time {
	return time.Date(2000, 1, 1, hour, minute, second, nanosecond, zone)
}

func init() {
	register(scenarios{
		"value.null":     func() any { return thereAndBack(nil) },
		"value.booleans": func() any { return thereAndBack(true, false) },

		"value.integers": func() any {
			edges := []any{int64(0), int64(math.MinInt64), int64(math.MaxInt64)}
			for _, bits := range []int{4, 7, 8, 15, 16, 31, 32, 53} {
				for _, edge := range []int64{-1 << bits, 1 << bits} {
					edges = append(edges, edge-1, edge, edge+1)
				}
			}
			return thereAndBack(edges...)
		},

		"value.floats": func() any {
			return thereAndBack(0.0, zero, 1.5, 1.0, -math.Pi, math.SmallestNonzeroFloat64, math.MaxFloat64,
				math.Inf(1), math.Inf(-1), math.NaN())
		},

		"value.strings": func() any {
			texts := []any{"", "plain", "a\x00b", "'\"`\\ $x {y} // no comment", "e\u0301\u200d\u202e", "ÄЖ語\uffff"}
			for _, plane := range []rune{0x1f600, 0x20000, 0x30000, 0xe0001, 0xf0000, 0x10fffd} {
				texts = append(texts, string(plane))
			}
			for _, length := range []int{15, 16, 255, 256, 65_535, 65_536} {
				texts = append(texts, strings.Repeat("x", length))
			}
			return thereAndBack(texts...)
		},

		"value.string_70000": func() any { return thereAndBack(strings.Repeat("Ω", 35_000)) },
		"value.bytes":        func() any { return thereAndBack([]byte{}, []byte{0}, everyByte(), make([]byte, 65_536)) },

		"value.lists": func() any {
			mixed := []any{nil, true, 1, 1.5, "s", []any{1, []any{2, []any{}}}, dictionary{"k": []any{dictionary{}}}}
			long := []any{}
			for n := range 70_000 {
				long = append(long, n)
			}
			return thereAndBack([]any{}, mixed, long)
		},

		"value.maps": func() any {
			wide := dictionary{}
			for n := range 300 {
				wide[fmt.Sprint("key ", n)] = n
			}
			odd := dictionary{"": 1, "a.b": 2, "`": 3, "Ω": 4, strings.Repeat("x", 300): 5}
			return thereAndBack(dictionary{}, wide, odd)
		},

		"value.map_20_deep": func() any { return thereAndBack(deep(20)) },

		"value.node": func() any {
			return graphValues("CREATE (:L {a: 1, b: ['x']}), (:L:Two)", "MATCH (x:L) WITH x ORDER BY coalesce(x.a, 9)")
		},

		"value.relationship": func() any { return graphValues(chain, "MATCH (:L)-[x]->(:L) WITH x ORDER BY x.km") },
		"value.path":         func() any { return graphValues(chain, "MATCH x = (:L {name: 'a'})-[:NEXT*2]->(:L)") },

		"value.path_reversed": func() any {
			return graphValues(chain, "MATCH x = (:L {name: 'c'})<-[:NEXT]-(:L)<-[:NEXT]-(:L)")
		},

		"value.path_empty": func() any { return graphValues(chain, "MATCH x = (:L {name: 'c'})-[:NEXT*0..0]->(:L)") },

		"value.date": func() any {
			return thereAndBack(neo4j.DateOf(day(2024, 2, 29)), neo4j.DateOf(day(1582, 10, 4)), neo4j.DateOf(day(1, 1, 1)),
				neo4j.DateOf(day(9999, 12, 31)))
		},

		"value.local_time": func() any {
			return thereAndBack(neo4j.LocalTimeOf(clock(0, 0, 0, 0, time.UTC)), neo4j.LocalTimeOf(clock(12, 34, 56, 789_000_001, time.UTC)),
				neo4j.LocalTimeOf(clock(23, 59, 59, 999_999_999, time.UTC)))
		},

		"value.time": func() any {
			return thereAndBack(neo4j.OffsetTimeOf(clock(12, 34, 56, 789_000_001, india)), neo4j.OffsetTimeOf(clock(0, 0, 0, 1, west)))
		},

		"value.local_date_time": func() any {
			return thereAndBack(neo4j.LocalDateTimeOf(time.Date(2024, 2, 29, 1, 2, 3, 4, time.UTC)),
				neo4j.LocalDateTimeOf(time.Date(1815, 6, 18, 11, 35, 0, 999_999_999, time.UTC)))
		},

		"value.date_time_offset": func() any {
			return thereAndBack(time.Date(2024, 2, 29, 12, 34, 56, 123_456_789, india), time.Date(1901, 12, 13, 20, 45, 51, 1, india),
				time.Date(1970, 1, 1, 0, 0, 0, 0, time.FixedZone("Offset", 0)))
		},

		"value.date_time_zone": func() any {
			return thereAndBack(time.Date(2024, 7, 1, 12, 34, 56, 123_456_789, berlin), time.Date(2024, 12, 1, 12, 34, 56, 0, berlin))
		},

		"value.date_time_zone_1945": func() any { return thereAndBack(time.Date(1945, 5, 8, 23, 1, 0, 999_999_999, berlin)) },

		// Go moves it out of the gap.
		"value.date_time_gap": func() any { return thereAndBack(time.Date(2024, 3, 31, 2, 30, 0, 0, berlin)) },

		"value.date_time_overlap": func() any {
			first := time.Date(2024, 10, 27, 0, 30, 0, 0, time.UTC)
			return thereAndBack(first.In(berlin), first.Add(time.Hour).In(berlin))
		},

		"value.duration": func() any {
			return thereAndBack(neo4j.DurationOf(14, 3, 4, 5), neo4j.DurationOf(0, 0, 0, 0), neo4j.DurationOf(-14, -3, -4, -5),
				neo4j.DurationOf(1, -3, 4, -5), neo4j.DurationOf(1<<40, -1<<40, 1<<40, 999_999_999))
		},

		"value.point_cartesian": func() any { return thereAndBack(newPoint(7203, 1.5, -2.5), newPoint3D(9157, 1.5, zero, 3e300)) },
		"value.point_wgs84":     func() any { return thereAndBack(newPoint(4326, 12.5, -55.5), newPoint3D(4979, -180, 90, 100.25)) },

		"value.stored": func() any {
			return withGraph(func(s session, label string) any {
				stored := dictionary{
					"boolean": true, "integer": math.MaxInt64, "float": 1.5, "string": strings.Repeat("Ω", 300), "bytes": everyByte(),
					"integers": []any{1, math.MinInt64}, "floats": []any{0.5, math.Inf(1)}, "strings": []any{"", "Ω"}, "empty": []any{},
					"date":          neo4j.DateOf(day(2024, 2, 29)),
					"time":          neo4j.OffsetTimeOf(clock(12, 34, 56, 789_000_001, india)),
					"localTime":     neo4j.LocalTimeOf(clock(12, 34, 56, 789_000_001, time.UTC)),
					"localDateTime": neo4j.LocalDateTimeOf(time.Date(2024, 2, 29, 1, 2, 3, 4, time.UTC)),
					"offset":        time.Date(2024, 2, 29, 12, 34, 56, 123_456_789, india),
					"zone":          time.Date(2024, 7, 1, 12, 34, 56, 0, berlin),
					"duration":      neo4j.DurationOf(1, -3, 4, -5),
					"dates":         []any{neo4j.DateOf(day(1, 1, 1))},
					"point":         newPoint(4326, 12.5, -55.5),
					"points":        []any{newPoint(7203, 1, 2)},
				}
				given := []string{}
				for name := range stored {
					given = append(given, name+": $"+name)
				}
				consume(s, "CREATE (:"+label+" {"+strings.Join(given, ", ")+"})", stored)
				row := rows(run(s, "MATCH (n:"+label+") RETURN n"))[0]
				return properties(uniform(row[0]).(node).properties)
			})
		},
	})
}

func everyByte() []byte {
	bytes := make([]byte, 256)
	for n := range bytes {
		bytes[n] = byte(n)
	}
	return bytes
}
