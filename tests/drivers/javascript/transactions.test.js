// Auto-commit, explicit and managed transactions: what they keep, what they undo, what is tried again.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { closing, column, emptyGraph, neo4j, rejectsWith, sharedDriver, single } from './server.js'

const driver = sharedDriver()
beforeEach(() => emptyGraph(driver))

const WRITE = 'CREATE (:Kept {name: $name})'
const TIMED_OUT = 'Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration'

const inSession = (work, config) => closing(driver.session(config), work)
const kept = async runner => column(await runner.run('MATCH (n:Kept) RETURN n.name AS name ORDER BY name'))
const assertKept = async (...names) => assert.deepEqual(await inSession(kept), names)

test('an auto-commit query is kept', async () => {
  await inSession(session => session.run(WRITE, { name: 'auto' }))
  await assertKept('auto')
})

test('a committed transaction is kept', async () => {
  await inSession(async session => {
    const tx = await session.beginTransaction()
    await tx.run(WRITE, { name: 'one' })
    await tx.run(WRITE, { name: 'two' })
    await tx.commit()
  })
  await assertKept('one', 'two')
})

test('other sessions see a transaction only once it is committed', () =>
  inSession(async session => {
    const tx = await session.beginTransaction()
    await tx.run(WRITE, { name: 'hidden' })
    assert.deepEqual(await kept(tx), ['hidden'])
    await assertKept()
    await tx.commit()
    await assertKept('hidden')
  }))

for (const [name, end] of Object.entries({
  'rolled back': (tx, session) => tx.rollback(),
  'closed without a commit': (tx, session) => tx.close(),
  'of a session that is closed': (tx, session) => session.close()
})) {
  test(`a transaction ${name} leaves nothing`, async () => {
    await inSession(async session => {
      const tx = await session.beginTransaction()
      await tx.run(WRITE, { name: 'undone' })
      await end(tx, session)
    })
    await assertKept()
  })
}

test('a failed statement undoes its transaction', async () => {
  await inSession(async session => {
    const tx = await session.beginTransaction()
    await tx.run(WRITE, { name: 'undone' })
    await assert.rejects(tx.run('this is not Cypher'))
    await assert.rejects(tx.run('RETURN 1'))
    await assert.rejects(tx.commit())
  })
  await assertKept()
})

test('managed transactions return what their function returns', () =>
  inSession(async session => {
    await session.executeWrite(tx => tx.run(WRITE, { name: 'managed' }))
    assert.deepEqual(await session.executeRead(kept), ['managed'])
  }))

test('a managed transaction is undone by an exception', async () => {
  const fail = async tx => {
    await tx.run(WRITE, { name: 'undone' })
    throw new RangeError('on purpose')
  }
  await inSession(session => assert.rejects(session.executeWrite(fail), RangeError))
  await assertKept()
})

test('transactions that conflict are tried again until both are kept', async () => {
  await driver.executeQuery("CREATE (:Account {name: 'a', n: 0}), (:Account {name: 'b', n: 0})")
  const attempts = []
  let holdOne = 0
  let release
  const bothHoldOne = new Promise(resolve => { release = resolve })

  const add = (tx, name) => tx.run('MATCH (n:Account {name: $name}) SET n.n = n.n + 1', { name })
  const transfer = (first, second) => inSession(session => session.executeWrite(async tx => {
    attempts.push(first)
    await add(tx, first)
    if (++holdOne === 2) release()
    await bothHoldOne
    await add(tx, second)
  }))

  await Promise.all([transfer('a', 'b'), transfer('b', 'a')])
  assert.ok(attempts.length >= 3, `${attempts.length} attempts`)
  assert.deepEqual(column(await driver.executeQuery('MATCH (n:Account) RETURN n.n AS n')), [2n, 2n])
})

test('a bookmark leads the next session to the write', async () => {
  const bookmarks = await inSession(async session => {
    await session.run(WRITE, { name: 'one' })
    return session.lastBookmarks()
  })
  assert.equal(bookmarks.length, 1)
  await inSession(async session => {
    assert.deepEqual(await kept(session), ['one'])
    await session.executeWrite(tx => tx.run(WRITE, { name: 'two' }))
    assert.notDeepEqual(session.lastBookmarks(), bookmarks)
    bookmarks.push(...session.lastBookmarks())
  }, { bookmarks })
  await inSession(async session => assert.deepEqual(await kept(session), ['one', 'two']), { bookmarks })
})

for (const [name, run] of Object.entries({
  'auto-commit': (session, query) => session.run(query),
  managed: (session, query) => session.executeRead(tx => tx.run(query)),
  explicit: async (session, query) => (await session.beginTransaction()).run(query)
})) {
  test(`read access refuses a write (${name})`, async () => {
    await inSession(session => rejectsWith(run(session, WRITE.replace('$name', '1')), 'Neo.ClientError.Statement.AccessMode'),
      { defaultAccessMode: neo4j.session.READ })
    await assertKept()
  })
}

test('metadata of a transaction is told inside it', () =>
  inSession(async session => {
    const metadata = { app: 'drivers', attempt: 1n }
    const query = 'CALL tx.getMetaData() YIELD metadata RETURN metadata'
    assert.deepEqual(single(await session.run(query, {}, { metadata })), metadata)
    assert.deepEqual(single(await session.executeRead(tx => tx.run(query), { metadata })), metadata)
  }))

test('a transaction that idles past its timeout is ended', async () => {
  const idle = async session => {
    const tx = await session.beginTransaction({ timeout: 200 })
    await tx.run(WRITE, { name: 'late' })
    for (let turn = 0; turn < 20; turn++) {
      await sleep(300)
      await tx.run('RETURN 1')
    }
  }
  await inSession(session => rejectsWith(idle(session), TIMED_OUT))
  await assertKept()
})

test('a query that runs past its timeout is ended', async () => {
  await driver.executeQuery('UNWIND range(1, 2000) AS n CREATE (:Many {n: n})')
  const query = 'MATCH (a:Many), (b:Many), (c:Many) WHERE a.n + b.n + c.n < 0 RETURN count(*) AS n'
  await inSession(async session => {
    await rejectsWith(session.run(query, {}, { timeout: 500 }), TIMED_OUT)
    assert.equal(single(await session.run('RETURN 1 AS x')), 1n)
  })
})
