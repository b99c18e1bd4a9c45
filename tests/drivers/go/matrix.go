// The scenarios of ../scenarios.yaml with whichever release of the driver it is compiled with, one JSON line a scenario.
//
// BOLT_ADDRESS is the server's host and port. BOLT_USER, BOLT_PASSWORD, BOLT_OTHER_USER and BOLT_OTHER_PASSWORD are two of its
// users. Arguments are the scenarios to run; without any, all are.
//
// A line says what the driver's user saw: values, the type and code of an error, parts of a summary. Left out is what differs
// from run to run (ids, times, bookmarks, addresses) and what each server words in its own way (messages, its own version).
// A scenario is absent when the release lacks the feature.
//
// What one release would not compile is in a file for the others: since_5_8.go is for 5.8 and newer, before_5_0.go for all older
// than 5.0. The build constraints read like those on Go's own releases: the tag driver5.8 is set for 5.8 and every later 5.x, the
// tag driver6 for every later release. The copies that are compiled import the release's own major version instead of /v6.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"
)

const longest = 60 * time.Second

// ctx has no deadline: releases before 5.0 take none, so that told watches the time of them all.
var ctx = context.Background()

type scenarios map[string]func() any

var all = scenarios{}

func register(some scenarios) { maps.Copy(all, some) }

// lacking is why a scenario is in no file that was compiled.
var lacking = map[string]string{
	"auth.change":            "TokenManager came with 5.8",
	"auth.impersonation":     "ImpersonatedUser came with 4.4",
	"auth.session":           "a session's own Auth came with 5.8",
	"auth.verify":            "VerifyAuthentication came with 5.8",
	"connect.bearer":         "BearerAuth came with 4.4",
	"connect.liveness_check": "ConnectionLivenessCheckTimeout came with 5.16",
	"connect.server_info":    "GetServerInfo came with 5.0",
	"connect.telemetry_off":  "TelemetryDisabled came with 5.13",
	"connect.telemetry_on":   "TelemetryDisabled came with 5.13",
	"result.fetch_1":         "no FetchSize",
	"result.fetch_1000":      "no FetchSize",
	"result.fetch_2":         "no FetchSize",
	"result.fetch_all":       "no FetchSize",
	"summary.database":       "no Database in the summary",
	"summary.filter_driver":  "NotificationsMinSeverity came with 5.7",
	"summary.filter_session": "NotificationsMinSeverity came with 5.7",
	"summary.gql_status":     "GqlStatusObjects came with 5.23",
	"tx.execute_query":       "ExecuteQuery came with 5.5",
	"value.uuid":             "no type for a UUID",
	"value.vector":           "Vector came with 6.0",
}

type line struct {
	Scenario string `json:"scenario"`
	Outcome  string `json:"outcome"`
	Observed any    `json:"observed,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

func told(name string) line {
	work, compiled := all[name]
	if reason, lacks := lacking[name]; lacks && !compiled {
		return line{Scenario: name, Outcome: "absent", Reason: reason}
	} else if !compiled {
		return line{Scenario: name, Outcome: "error", Reason: "no such scenario"}
	}
	ended := make(chan line, 1)
	go func() {
		observed, err := attempt(work)
		if err != nil {
			ended <- line{name, "error", seen(err), err.Error()}
		} else {
			ended <- line{Scenario: name, Outcome: "value", Observed: observed}
		}
	}()
	select {
	case end := <-ended:
		return end
	case <-time.After(longest):
		return line{Scenario: name, Outcome: "error", Reason: fmt.Sprint("it took more than ", longest)}
	}
}

func main() {
	// What has no zone is shown in this one.
	time.Local = time.UTC
	asked := os.Args[1:]
	if len(asked) == 0 {
		asked = slices.Sorted(maps.Keys(all))
	}
	output := json.NewEncoder(os.Stdout)
	for _, name := range asked {
		check(output.Encode(told(name)))
	}
	check(shared().Close(ctx))
}
