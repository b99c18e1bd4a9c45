module matrix

go 1.24

require github.com/neo4j/neo4j-go-driver v1.8.3
