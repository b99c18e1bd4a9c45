// Reading results: in batches of any size, lazily, several at once, not to the end.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { closing, column, emptyGraph, neo4j, rejectsWith, sharedDriver, single } from './server.js'

const driver = sharedDriver()
beforeEach(() => emptyGraph(driver))

const COUNT = 'UNWIND range(1, $to) AS n RETURN n'
const inSession = (work, config) => closing(driver.session(config), work)
const inTransaction = (work, config) => inSession(session => session.executeWrite(work), config)
const upTo = last => Array.from({ length: Number(last) }, (_, n) => BigInt(n + 1))

async function take (count, result) {
  const rows = []
  for await (const record of result) {
    rows.push(record.get(0))
    if (rows.length === count) break
  }
  return rows
}

for (const fetchSize of [1, 2, 3, 1000, neo4j.FETCH_ALL ?? -1]) {
  for (const rows of [0n, 1n, 2n, 1000n, 1001n]) {
    test(`all of ${rows} rows come with a fetch size of ${fetchSize}`, () =>
      inSession(async session => assert.deepEqual(column(await session.run(COUNT, { to: rows })), upTo(rows)), { fetchSize }))
  }
}

test('twenty thousand rows come in order', async () => {
  const result = await driver.executeQuery(
    'UNWIND range(1, 20000) AS n RETURN n, toString(n) AS text, [n, -n] AS list, n / 2.0 AS half')
  const expected = upTo(20_000).map(n => [n, String(n), [n, -n], Number(n) / 2])
  assert.deepStrictEqual(result.records.map(record => [...record.values()]), expected)
})

test('rows are read lazily', () =>
  inSession(async session => assert.deepEqual(await take(5, session.run(COUNT, { to: 100_000n })), upTo(5)), { fetchSize: 2 }))

test('rows are told to a subscriber', () =>
  inSession(async session => {
    const seen = []
    const summary = await new Promise((resolve, reject) => session.run(COUNT, { to: 3n }).subscribe({
      onKeys: keys => seen.push(keys),
      onNext: record => seen.push(record.get('n')),
      onCompleted: resolve,
      onError: reject
    }))
    assert.deepEqual([seen, summary.queryType], [[['n'], 1n, 2n, 3n], 'r'])
  }))

test('a result is dropped for its summary', () =>
  inSession(async session => {
    const summary = await session.run(COUNT, { to: 100_000n }).summary()
    assert.equal(summary.queryType, 'r')
    assert.equal(single(await session.run('RETURN 1 AS x')), 1n)
  }, { fetchSize: 2 }))

test('a write whose rows are dropped is kept', () =>
  inSession(async session => {
    const summary = await session.run('UNWIND range(1, 100) AS n CREATE (m:Kept {n: n}) RETURN m').summary()
    assert.equal(summary.counters.updates().nodesCreated, 100)
    assert.equal(single(await session.run('MATCH (n:Kept) RETURN count(n) AS n')), 100n)
  }))

test('several results are open in one transaction', () =>
  inTransaction(async tx => {
    const results = [1n, 10n, 100n].map(by => tx.run('UNWIND range(1, 5) AS n RETURN n * $by AS n', { by })[Symbol.asyncIterator]())
    for (const n of upTo(5)) {
      const row = await Promise.all(results.map(result => result.next()))
      assert.deepEqual(row.map(({ value }) => value.get('n')), [n, n * 10n, n * 100n])
    }
  }, { fetchSize: 2 }))

test('one open result is dropped while another goes on', () =>
  inTransaction(async tx => {
    const read = tx.run(COUNT, { to: 3n })[Symbol.asyncIterator]()
    assert.equal((await read.next()).value.get('n'), 1n)
    assert.deepEqual(await take(1, tx.run(COUNT, { to: 100n })), [1n])
    assert.equal((await read.next()).value.get('n'), 2n)
    assert.equal((await read.next()).value.get('n'), 3n)
  }, { fetchSize: 1 }))

test('queries of a transaction may be sent before the answers came', () =>
  inTransaction(async tx => {
    const results = await Promise.all(upTo(50).map(n => tx.run('RETURN $n AS n', { n })))
    assert.deepEqual(results.map(single), upTo(50))
  }))

test('an error in the middle of a result comes', () =>
  inSession(session => rejectsWith(session.run('UNWIND [1, 2, 0] AS n RETURN 6 / n AS n'), 'Neo.ClientError.Statement.ArithmeticError'),
    { fetchSize: 1 }))

test('a wide row keeps its columns in order', async () => {
  const { keys, records: [record] } = await driver.executeQuery(`RETURN ${upTo(200).map(n => `${n} AS c${n}`).join(', ')}`)
  assert.deepEqual([keys, [...record.values()]], [upTo(200).map(n => `c${n}`), upTo(200)])
})

test('a query without a result has no columns', async () => {
  const { keys, records } = await driver.executeQuery('CREATE (:Nothing)')
  assert.deepEqual([keys, records], [[], []])
})
