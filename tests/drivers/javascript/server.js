// Where the server under test is, and how to connect to it.
//
// BOLT_URI names it. BOLT_USER and BOLT_PASSWORD are for a server with users, BOLT_OTHER_USER and BOLT_OTHER_PASSWORD
// name a second one of them. BOLT_AGENT is what the server calls itself. BOLT_COMMUNITY leaves out what Neo4j's
// community edition refuses, for a run against that.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after } from 'node:test'

// `require` also looks in NODE_PATH, where the driver may have been installed; `import` does not.
export const neo4j = createRequire(import.meta.url)('neo4j-driver')

const { BOLT_URI = 'bolt://127.0.0.1:7687', BOLT_AGENT = 'Neo4j/5.26.0', BOLT_COMMUNITY } = process.env

export const ADDRESS = BOLT_URI.split('://')[1]
export const AGENT = BOLT_AGENT
export const AUTH = credentials('BOLT')
export const OTHER_AUTH = credentials('BOLT_OTHER')

/** The options of a test that Neo4j's community edition cannot pass. */
export const beyondCommunity = { skip: BOLT_COMMUNITY && "Neo4j's community edition refuses it" }

function credentials (prefix) {
  const user = process.env[`${prefix}_USER`]
  return user && neo4j.auth.basic(user, process.env[`${prefix}_PASSWORD`])
}

/** A driver; integers are BigInt, so that nothing mistakes them for floats. */
export function connect ({ scheme = 'bolt', auth = AUTH, ...config } = {}) {
  return neo4j.driver(`${scheme}://${ADDRESS}`, auth, { useBigInt: true, maxTransactionRetryTime: 5000, ...config })
}

/** A driver that is closed behind the last test of the file. */
export function sharedDriver () {
  const driver = connect()
  after(() => driver.close())
  return driver
}

export async function emptyGraph (driver) {
  await driver.executeQuery('MATCH (n) DETACH DELETE n')
}

/** Does the work with a driver or session and closes it, whatever happens. */
export async function closing (resource, work) {
  try {
    return await work(resource)
  } finally {
    await resource.close()
  }
}

/** The first value of every row. */
export function column (result) {
  return result.records.map(record => record.get(0))
}

/** The first value of the only row. */
export function single (result) {
  assert.equal(result.records.length, 1)
  return column(result)[0]
}

export function rejectsWith (promise, code) {
  return assert.rejects(promise, error => {
    assert.equal(error.code, code)
    return true
  })
}
