// Reaching the server: schemes, what it says about itself, telemetry, the connection after a failure.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADDRESS, AGENT, AUTH, closing, column, connect, neo4j, single } from './server.js'

for (const scheme of ['bolt', 'neo4j']) {
  test(`connectivity is verified over ${scheme}`, () =>
    closing(connect({ scheme }), driver => driver.verifyConnectivity()))

  test(`the newest protocol is agreed on over ${scheme}`, () =>
    closing(connect({ scheme }), async driver => {
      const { address, agent, protocolVersion } = await driver.getServerInfo()
      assert.deepEqual([address, agent, protocolVersion.major, protocolVersion.minor], [ADDRESS, AGENT, 6, 1])
    }))

  test(`reads and writes are served over ${scheme}`, () =>
    closing(connect({ scheme }), driver =>
      closing(driver.session(), async session => {
        await session.executeWrite(tx => tx.run('CREATE (:Scheme {name: $scheme})', { scheme }))
        const found = await session.executeRead(tx => tx.run('MATCH (n:Scheme) RETURN n.name AS name'))
        await session.run('MATCH (n:Scheme) DELETE n')
        assert.deepEqual(column(found), [scheme])
      })))
}

test('the abilities of the newest protocol are seen', () =>
  closing(connect(), async driver => {
    const abilities = [driver.supportsMultiDb(), driver.supportsTransactionConfig(), driver.supportsSessionAuth()]
    assert.deepEqual(await Promise.all(abilities), [true, true, true])
  }))

test('a routing context is accepted', () =>
  closing(neo4j.driver(`neo4j://${ADDRESS}/?region=north`, AUTH), driver => driver.verifyConnectivity()))

for (const telemetryDisabled of [true, false]) {
  test(`telemetry may be ${telemetryDisabled ? 'off' : 'on'}`, () =>
    closing(connect({ telemetryDisabled }), async driver => {
      assert.equal(single(await driver.executeQuery('RETURN 1 AS x')), 1n)
      await closing(driver.session(), async session =>
        assert.equal(single(await session.executeRead(tx => tx.run('RETURN 2 AS x'))), 2n))
    }))
}

test('a connection serves again after a failure', () =>
  closing(connect({ maxConnectionPoolSize: 1 }), async driver => {
    for (let turn = 0; turn < 3; turn++) {
      await assert.rejects(closing(driver.session(), session => session.run('this is not Cypher')))
      assert.equal(single(await driver.executeQuery('RETURN 1 AS x')), 1n)
    }
  }))

test('a connection serves again after a result left open', () =>
  closing(connect({ maxConnectionPoolSize: 1, fetchSize: 2 }), async driver => {
    for (let turn = 0; turn < 3; turn++) {
      await closing(driver.session(), async session => {
        for await (const record of session.run('UNWIND range(1, 1000) AS n RETURN n')) {
          assert.equal(record.get('n'), 1n)
          break
        }
      })
    }
    assert.equal(single(await driver.executeQuery('RETURN 1 AS x')), 1n)
  }))
