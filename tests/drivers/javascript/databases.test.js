// Several databases on one server, and what is asked of the database `system`.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { beyondCommunity, column, emptyGraph, sharedDriver, single } from './server.js'

const driver = sharedDriver()
beforeEach(() => emptyGraph(driver))

const run = (database, query) => driver.executeQuery(query, {}, { database })
const names = async () => column(await run('system', 'SHOW DATABASES YIELD name'))
const books = async database => single(await run(database, 'MATCH (n:Book) RETURN count(n) AS n'))

test('the databases are listed', async () => {
  const found = await names()
  assert.ok(found.includes('neo4j') && found.includes('system'))
})

test('a database is created, kept apart from others, and dropped', beyondCommunity, async () => {
  const { summary } = await run('system', 'CREATE DATABASE library')
  assert.deepEqual([summary.counters.systemUpdates(), summary.counters.containsSystemUpdates()], [1, true])
  try {
    assert.ok((await names()).includes('library'))
    assert.equal((await run('library', 'CREATE (:Book)')).summary.database.name, 'library')
    assert.deepEqual([await books('library'), await books('neo4j')], [1n, 0n])
    assert.equal(single(await driver.executeQuery('USE library MATCH (n:Book) RETURN count(n) AS n')), 1n)
  } finally {
    await run('system', 'DROP DATABASE library')
  }
  assert.ok(!(await names()).includes('library'))
})

test('the default database may be named, in any letter case', async () => {
  for (const database of ['neo4j', 'NEO4J']) {
    assert.equal((await run(database, 'RETURN 1 AS x')).summary.database.name, 'neo4j')
  }
  assert.equal(single(await driver.executeQuery('USE neo4j RETURN 1 AS x')), 1n)
})

test('the components are told', async () => {
  const { records: [component] } = await driver.executeQuery('CALL dbms.components()')
  assert.deepEqual(component.keys, ['name', 'versions', 'edition'])
})

test('the schema of the data is told', async () => {
  await driver.executeQuery("CREATE (:Shelf {height: 2})-[:HOLDS]->(:Book {title: 'x'})")
  for (const [procedure, expected] of Object.entries({
    'db.labels': ['Shelf', 'Book'],
    'db.relationshipTypes': ['HOLDS'],
    'db.propertyKeys': ['height', 'title']
  })) {
    const found = column(await driver.executeQuery(`CALL ${procedure}()`))
    for (const name of expected) assert.ok(found.includes(name), `${name} in ${found}`)
  }
})
