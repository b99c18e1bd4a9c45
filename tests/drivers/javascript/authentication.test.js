// A server with users: who is let in, and whom a connection speaks for.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AUTH, closing, connect, neo4j, OTHER_AUTH, rejectsWith, single } from './server.js'

const user = (driver, config) => closing(driver.session(config), async session =>
  single(await session.run('CALL dbms.showCurrentUser() YIELD username RETURN username')))

const assertRefused = (auth, config) => closing(connect({ ...config, auth }), driver =>
  rejectsWith(driver.verifyConnectivity(), 'Neo.ClientError.Security.Unauthorized'))

describe('a server with users', { skip: !AUTH && 'the server has none' }, () => {
  for (const scheme of ['bolt', 'neo4j']) {
    test(`lets the right password in over ${scheme}`, () =>
      closing(connect({ scheme }), async driver => assert.equal(await user(driver), AUTH.principal)))

    test(`refuses a wrong password over ${scheme}`, () =>
      assertRefused(neo4j.auth.basic(`stranger ${scheme}`, 'wrong'), { scheme }))
  }

  test('refuses the password of another user', () =>
    assertRefused(neo4j.auth.basic(AUTH.principal, OTHER_AUTH.credentials)))

  test('refuses no credentials', () => assertRefused(null))

  for (const auth of [neo4j.auth.bearer('token'), neo4j.auth.custom('a', 'b', 'c', 'no-such-scheme')]) {
    test(`refuses the scheme ${auth.scheme}`, () => assertRefused(auth))
  }

  for (const [name, auth, verified] of [
    ['right', OTHER_AUTH, true],
    ['wrong', neo4j.auth.basic('stranger to verify', 'wrong'), false]
  ]) {
    test(`verifies ${name} credentials without a query`, () =>
      closing(connect(), async driver => assert.equal(await driver.verifyAuthentication({ auth }), verified)))
  }

  test('lets a session have a user of its own', () =>
    closing(connect({ maxConnectionPoolSize: 1 }), async driver => {
      const users = [await user(driver), await user(driver, { auth: OTHER_AUTH }), await user(driver)]
      assert.deepEqual(users, [AUTH, OTHER_AUTH, AUTH].map(auth => auth.principal))
    }))

  test('lets a connection change its user when the driver does', () => {
    let current = AUTH
    const auth = { getToken: async () => current, handleSecurityException: () => false }
    return closing(connect({ auth, maxConnectionPoolSize: 1 }), async driver => {
      assert.equal(await user(driver), AUTH.principal)
      current = OTHER_AUTH
      assert.equal(await user(driver), OTHER_AUTH.principal)
    })
  })
})
