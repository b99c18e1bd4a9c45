// Many sessions at once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closing, column, connect, emptyGraph, sharedDriver, single } from './server.js'

const driver = sharedDriver()
const numbers = Array.from({ length: 50 }, (_, n) => BigInt(n))

test('fifty sessions are served at once', async () => {
  await emptyGraph(driver)
  const sessions = numbers.map(() => driver.session())
  const transactions = await Promise.all(sessions.map(session => session.beginTransaction()))
  await Promise.all(numbers.map(number => transactions[number].run('CREATE (:Worker {number: $number})', { number })))
  const rows = await Promise.all(numbers.map(number =>
    transactions[number].run('UNWIND range(0, 499) AS n RETURN n * $number AS n', { number })))
  await Promise.all(transactions.map(tx => tx.commit()))
  await Promise.all(sessions.map(session => session.close()))
  for (const number of numbers) assert.equal(column(rows[number])[499], 499n * number)
  assert.equal(single(await driver.executeQuery('MATCH (n:Worker) RETURN count(DISTINCT n.number) AS n')), 50n)
})

test('connections that come and go are served', async () => {
  const found = await Promise.all(numbers.map(n =>
    closing(connect(), async driver => single(await driver.executeQuery('RETURN $n AS n', { n })))))
  assert.deepEqual(found, numbers)
})
