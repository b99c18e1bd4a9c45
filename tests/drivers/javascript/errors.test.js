// Failures: their code and status, and a session that goes on.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { closing, emptyGraph, neo4j, rejectsWith, sharedDriver, single } from './server.js'

const driver = sharedDriver()
beforeEach(() => emptyGraph(driver))

const failures = {
  'a syntax error': ['RETUN 1', 'Statement.SyntaxError'],
  'no statement': ['// nothing', 'Statement.SyntaxError'],
  'an unknown variable': ['RETURN nobody', 'Statement.SyntaxError'],
  'an unknown function': ['RETURN no.such.function(1) AS x', 'Statement.SyntaxError'],
  'an unknown procedure': ['CALL no.such.procedure()', 'Procedure.ProcedureNotFound'],
  'a missing parameter': ['RETURN $missing AS x', 'Statement.ParameterMissing'],
  'an overflow': ['UNWIND [9223372036854775807] AS x RETURN x + 1 AS y', 'Statement.ArithmeticError'],
  'a division by zero': ['RETURN 1 / 0 AS x', 'Statement.ArithmeticError']
}

async function assertFails (promise, code) {
  await assert.rejects(promise, error => {
    assert.ok(error instanceof neo4j.Neo4jError)
    assert.deepEqual([error.code, error.classification], [`Neo.ClientError.${code}`, 'CLIENT_ERROR'])
    assert.deepEqual([error.gqlStatus.length, neo4j.isRetryableError(error)], [5, false])
    assert.ok(error.message)
    return true
  })
}

for (const [name, [query, code]] of Object.entries(failures)) {
  test(`${name} fails with its code, in a transaction and outside`, () =>
    closing(driver.session(), async session => {
      await assertFails(session.run(query), code)
      await assertFails(session.executeWrite(tx => tx.run(query)), code)
      assert.equal(single(await session.run('RETURN 1 AS x')), 1n)
    }))
}

test('a violated constraint is refused', async () => {
  await driver.executeQuery('CREATE CONSTRAINT only_one IF NOT EXISTS FOR (n:Only) REQUIRE n.id IS UNIQUE')
  try {
    await driver.executeQuery('CREATE (:Only {id: 1})')
    await assertFails(driver.executeQuery('CREATE (:Only {id: 1})'), 'Schema.ConstraintValidationFailed')
    assert.equal(single(await driver.executeQuery('MATCH (n:Only) RETURN count(n) AS n')), 1n)
  } finally {
    await driver.executeQuery('DROP CONSTRAINT only_one')
  }
})

test('an unknown database is refused', () =>
  rejectsWith(driver.executeQuery('RETURN 1 AS x', {}, { database: 'nobody-has-this' }), 'Neo.ClientError.Database.DatabaseNotFound'))

test('a bookmark that is none is refused', () =>
  closing(driver.session({ bookmarks: ['nonsense'] }), session =>
    rejectsWith(session.run('RETURN 1 AS x'), 'Neo.ClientError.Transaction.InvalidBookmark')))
