// What a summary tells: counters, query type, database, server, timings, plan, profile, status.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { AGENT, closing, column, connect, emptyGraph, neo4j, sharedDriver, single } from './server.js'

const driver = sharedDriver()
beforeEach(() => emptyGraph(driver))

const summary = async (query, parameters) => (await driver.executeQuery(query, parameters)).summary
const counted = async query =>
  Object.fromEntries(Object.entries((await summary(query)).counters.updates()).filter(([_, count]) => count !== 0))

test('what was written is counted', async () => {
  for (const [query, expected] of [
    ['CREATE (:A:B {x: 1, y: 2}), (:A)', { nodesCreated: 2, labelsAdded: 3, propertiesSet: 2 }],
    ['MATCH (b:B), (a:A) WHERE NOT a:B CREATE (b)-[:R {x: 1}]->(a)', { relationshipsCreated: 1, propertiesSet: 1 }],
    ['MATCH (b:B) SET b.x = 3, b:C', { propertiesSet: 1, labelsAdded: 1 }],
    ['MATCH (b:B) REMOVE b:C', { labelsRemoved: 1 }],
    ['MATCH ()-[r:R]->() DELETE r', { relationshipsDeleted: 1 }],
    ['MATCH (a:A) DELETE a', { nodesDeleted: 2 }],
    ['CREATE INDEX counted FOR (n:Counted) ON (n.x)', { indexesAdded: 1 }],
    ['DROP INDEX counted', { indexesRemoved: 1 }],
    ['CREATE CONSTRAINT counted FOR (n:Counted) REQUIRE n.x IS UNIQUE', { constraintsAdded: 1 }],
    ['DROP CONSTRAINT counted', { constraintsRemoved: 1 }],
    ['RETURN 1 AS x', {}]
  ]) {
    assert.deepEqual(await counted(query), expected, query)
  }
})

test('a write contains updates and a read does not', async () => {
  assert.equal((await summary('CREATE ()')).counters.containsUpdates(), true)
  assert.equal((await summary('RETURN 1 AS x')).counters.containsUpdates(), false)
})

for (const [query, type] of [
  ['RETURN 1 AS x', 'r'],
  ['MATCH (n) RETURN n', 'r'],
  ['CREATE (:Typed)', 'w'],
  ['CREATE (n:Typed) RETURN n', 'rw'],
  ['MATCH (n:Typed) SET n.x = 1', 'w'],
  ['CREATE INDEX typed IF NOT EXISTS FOR (n:Typed) ON (n.x)', 's'],
  ['DROP INDEX typed IF EXISTS', 's']
]) {
  test(`the type of ${query} is ${type}`, async () => assert.equal((await summary(query)).queryType, type))
}

test('the database, the server, the query and times are told', async () => {
  const { database, server, query, resultAvailableAfter, resultConsumedAfter } = await summary('RETURN $x AS x', { x: 1n })
  assert.deepEqual([database.name, server.agent, server.protocolVersion.minor], ['neo4j', AGENT, 1])
  assert.deepEqual([query.text, query.parameters], ['RETURN $x AS x', { x: 1n }])
  assert.ok(resultAvailableAfter >= 0 && resultConsumedAfter >= 0)
})

const operators = plan => [plan, ...plan.children.flatMap(operators)]

test('EXPLAIN tells a plan and runs nothing', async () => {
  const explained = await driver.executeQuery('EXPLAIN CREATE (n:Explained) RETURN n')
  assert.deepEqual([explained.records, explained.summary.hasPlan(), explained.summary.hasProfile()], [[], true, false])
  for (const { operatorType, identifiers, arguments: details } of operators(explained.summary.plan)) {
    assert.ok(operatorType && Array.isArray(identifiers) && typeof details === 'object')
  }
  assert.equal(single(await driver.executeQuery('MATCH (n:Explained) RETURN count(n) AS n')), 0n)
})

test('PROFILE runs the query and tells what each operator did', async () => {
  await driver.executeQuery('UNWIND range(1, 10) AS n CREATE (:Profiled {n: n})')
  const profiled = await driver.executeQuery('PROFILE MATCH (n:Profiled) RETURN n.n AS n')
  const { profile } = profiled.summary
  assert.deepEqual([column(profiled).length, profiled.summary.hasProfile(), Number(profile.rows)], [10, true, 10])
  for (const { operatorType, rows, dbHits } of operators(profile)) {
    assert.ok(operatorType && rows >= 0 && dbHits >= 0)
  }
})

for (const [query, status] of [
  ['RETURN 1 AS x', '00000'],
  ['CREATE (:Status)', '00001'],
  ['MATCH (n) RETURN n LIMIT 0', '02000']
]) {
  test(`the status of ${query} is ${status}`, async () => {
    const results = (await summary(query)).gqlStatusObjects.filter(object => !object.isNotification)
    assert.deepEqual(results.map(({ gqlStatus }) => gqlStatus), [status])
  })
}

const { notificationFilterDisabledClassification: classifications, notificationFilterMinimumSeverityLevel: severity } = neo4j
for (const notificationFilter of [
  { minimumSeverityLevel: severity.OFF },
  { minimumSeverityLevel: severity.WARNING },
  { disabledClassifications: Object.values(classifications) }
]) {
  test(`notifications are filtered by ${JSON.stringify(notificationFilter)}`, async () => {
    const silent = ({ summary }) => assert.deepEqual(summary.gqlStatusObjects.filter(object => object.isNotification), [])
    const query = 'MATCH (a), (b) RETURN a, b'
    await closing(driver.session({ notificationFilter }), async session => silent(await session.run(query)))
    await closing(connect({ notificationFilter }), async driver => silent(await driver.executeQuery(query)))
  })
}
