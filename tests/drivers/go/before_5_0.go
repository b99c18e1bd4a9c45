//go:build !driver5 && !driver6

package main

import (
	"context"

	"github.com/neo4j/neo4j-go-driver/v6/neo4j"
)

// explain is what Neo4j 4.4 and older need to have a word about a query.
const explain = "EXPLAIN "

// What takes a context from 5.0 on, without one.

type driver struct{ neo4j.Driver }

func newDriver(target string, auth neo4j.AuthToken, configure func(*config)) (driver, error) {
	d, err := neo4j.NewDriver(target, auth, unencrypted, configure)
	return driver{d}, err
}

func (d driver) NewSession(_ context.Context, c neo4j.SessionConfig) driverSession {
	switch d := d.Driver.(type) {
	case interface {
		NewSession(neo4j.SessionConfig) neo4j.Session
	}:
		return driverSession{d.NewSession(c)}
	case interface { // before 4.0
		NewSession(neo4j.SessionConfig) (neo4j.Session, error)
	}:
		return driverSession{must(d.NewSession(c))}
	}
	panic("NewSession returns something else")
}

func (d driver) VerifyConnectivity(context.Context) error { return d.Driver.VerifyConnectivity() }

func (d driver) Close(context.Context) error { return d.Driver.Close() }

type driverSession struct{ neo4j.Session }

func (s driverSession) Run(_ context.Context, query string, parameters dictionary, configurers ...configurer) (result, error) {
	r, err := s.Session.Run(query, parameters, configurers...)
	return result{r}, err
}

func (s driverSession) BeginTransaction(_ context.Context, configurers ...configurer) (transaction, error) {
	tx, err := s.Session.BeginTransaction(configurers...)
	return transaction{managedTransaction{tx}}, err
}

func (s driverSession) ExecuteRead(_ context.Context, work func(managedTransaction) (any, error)) (any, error) {
	return s.ReadTransaction(func(tx neo4j.Transaction) (any, error) { return work(managedTransaction{tx}) })
}

func (s driverSession) ExecuteWrite(_ context.Context, work func(managedTransaction) (any, error)) (any, error) {
	return s.WriteTransaction(func(tx neo4j.Transaction) (any, error) { return work(managedTransaction{tx}) })
}

func (s driverSession) LastBookmarks() []string { return []string{s.LastBookmark()} }

func (s driverSession) Close(context.Context) error { return s.Session.Close() }

type managedTransaction struct{ neo4j.Transaction }

func (tx managedTransaction) Run(_ context.Context, query string, parameters dictionary) (result, error) {
	r, err := tx.Transaction.Run(query, parameters)
	return result{r}, err
}

type transaction struct{ managedTransaction }

func (tx transaction) Commit(context.Context) error { return tx.Transaction.Commit() }

func (tx transaction) Rollback(context.Context) error { return tx.Transaction.Rollback() }

func (tx transaction) Close(context.Context) error { return tx.Transaction.Close() }

type result struct{ neo4j.Result }

func (r result) Next(context.Context) bool { return r.Result.Next() }

func (r result) Consume(context.Context) (neo4j.ResultSummary, error) { return r.Result.Consume() }

func queryOf(summary neo4j.ResultSummary) (text string, parameters dictionary) {
	return summary.Statement().Text(), summary.Statement().Params()
}
