package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

type dictionary = map[string]any

var (
	address    = os.Getenv("BOLT_ADDRESS")
	firstAuth  = neo4j.BasicAuth(os.Getenv("BOLT_USER"), os.Getenv("BOLT_PASSWORD"), "")
	secondAuth = neo4j.BasicAuth(os.Getenv("BOLT_OTHER_USER"), os.Getenv("BOLT_OTHER_PASSWORD"), "")
)

// Errors are panics until attempt makes them errors again, so that a scenario reads as what it does.

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func attempt(work func() any) (value any, err error) {
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case error:
			err = caught
		default:
			err = fmt.Errorf("%v", caught)
		}
	}()
	return work(), nil
}

// raisedOr is what the work returns, or its error as its user tells it from others.
func raisedOr(work func() any) any {
	value, err := attempt(work)
	if err != nil {
		return seen(err)
	}
	return value
}

func raised(work func()) any {
	return raisedOr(func() any {
		work()
		return "no error"
	})
}

// together does the work with each number below n at once.
func together[T any](n int, work func(int) T) []T {
	values, errs := make([]T, n), make([]error, n)
	var running sync.WaitGroup
	for i := range n {
		running.Add(1)
		go func() {
			defer running.Done()
			_, errs[i] = attempt(func() any {
				values[i] = work(i)
				return nil
			})
		}()
	}
	running.Wait()
	for _, err := range errs {
		check(err)
	}
	return values
}

// barrier waits until so many have come.
func barrier(n int32) (wait func()) {
	var arrived atomic.Int32
	open := make(chan struct{})
	return func() {
		if arrived.Add(1) == n {
			close(open)
		}
		<-open
	}
}

// marker is a label that no other run uses.
func marker() string {
	var random [6]byte
	must(rand.Read(random[:]))
	return "M" + hex.EncodeToString(random[:])
}

// Drivers and sessions.

// shared is one driver for all scenarios that want nothing special, since each connection costs the server a hashed password.
var shared = sync.OnceValue(func() driver { return must(newDriver("bolt://"+address, firstAuth, defaults)) })

func defaults(*config) {}

func smallPool(c *config) { c.MaxConnectionPoolSize = 1 }

func connect(target string, auth neo4j.AuthToken, configure func(*config), work func(driver) any) any {
	d := must(newDriver(target, auth, configure))
	defer d.Close(ctx)
	return work(d)
}

func configured(configure func(*config), work func(driver) any) any {
	return connect("bolt://"+address, firstAuth, configure, work)
}

// session runs a query as a transaction does.
type session struct{ driverSession }

func (s session) Run(ctx context.Context, query string, parameters dictionary) (result, error) {
	return s.driverSession.Run(ctx, query, parameters)
}

func newSession(d driver, c neo4j.SessionConfig) session { return session{d.NewSession(ctx, c)} }

func inSession(d driver, c neo4j.SessionConfig, work func(session) any) any {
	s := newSession(d, c)
	defer s.Close(ctx)
	return work(s)
}

func withSession(work func(session) any) any { return inSession(shared(), neo4j.SessionConfig{}, work) }

// withGraph has a driver, a session of it, and a label whose nodes are gone afterwards.
func withGraph(work func(s session, label string) any) any {
	label := marker()
	defer withSession(func(s session) any { return consume(s, "MATCH (n:"+label+") DETACH DELETE n") })
	return withSession(func(s session) any { return work(s, label) })
}

type configurer = func(*neo4j.TransactionConfig)

func begin(s session, configurers ...configurer) transaction {
	return must(s.BeginTransaction(ctx, configurers...))
}

func commit(tx transaction) { check(tx.Commit(ctx)) }

func write(s session, work func(managedTransaction) any) any {
	return must(s.ExecuteWrite(ctx, returning(work)))
}

func read(s session, work func(managedTransaction) any) any {
	return must(s.ExecuteRead(ctx, returning(work)))
}

// returning is work whose errors the driver sees, so that it can try again.
func returning(work func(managedTransaction) any) func(managedTransaction) (any, error) {
	return func(tx managedTransaction) (any, error) {
		return attempt(func() any { return work(tx) })
	}
}

// Queries.

type runner interface {
	Run(ctx context.Context, query string, parameters dictionary) (result, error)
}

func run(in runner, query string, parameters ...dictionary) result {
	var all dictionary
	if len(parameters) > 0 {
		all = parameters[0]
	}
	return must(in.Run(ctx, query, all))
}

func consume(in runner, query string, parameters ...dictionary) neo4j.ResultSummary {
	return must(run(in, query, parameters...).Consume(ctx))
}

// next is the next row of a result that has one.
func next(r result) []any {
	if !r.Next(ctx) {
		check(r.Err())
		panic("no more rows")
	}
	return values(r.Record())
}

func rows(r result) [][]any {
	rows := [][]any{}
	for r.Next(ctx) {
		rows = append(rows, values(r.Record()))
	}
	check(r.Err())
	return rows
}

func column(in runner, query string, parameters ...dictionary) []any {
	column := []any{}
	for _, row := range rows(run(in, query, parameters...)) {
		column = append(column, show(row[0]))
	}
	return column
}

func single(in runner, query string, parameters ...dictionary) any {
	values := column(in, query, parameters...)
	if len(values) != 1 {
		panic(fmt.Sprint(len(values), " rows"))
	}
	return values[0]
}

func one(d driver) any {
	return inSession(d, neo4j.SessionConfig{}, func(s session) any { return single(s, "RETURN 1 AS x") })
}

func create(in runner, label string) { consume(in, "CREATE (:"+label+")") }

func count(in runner, label string) any {
	return single(in, "MATCH (n:"+label+") RETURN count(n) AS n")
}

// counted is what a session of its own counts.
func counted(label string) any {
	return withSession(func(s session) any { return count(s, label) })
}
