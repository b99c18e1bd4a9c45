//go:build !driver6

package main

import "github.com/neo4j/neo4j-go-driver/v6/neo4j"

type config = neo4j.Config
