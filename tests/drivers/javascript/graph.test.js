// Nodes, relationships and paths as results.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { column, emptyGraph, neo4j, sharedDriver, single } from './server.js'

const driver = sharedDriver()

beforeEach(async () => {
  await emptyGraph(driver)
  await driver.executeQuery(
    "CREATE (:Stop {name: 'a'})-[:NEXT {km: 1}]->(:Stop {name: 'b'})-[:NEXT {km: 2}]->(:Stop:Last {name: 'c'})")
})

const one = async (query, parameters) => single(await driver.executeQuery(query, parameters))
const name = node => node.properties.name
const hops = path => path.segments.map(({ start, relationship, end }) => [name(start), relationship.properties.km, name(end)])

test('a node has labels, properties and an element id', async () => {
  const [node, id] = await one("CREATE (n:One:Two {a: 1, b: ['x']}) RETURN [n, elementId(n)] AS both")
  assert.ok(neo4j.isNode(node))
  assert.deepEqual([node.labels.sort(), node.properties, node.elementId], [['One', 'Two'], { a: 1n, b: ['x'] }, id])
})

test('a node may have neither labels nor properties', async () => {
  const node = await one('CREATE (n) RETURN n')
  assert.deepEqual([node.labels, node.properties], [[], {}])
})

test('a relationship has a type, properties and ends', async () => {
  const [a, b, relationship, id] = await one("MATCH (a {name: 'a'})-[r]->(b) RETURN [a, b, r, elementId(r)] AS all")
  assert.ok(neo4j.isRelationship(relationship))
  assert.deepEqual([relationship.type, relationship.properties, relationship.elementId], ['NEXT', { km: 1n }, id])
  assert.deepEqual([relationship.startNodeElementId, relationship.endNodeElementId], [a.elementId, b.elementId])
})

test('an element id finds its node again', async () => {
  const { elementId: id } = await one("MATCH (n {name: 'b'}) RETURN n")
  assert.equal(await one('MATCH (n) WHERE elementId(n) = $id RETURN n.name AS name', { id }), 'b')
})

test('graph values stand inside lists and maps', async () => {
  const { list, map } = await one("MATCH (a {name: 'a'})-[r]->(b) RETURN {list: [a, [b]], map: {r: r, a: {b: b}}} AS all")
  assert.deepEqual([name(list[0]), name(list[1][0]), map.r.properties.km, name(map.a.b)], ['a', 'b', 1n, 'b'])
})

test('collected nodes are nodes', async () => {
  const nodes = await one('MATCH (n:Stop) RETURN collect(n) AS nodes')
  assert.deepEqual(nodes.map(name).sort(), ['a', 'b', 'c'])
})

test('a path has its hops in order', async () => {
  const path = await one("MATCH p = (:Stop {name: 'a'})-[:NEXT*2]->(:Last) RETURN p")
  assert.ok(neo4j.isPath(path))
  assert.deepEqual([path.length, hops(path)], [2, [['a', 1n, 'b'], ['b', 2n, 'c']]])
})

test('a path may run against its relationships', async () => {
  const path = await one("MATCH p = (:Last)<-[:NEXT]-()<-[:NEXT]-({name: 'a'}) RETURN p")
  assert.deepEqual(hops(path), [['c', 2n, 'b'], ['b', 1n, 'a']])
  for (const { start, relationship, end } of path.segments) {
    assert.deepEqual([relationship.startNodeElementId, relationship.endNodeElementId], [end.elementId, start.elementId])
  }
})

test('a path may meet a node twice', async () => {
  await driver.executeQuery("MATCH (b {name: 'b'}), (a {name: 'a'}) CREATE (b)-[:NEXT {km: 3}]->(a)")
  const path = await one("MATCH p = ({name: 'a'})-[:NEXT]->({name: 'b'})-[:NEXT]->({name: 'a'}) RETURN p")
  assert.deepEqual(hops(path), [['a', 1n, 'b'], ['b', 3n, 'a']])
})

test('a path may have no hop', async () => {
  const path = await one('MATCH p = (:Last)-[:NEXT*0..0]->() RETURN p')
  assert.deepEqual([path.length, name(path.start), name(path.end)], [0, 'c', 'c'])
})

test('a path stands inside a list', async () => {
  const paths = column(await driver.executeQuery("MATCH p = (:Stop {name: 'a'})-[:NEXT]->() RETURN [p] AS paths"))
  assert.deepEqual(paths.map(([path]) => hops(path)), [[['a', 1n, 'b']]])
})
