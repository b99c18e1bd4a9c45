module matrix

go 1.24

require github.com/neo4j/neo4j-go-driver/v4 v4.3.3
