package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

// What errors are shown as.

// gqlOf adds what an error tells of GQL since 5.26.
var gqlOf = func(error, dictionary) {}

// seen is what a user tells an error from others by.
func seen(err error) dictionary {
	what := dictionary{"type": typeName(err), "retryable": isRetryable(err)}
	if code := codeOf(err); code != "" {
		what["code"] = code
	}
	gqlOf(err, what)
	return what
}

func typeName(value any) string {
	typed := reflect.TypeOf(value)
	if typed.Kind() == reflect.Pointer {
		typed = typed.Elem()
	}
	return typed.Name()
}

// What values are shown as.

type (
	node struct {
		id         int64
		labels     []string
		properties dictionary
	}

	relationship struct {
		name       string
		properties dictionary
		start, end int64
	}

	path struct {
		nodes         []any
		relationships []any
	}

	point struct {
		name        string
		srid        int
		coordinates []any
	}
)

func pathOf[N, R any](nodes []N, relationships []R) path {
	var p path
	for _, n := range nodes {
		p.nodes = append(p.nodes, uniform(n))
	}
	for _, r := range relationships {
		p.relationships = append(p.relationships, uniform(r))
	}
	return p
}

func show(value any) any {
	switch value := uniform(value).(type) {
	case nil, bool, int, int64:
		return value
	case string:
		return short(value)
	case float64:
		return dictionary{"float64": strconv.FormatFloat(value, 'g', -1, 64)}
	case []byte:
		return dictionary{"[]byte": short(hex.EncodeToString(value))}
	case []any:
		return list(value)
	case dictionary:
		return properties(value)
	case node:
		labels := slices.Sorted(slices.Values(value.labels))
		return dictionary{"Node": dictionary{"labels": labels, "properties": properties(value.properties)}}
	case relationship:
		return dictionary{"Relationship": dictionary{"type": value.name, "properties": properties(value.properties)}}
	case path:
		return dictionary{"Path": dictionary{"nodes": list(value.nodes), "hops": value.hops()}}
	case point:
		return dictionary{value.name: dictionary{"srid": value.srid, "coordinates": list(value.coordinates)}}
	case time.Time:
		return dictionary{"time.Time": value.Format(time.RFC3339Nano) + " " + value.Location().String()}
	case neo4j.Date:
		return dictionary{typeName(value): value.Time().Format(time.DateOnly)}
	case neo4j.LocalTime:
		return dictionary{typeName(value): value.Time().Format("15:04:05.999999999")}
	case neo4j.OffsetTime:
		return dictionary{typeName(value): value.Time().Format("15:04:05.999999999Z07:00")}
	case neo4j.LocalDateTime:
		return dictionary{typeName(value): value.Time().Format("2006-01-02T15:04:05.999999999")}
	case fmt.Stringer:
		return dictionary{typeName(value): short(value.String())}
	default:
		panic(fmt.Sprintf("%T is new", value))
	}
}

func list(values []any) any {
	shown := listOf(values)
	if len(shown) > 1000 {
		return dictionary{"long list": []any{len(shown), digest(jsonOf(shown))}}
	}
	return shown
}

func listOf(values []any) []any {
	shown := make([]any, 0, len(values))
	for _, value := range values {
		shown = append(shown, show(value))
	}
	return shown
}

func properties(values dictionary) dictionary {
	shown := dictionary{}
	for key, value := range values {
		shown[short(key)] = show(value)
	}
	return shown
}

// hops are the relationships of a path with the places of the nodes that they lead from and to.
func (p path) hops() []any {
	place := func(id int64) int {
		return slices.IndexFunc(p.nodes, func(n any) bool { return n.(node).id == id })
	}
	hops := []any{}
	for _, r := range p.relationships {
		r := r.(relationship)
		hops = append(hops, dictionary{"relationship": show(r), "from": place(r.start), "to": place(r.end)})
	}
	return hops
}

func short(text string) string {
	if utf8.RuneCountInString(text) <= 120 {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes, %s)", string([]rune(text)[:8]), len(text), digest(text))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

func jsonOf(shown any) string { return string(must(json.Marshal(shown))) }

func same(a, b any) bool { return jsonOf(a) == jsonOf(b) }

// thereAndBack is what comes back for each: alone, and whether the same comes inside lists and maps too.
func thereAndBack(sent ...any) any {
	query := "RETURN $x AS alone, [$x, [$x]] AS list, {a: $x, b: {c: $x}} AS map, $list AS list2"
	return withSession(func(s session) any {
		back := []any{}
		for _, x := range sent {
			row := rows(run(s, query, dictionary{"x": x, "list": []any{x}}))[0]
			alone, nested := show(row[0]), listOf(row[1:])
			// 1.8 cannot send everything inside a map.
			nested = append(nested, raisedOr(func() any {
				return single(s, "RETURN $map AS map", dictionary{"map": dictionary{"a": []any{x}}})
			}))
			back = append(back, aloneIfSame(alone, nested,
				[]any{alone, []any{alone}}, dictionary{"a": alone, "b": dictionary{"c": alone}}, []any{alone}, dictionary{"a": []any{alone}}))
		}
		return back
	})
}

func aloneIfSame(alone any, nested []any, expected ...any) any {
	if same(nested, expected) {
		return alone
	}
	return dictionary{"alone": alone, "nested": nested}
}

// graphValues is what comes back alone for each row, and whether the same comes inside lists and maps. L stands for a label.
func graphValues(create, match string) any {
	return withGraph(func(s session, label string) any {
		labelled := func(query string) string { return strings.ReplaceAll(query, ":L", ":"+label) }
		consume(s, labelled(create))
		back := []any{}
		for _, row := range rows(run(s, labelled(match)+" RETURN x, [x, [x]] AS list, {a: x, b: {c: x}} AS map")) {
			alone, nested := show(row[0]), listOf(row[1:])
			back = append(back, aloneIfSame(alone, nested, []any{alone, []any{alone}}, dictionary{"a": alone, "b": dictionary{"c": alone}}))
		}
		return json.RawMessage(strings.ReplaceAll(jsonOf(back), label, "L"))
	})
}

// What summaries are shown as.

func product(agent string) string {
	name, _, _ := strings.Cut(agent, "/")
	return name + "/…"
}

// countersOf are those that are not zero.
func countersOf(summary neo4j.ResultSummary) dictionary {
	counters := summary.Counters()
	what := dictionary{"contains updates": counters.ContainsUpdates()}
	for name, number := range map[string]int{
		"nodes created": counters.NodesCreated(), "nodes deleted": counters.NodesDeleted(),
		"relationships created": counters.RelationshipsCreated(), "relationships deleted": counters.RelationshipsDeleted(),
		"properties set": counters.PropertiesSet(), "labels added": counters.LabelsAdded(), "labels removed": counters.LabelsRemoved(),
		"indexes added": counters.IndexesAdded(), "indexes removed": counters.IndexesRemoved(),
		"constraints added": counters.ConstraintsAdded(), "constraints removed": counters.ConstraintsRemoved(),
	} {
		if number != 0 {
			what[name] = number
		}
	}
	// From 4.4 on.
	if system, ok := counters.(interface {
		ContainsSystemUpdates() bool
		SystemUpdates() int
	}); ok {
		what["contains system updates"], what["system updates"] = system.ContainsSystemUpdates(), system.SystemUpdates()
	}
	return what
}

// statusesOf adds what a summary tells of GQL.
var statusesOf = func(neo4j.ResultSummary, dictionary) {}

func notificationsOf(summary neo4j.ResultSummary) dictionary {
	shown := []dictionary{}
	for _, notification := range summary.Notifications() {
		what := dictionary{
			"code": notification.Code(), "titled": notification.Title() != "", "described": notification.Description() != "",
		}
		if before, ok := notification.(interface{ Severity() string }); ok {
			what["severity"] = before.Severity()
		}
		if since, ok := notification.(interface {
			RawSeverityLevel() string
			RawCategory() string
		}); ok {
			what["severity level"], what["category"] = since.RawSeverityLevel(), since.RawCategory()
		}
		shown = append(shown, what)
	}
	what := dictionary{"notifications": shown}
	statusesOf(summary, what)
	return what
}

// operators are those of a plan, from the root on.
func operators[P interface{ Children() []P }](plan P) []P {
	whole := []P{plan}
	for _, child := range plan.Children() {
		whole = append(whole, operators(child)...)
	}
	return whole
}
