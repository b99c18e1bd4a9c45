// The scenarios of ../scenarios.yaml with whichever release of the driver is installed, one JSON line a scenario.
//
// NODE_PATH is where the driver is. BOLT_ADDRESS is the server's host and port. BOLT_USER, BOLT_PASSWORD, BOLT_OTHER_USER and
// BOLT_OTHER_PASSWORD are two of its users. Arguments are the scenarios to run; without any, all are.
//
// A line says what the driver's user saw: values, the class and code of an exception, parts of a summary. Left out is what differs
// from run to run (ids, times, bookmarks, addresses) and what each server words in its own way (messages, its own version).
// A scenario is absent when the release lacks the feature.

const { createHash, randomBytes } = require('node:crypto')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const library = require('neo4j-driver')

const neo4j = library.driver ? library : library.v1
const { version } = JSON.parse(readFileSync(join(process.env.NODE_PATH, 'neo4j-driver/package.json')))
const VERSION = version.split('.').map(Number)
const { BOLT_ADDRESS: ADDRESS, BOLT_USER, BOLT_PASSWORD, BOLT_OTHER_USER, BOLT_OTHER_PASSWORD } = process.env
const AUTH = neo4j.auth.basic(BOLT_USER, BOLT_PASSWORD)
const OTHER_AUTH = neo4j.auth.basic(BOLT_OTHER_USER, BOLT_OTHER_PASSWORD)
const LONGEST = 60_000
const scenarios = {}

class Absent extends Error {}

const is = (major, minor) => VERSION[0] > major || (VERSION[0] === major && VERSION[1] >= minor)

function since (major, minor, what) {
  if (!is(major, minor)) throw new Absent(`${what} came with ${major}.${minor}`)
}

function needs (object, method) {
  if (typeof object[method] !== 'function') throw new Absent(`no ${method}`)
}

/** A label that no other run uses. */
const marker = () => `M${randomBytes(6).toString('hex')}`
const int = value => neo4j.int(String(value))

// The driver's API, which has changed over the years.

function newDriver ({ scheme = 'bolt', context = '', ...config } = {}) {
  const auth = 'auth' in config ? config.auth : AUTH
  delete config.auth
  if (!is(4, 0)) {
    config.encrypted = is(1, 1) ? 'ENCRYPTION_OFF' : false
    if (scheme === 'neo4j') scheme = 'bolt+routing'
  }
  return neo4j.driver(`${scheme}://${ADDRESS}${context}`, auth, config)
}

/** One driver for all scenarios that want nothing special, since each connection costs the server a hashed password. */
let shared

async function connect (config, work) {
  if (config === null) return work(shared ??= newDriver())
  const driver = newDriver(config)
  try {
    return await work(driver)
  } finally {
    await driver.close()
  }
}

function newSession (driver, { write = true, bookmarks, ...config } = {}) {
  const mode = (neo4j.session ?? {})[write ? 'WRITE' : 'READ']
  if (!is(4, 0)) return driver.session(mode, bookmarks)
  return driver.session({ defaultAccessMode: mode, bookmarks, ...config })
}

/** Releases before 4.0 call back. */
function closed (session) {
  return new Promise((resolve, reject) => session.close(resolve)?.then(resolve, reject))
}

async function inSession (driver, config, work) {
  const session = newSession(driver, config)
  try {
    return await work(session)
  } finally {
    await closed(session)
  }
}

/** With the shared driver, or another, a session of it. */
const session = (work, config = null, ofSession = {}) => connect(config, driver => inSession(driver, ofSession, work))

/** With a driver, a session, and a label whose nodes are gone afterwards. */
async function graph (work) {
  const name = marker()
  return connect(null, async driver => {
    try {
      return await inSession(driver, {}, session => work(driver, session, name))
    } finally {
      await inSession(driver, {}, session => session.run(`MATCH (n:${name}) DETACH DELETE n`))
    }
  })
}

const column = async result => (await result).records.map(record => show(record.get(0)))
const single = async result => {
  const values = await column(result)
  if (values.length !== 1) throw new Error(`${values.length} rows`)
  return values[0]
}
const summaryOf = async result => (await result).summary
const count = (runner, name) => single(runner.run(`MATCH (n:${name}) RETURN count(n) AS n`))
const counted = (driver, name) => inSession(driver, {}, session => count(session, name))
const one = driver => inSession(driver, {}, session => single(session.run('RETURN 1 AS x')))
const smallPool = () => (is(1, 6) ? { maxConnectionPoolSize: 1 } : {})

function managed (session, access, work) {
  since(1, 2, 'managed transactions')
  return is(5, 0) ? session[`execute${access}`](work) : session[`${access.toLowerCase()}Transaction`](work)
}

function bookmarksOf (session) {
  if (is(5, 0)) return session.lastBookmarks()
  needs(session, 'lastBookmark')
  return session.lastBookmark()
}

const seen = error => {
  const code = error.code ?? error.fields?.[0]?.code
  const what = { class: error.name ?? error.constructor?.name }
  if (code !== undefined) what.code = code
  if (error.gqlStatus !== undefined) what.gql_status = error.gqlStatus
  if (error.classification !== undefined) what.classification = error.classification
  const retryable = error.retryable ?? error.retriable
  if (retryable !== undefined) what.retryable = retryable
  return what
}

/** The exception of the work, as its user tells it from others. */
async function raised (work) {
  try {
    await work()
  } catch (error) {
    if (error instanceof Absent) throw error
    return seen(error)
  }
  return 'no exception'
}

async function raisedOr (work) {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Absent) throw error
    return seen(error)
  }
}

// What values are shown as.

const digest = text => createHash('sha256').update(text).digest('hex').slice(0, 12)
const short = text => (text.length <= 120 ? text : `${text.slice(0, 8)}… (${text.length} units, ${digest(text)})`)

function show (value) {
  if (value === undefined) return { undefined: true }
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return short(value)
  if (typeof value === 'number') return { float: Object.is(value, -0) ? '-0' : String(value) }
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (neo4j.isInt(value)) return value.inSafeRange?.() ?? Number.isSafeInteger(value.toNumber()) ? value.toNumber() : { int: value.toString() }
  if (ArrayBuffer.isView(value)) {
    return { [value.constructor.name]: short(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')) }
  }
  if (Array.isArray(value)) {
    return value.length > 1000 ? { 'long list': [value.length, digest(JSON.stringify(value.map(show)))] } : value.map(show)
  }
  const { types } = neo4j
  if (types.Node && value instanceof types.Node) return { Node: { labels: [...value.labels].sort(), properties: show(value.properties) } }
  if (value instanceof types.Relationship || value instanceof types.UnboundRelationship) {
    return { [value.constructor.name]: { type: value.type, properties: show(value.properties) } }
  }
  if (value instanceof types.Path) return { Path: { start: show(value.start), end: show(value.end), segments: value.segments.map(segment) } }
  if (types.Point && value instanceof types.Point) {
    return { Point: { srid: show(value.srid), coordinates: [value.x, value.y, value.z].map(show) } }
  }
  for (const name of ['Date', 'DateTime', 'Duration', 'LocalDateTime', 'LocalTime', 'Time']) {
    if (types[name] && value instanceof types[name]) return { [name]: String(value) }
  }
  if (neo4j.isVector?.(value)) return { Vector: [value.getType(), show(value.asTypedArray())] }
  if (neo4j.isUUID?.(value) || (neo4j.UUID && value instanceof neo4j.UUID)) return { UUID: String(value) }
  return Object.fromEntries(Object.keys(value).sort().map(key => [key, show(value[key])]))
}

function segment ({ start, relationship, end }) {
  const place = id => (id.equals(start.identity) ? 'start' : id.equals(end.identity) ? 'end' : 'elsewhere')
  return { from: show(start), to: show(end), relationship: show(relationship), starts: place(relationship.start), ends: place(relationship.end) }
}

const ordered = value => JSON.stringify(value, (_, item) =>
  item?.constructor === Object ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item)
const same = (a, b) => ordered(a) === ordered(b)

/** What comes back for each: alone, and whether the same comes inside lists and maps too. */
function thereAndBack (...values) {
  const query = 'RETURN $x AS alone, [$x, [$x]] AS list, {a: $x, b: {c: $x}} AS map, $list AS list2, $map AS map2'
  return session(async session => {
    const back = []
    for (const x of values) {
      const { records: [record] } = await session.run(query, { x, list: [x], map: { a: [x] } })
      const [alone, ...nested] = record.keys.map(key => show(record.get(key)))
      const expected = [[alone, [alone]], { a: alone, b: { c: alone } }, [alone], { a: [alone] }]
      back.push(same(nested, expected) ? alone : { alone, nested })
    }
    return back
  })
}

// Connecting.

scenarios['connect.bolt'] = () => connect(smallPool(), one)

scenarios['connect.neo4j'] = () => {
  since(1, 1, 'routing')
  return connect({ scheme: 'neo4j' }, driver => inSession(driver, {}, async session => {
    const name = marker()
    await managed(session, 'Write', tx => tx.run(`CREATE (:${name})`))
    const kept = await managed(session, 'Read', tx => count(tx, name))
    await session.run(`MATCH (n:${name}) DELETE n`)
    return kept
  }))
}

scenarios['connect.routing_context'] = () => {
  since(1, 3, 'the routing context')
  return connect({ scheme: 'neo4j', context: '?region=north' }, one)
}

scenarios['connect.verify'] = () => connect(null, async driver => {
  needs(driver, 'verifyConnectivity')
  await driver.verifyConnectivity()
  return 'connected'
})

function server (info) {
  const what = { agent: `${(info.agent ?? info.version).split('/')[0]}/…`, address: info.address === ADDRESS }
  if (info.protocolVersion !== undefined) what.protocol = info.protocolVersion
  return what
}

scenarios['connect.server_info'] = () => connect(null, async driver => {
  needs(driver, 'getServerInfo')
  return server(await driver.getServerInfo())
})

/** Releases before 1.1 tell a callback of the driver, and nobody else. */
const refused = auth => raised(() => connect({ auth }, driver =>
  Promise.race([one(driver), new Promise((resolve, reject) => { if (!is(1, 1)) driver.onError = reject })])))

scenarios['connect.wrong_password'] = () => refused(neo4j.auth.basic(`stranger${marker()}`, 'wrong'))
scenarios['connect.no_password'] = () => refused(undefined)

scenarios['connect.bearer'] = () => {
  needs(neo4j.auth, 'bearer')
  return refused(neo4j.auth.bearer('token'))
}

scenarios['connect.reuse_after_failure'] = () => connect(smallPool(), async driver => {
  const seen = []
  const fail = session => raised(() => session.run('this is not Cypher'))
  for (let n = 0; n < 3; n++) seen.push((await inSession(driver, {}, fail)).code, await one(driver))
  await inSession(driver, {}, async session => seen.push((await fail(session)).code, await single(session.run('RETURN 2 AS x'))))
  return seen
})

scenarios['connect.async'] = () => connect(null, driver => Promise.all(Array.from({ length: 20 }, (_, n) =>
  inSession(driver, {}, session => single(session.run('RETURN $n AS n', { n: int(n) }))))))

scenarios['connect.liveness_check'] = () => {
  since(5, 15, 'the liveness check')
  return connect({ connectionLivenessCheckTimeout: 0, maxConnectionPoolSize: 1 }, async driver => {
    const seen = []
    for (let n = 0; n < 5; n++) seen.push(await one(driver))
    return seen
  })
}

/** Waits until so many have come. */
function barrier (number) {
  let open
  const opened = new Promise(resolve => { open = resolve })
  return () => {
    if (--number === 0) open()
    return opened
  }
}

scenarios['connect.fifty_sessions'] = () => graph(async (driver, session, name) => {
  const allAreOpen = barrier(50)
  const right = await Promise.all(Array.from({ length: 50 }, (_, n) => inSession(driver, {}, async session => {
    const number = int(n)
    const tx = await session.beginTransaction()
    await tx.run(`CREATE (:${name} {number: $number})`, { number })
    await allAreOpen()
    const found = await column(tx.run('UNWIND range(1, 100) AS n RETURN n * $number AS n', { number }))
    await tx.commit()
    return same(found, Array.from({ length: 100 }, (_, i) => (i + 1) * n))
  })))
  return [right.every(Boolean), await single(session.run(`MATCH (n:${name}) RETURN count(DISTINCT n.number)`))]
})

scenarios['connect.come_and_go'] = async () => {
  let next = 0
  const work = async () => {
    let right = true
    while (next < 50) {
      const n = next++
      right &&= n === await connect({}, driver => inSession(driver, {}, session => single(session.run('RETURN $n AS n', { n: int(n) }))))
    }
    return right
  }
  return (await Promise.all(Array.from({ length: 10 }, work))).every(Boolean)
}

const telemetry = telemetryDisabled => {
  since(5, 13, 'telemetry')
  return connect({ telemetryDisabled }, driver => inSession(driver, {}, async session => {
    const tx = await session.beginTransaction()
    const seen = [await single(tx.run('RETURN 1 AS x'))]
    await tx.commit()
    seen.push(await managed(session, 'Read', tx => single(tx.run('RETURN 2 AS x'))))
    seen.push(await single(session.run('RETURN 3 AS x')))
    return [...seen, await single(driver.executeQuery('RETURN 4 AS x'))]
  }))
}

scenarios['connect.telemetry_on'] = () => telemetry(false)
scenarios['connect.telemetry_off'] = () => telemetry(true)

// Users.

const user = (driver, config = {}) => inSession(driver, config, async session => {
  const name = await single(session.run('CALL dbms.showCurrentUser() YIELD username RETURN username'))
  return { [BOLT_USER]: 'first user', [BOLT_OTHER_USER]: 'second user' }[name]
})

scenarios['auth.verify'] = () => connect(null, async driver => {
  needs(driver, 'verifyAuthentication')
  const stranger = neo4j.auth.basic(`stranger${marker()}`, 'wrong')
  return [await driver.verifyAuthentication({ auth: OTHER_AUTH }), await driver.verifyAuthentication({ auth: stranger })]
})

scenarios['auth.session'] = () => {
  since(5, 8, "a session's user")
  return connect({ maxConnectionPoolSize: 1 }, driver => raisedOr(async () =>
    [await user(driver), await user(driver, { auth: OTHER_AUTH }), await user(driver)]))
}

scenarios['auth.change'] = () => {
  since(5, 8, 'the manager of tokens')
  let current = AUTH
  const auth = { getToken: async () => current, onTokenExpired: () => {}, handleSecurityException: () => false }
  return connect({ auth, maxConnectionPoolSize: 1 }, async driver => {
    const seen = [await user(driver)]
    current = OTHER_AUTH
    return [...seen, await user(driver)]
  })
}

scenarios['auth.impersonation'] = () => {
  since(4, 4, 'impersonation')
  return connect(null, driver => raisedOr(() => user(driver, { impersonatedUser: 'somebody' })))
}

// Transactions.

scenarios['tx.auto_commit'] = () => graph(async (driver, session, name) => {
  await session.run(`CREATE (:${name})`)
  return counted(driver, name)
})

scenarios['tx.commit'] = () => graph(async (driver, session, name) => {
  const tx = await session.beginTransaction()
  await tx.run(`CREATE (:${name})`)
  await tx.run(`CREATE (:${name})`)
  await tx.commit()
  return [await count(session, name), await counted(driver, name)]
})

scenarios['tx.rollback'] = () => graph(async (driver, session, name) => {
  const tx = await session.beginTransaction()
  await tx.run(`CREATE (:${name})`)
  await tx.rollback()
  return [await count(session, name), await counted(driver, name)]
})

scenarios['tx.rollback_by_closing'] = () => graph(async (driver, session, name) => {
  const seen = []
  const left = newSession(driver)
  await (await left.beginTransaction()).run(`CREATE (:${name})`)
  await closed(left)
  seen.push(await counted(driver, name))
  const tx = await session.beginTransaction()
  await tx.run(`CREATE (:${name})`)
  await (tx.close ? tx.close() : tx.rollback())
  return [...seen, await counted(driver, name)]
})

scenarios['tx.own_writes'] = () => graph(async (driver, session, name) => {
  const tx = await session.beginTransaction()
  await tx.run(`CREATE (:${name})`)
  const seen = [await count(tx, name), await counted(driver, name)]
  await tx.commit()
  return [...seen, await counted(driver, name)]
})

scenarios['tx.failed'] = () => graph(async (driver, _, name) => {
  const session = newSession(driver)
  const tx = await session.beginTransaction()
  await tx.run(`CREATE (:${name})`)
  const seen = [await raised(() => tx.run('this is not Cypher')), (await raised(() => tx.run('RETURN 1'))).class, (await raised(() => tx.commit())).class]
  await raised(() => closed(session))
  return [...seen, await counted(driver, name)]
})

scenarios['tx.managed'] = () => graph(async (driver, session, name) => [
  await managed(session, 'Write', tx => single(tx.run(`CREATE (n:${name} {x: 1}) RETURN n.x AS x`))),
  await managed(session, 'Read', tx => count(tx, name))
])

scenarios['tx.managed_exception'] = () => graph(async (driver, session, name) => {
  const fail = async tx => {
    await tx.run(`CREATE (:${name})`)
    throw new RangeError('on purpose')
  }
  return [await raised(() => managed(session, 'Write', fail)), await counted(driver, name)]
})

/** Each takes one node, waits for the other to have taken its own, and then wants that one. */
scenarios['tx.retry'] = () => graph(async (driver, session, name) => {
  since(1, 2, 'managed transactions')
  await session.run(`CREATE (:${name} {name: 'a', n: 0}), (:${name} {name: 'b', n: 0})`)
  const attempts = []
  const bothHoldOne = barrier(2)
  const add = (tx, node) => tx.run(`MATCH (n:${name} {name: $node}) SET n.n = n.n + 1`, { node })
  const transfer = (first, second) => inSession(driver, {}, session => managed(session, 'Write', async tx => {
    attempts.push(first)
    await add(tx, first)
    await bothHoldOne()
    await add(tx, second)
  }))
  await Promise.all([transfer('a', 'b'), transfer('b', 'a')])
  return { 'tried again': attempts.length >= 3, kept: await column(session.run(`MATCH (n:${name}) RETURN n.n AS n`)) }
})

scenarios['tx.execute_query'] = () => graph(async (driver, _, name) => {
  needs(driver, 'executeQuery')
  const { keys, records, summary } = await driver.executeQuery(`CREATE (n:${name} {x: $x}) RETURN n.x AS x`, { x: int(5) })
  return [keys, records.map(record => show(record.get('x'))), summary.counters.updates().nodesCreated, await counted(driver, name)]
})

/** Rows as they come, for releases whose results are no asynchronous iterators yet. */
const streamed = (result, onNext) => new Promise((resolve, reject) => result.subscribe({ onNext, onError: reject, onCompleted: resolve }))

scenarios['tx.several_results'] = () => session(async session => {
  const tx = await session.beginTransaction()
  const results = [1, 10, 100].map(by => tx.run('UNWIND range(1, 5) AS n RETURN n * $by AS n', { by: int(by) }))
  let seen = []
  if (is(5, 0)) {
    const iterators = results.map(result => result[Symbol.asyncIterator]())
    for (let n = 0; n < 5; n++) {
      for (const iterator of iterators) seen.push(show((await iterator.next()).value.get(0)))
    }
    for (const iterator of iterators) await iterator.next()
  } else {
    seen = await Promise.all(results.map(column))
  }
  await tx.commit()
  return seen
}, null, { fetchSize: 2 })

scenarios['tx.query_per_row'] = () => graph(async (driver, session, name) => {
  await session.run(`UNWIND range(1, 5) AS n CREATE (:${name} {n: n})`)
  const tx = await session.beginTransaction()
  const result = tx.run(`MATCH (o:${name}) RETURN o.n AS n`)
  const add = record => tx.run(`CREATE (:${name} {n: 10 * $n})`, { n: record.get('n') })
  if (is(5, 0)) {
    for await (const record of result) await add(record)
  } else {
    const added = []
    await streamed(result, record => added.push(add(record)))
    await Promise.all(added)
  }
  await tx.commit()
  return column(session.run(`MATCH (n:${name}) RETURN n.n AS n ORDER BY n`))
})

/** The first row of a result, which is left open. */
function first (result) {
  return new Promise((resolve, reject) => result.subscribe({
    onNext: record => resolve(show(record.get(0))), onError: reject, onCompleted: () => {}
  }))
}

scenarios['tx.result_left_open'] = () => graph((driver, _, name) => inSession(driver, { fetchSize: 1 }, async session => {
  const tx = await session.beginTransaction()
  const row = await first(tx.run(`UNWIND range(1, 10) AS n CREATE (m:${name} {n: n}) RETURN m.n AS n`))
  await tx.commit()
  return [row, await counted(driver, name)]
}))

scenarios['tx.metadata'] = () => session(async session => {
  since(1, 7, 'metadata of transactions')
  const metadata = { app: 'drivers', attempt: int(1) }
  const query = 'CALL tx.getMetaData() YIELD metadata RETURN metadata'
  const seen = [await single(session.run(query, {}, { metadata }))]
  const tx = await session.beginTransaction({ metadata })
  seen.push(await single(tx.run(query)))
  await tx.commit()
  return seen
})

scenarios['tx.timeout'] = () => graph(async (driver, session, name) => {
  since(1, 7, 'time-outs of transactions')
  const left = newSession(driver)
  const tx = await left.beginTransaction({ timeout: 200 })
  await tx.run(`CREATE (:${name})`)
  const seen = [await raised(async () => {
    for (let n = 0; n < 10; n++) {
      await new Promise(resolve => setTimeout(resolve, 400))
      await tx.run('RETURN 1')
    }
  })]
  await raised(() => closed(left))
  return [...seen, await counted(driver, name)]
})

scenarios['tx.access_mode'] = () => graph(async (driver, _, name) => {
  if (!neo4j.session) throw new Absent('no access modes')
  const seen = [await inSession(driver, { write: false }, session => raised(() => session.run(`CREATE (:${name})`)))]
  if (is(1, 2)) {
    seen.push(await inSession(driver, {}, session => raised(() => managed(session, 'Read', tx => tx.run(`CREATE (:${name})`)))))
  }
  return [...seen, await counted(driver, name)]
})

const written = (driver, name) => inSession(driver, {}, async session => {
  const tx = await session.beginTransaction()
  await tx.run(`CREATE (:${name})`)
  await tx.commit()
  return bookmarksOf(session)
})

scenarios['tx.bookmark'] = () => graph(async (driver, _, name) => {
  const bookmarks = await written(driver, name)
  return inSession(driver, { bookmarks }, async session => {
    const tx = await session.beginTransaction()
    const seen = await count(tx, name)
    await tx.run(`CREATE (:${name})`)
    await tx.commit()
    return [bookmarks.length > 0, seen, !same(bookmarksOf(session), bookmarks)]
  })
})

scenarios['tx.bookmarks_combined'] = () => graph(async (driver, _, name) => {
  since(1, 6, 'several bookmarks')
  const bookmarks = [await written(driver, name), await written(driver, name), await written(driver, name)].flat()
  return inSession(driver, { bookmarks }, async session => {
    const tx = await session.beginTransaction()
    const seen = await count(tx, name)
    await tx.commit()
    return seen
  })
})

scenarios['tx.bookmark_invalid'] = () => {
  since(1, 6, 'several bookmarks')
  return raised(() => session(async session => {
    const tx = await session.beginTransaction()
    await tx.run('RETURN 1')
  }, null, { bookmarks: ['nonsense'] }))
}

// Databases.

scenarios['database.default'] = () => connect(null, async driver => {
  since(4, 0, 'databases')
  const seen = []
  for (const database of ['neo4j', 'NEO4J']) {
    seen.push((await inSession(driver, { database }, session => summaryOf(session.run('RETURN 1')))).database)
  }
  return seen
})

scenarios['database.system'] = () => {
  since(4, 0, 'databases')
  return session(async session => {
    const { records, summary } = await session.run('SHOW DATABASES')
    return [records.map(record => record.get('name')).filter(name => ['neo4j', 'system'].includes(name)).sort(), summary.database]
  }, null, { database: 'system' })
}

scenarios['database.unknown'] = () => {
  since(4, 0, 'databases')
  return session(session => raised(() => session.run('RETURN 1')), null, { database: 'nobody-has-this' })
}

// Results.

const COUNT = 'UNWIND range(1, $to) AS n RETURN n'

const fetched = fetchSize => {
  since(4, 0, 'the fetch size')
  return session(async session => {
    const seen = []
    for (const to of [0, 1, 2, 3, 1000, 1001]) {
      const found = (await session.run(COUNT, { to: int(to) })).records.map(record => record.get(0).toNumber())
      seen.push(same(found, Array.from({ length: to }, (_, n) => n + 1)))
    }
    const tx = await session.beginTransaction()
    seen.push((await tx.run(COUNT, { to: int(2001) })).records.length)
    await tx.commit()
    return seen
  }, null, { fetchSize })
}

scenarios['result.fetch_1'] = () => fetched(1)
scenarios['result.fetch_2'] = () => fetched(2)
scenarios['result.fetch_1000'] = () => fetched(1000)
scenarios['result.fetch_all'] = () => fetched(-1)

scenarios['result.lazy'] = () => session(async session => {
  const seen = []
  const result = session.run(COUNT, { to: int(20000) })
  const take = record => seen.push(show(record.get(0)))
  if (is(5, 0)) {
    for await (const record of result) if (take(record) === 3) break
    await result.summary()
  } else {
    await streamed(result, record => { if (seen.length < 3) take(record) })
  }
  return [...seen, await single(session.run('RETURN 1 AS x'))]
})

scenarios['result.discard'] = () => {
  since(4, 0, 'the summary of a result that is not read')
  return graph(async (driver, session, name) => {
    const summary = await session.run(`UNWIND range(1, 100) AS n CREATE (m:${name} {n: n}) RETURN m`).summary()
    // Before 4.3 it is what the server sent, as it came.
    return [summary.counters?.updates().nodesCreated ?? null, await count(session, name)]
  })
}

scenarios['result.close_mid_stream'] = () => connect(smallPool(), async driver => {
  if (is(4, 0)) since(5, 0, 'a session that stops pulling when it is closed')
  const seen = []
  for (let n = 0; n < 3; n++) {
    const session = newSession(driver, { fetchSize: 2 })
    const result = session.run(COUNT, { to: int(1000) })
    seen.push(is(5, 0) ? show((await result[Symbol.asyncIterator]().next()).value.get(0)) : await first(result))
    await closed(session)
  }
  return [...seen, await one(driver)]
})

scenarios['result.empty'] = () => graph(async (driver, session, name) =>
  [await column(session.run('UNWIND [] AS n RETURN n')), await column(session.run(`CREATE (:${name})`))])

scenarios['result.columns'] = () => session(async session => {
  const names = Array.from({ length: 200 }, (_, n) => `c${n}`)
  const { records: [record] } = await session.run(`RETURN ${names.map((name, n) => `${n} AS ${name}`).join(', ')}`)
  return [same([...record.keys], names), names.every((name, n) => record.get(name).toNumber() === n), record.length]
})

scenarios['result.error_mid_stream'] = () => session(async session => [
  await raised(() => session.run('UNWIND [1, 2, 0] AS n RETURN 6 / n AS n')), await single(session.run('RETURN 1 AS x'))
])

scenarios['result.rows_200000'] = () => session(session => new Promise((resolve, reject) => {
  let number = 0
  let total = 0
  session.run(COUNT, { to: int(200000) }).subscribe({
    onNext: record => { number += 1; total += record.get(0).toNumber() }, onError: reject, onCompleted: () => resolve([number, total])
  })
}))

scenarios['result.parameter_20_mib'] = () => session(session => single(session.run('RETURN size($x) AS n', { x: 'x'.repeat(20 << 20) })))

// Summaries.

const KINDS = ['nodesCreated', 'nodesDeleted', 'relationshipsCreated', 'relationshipsDeleted', 'propertiesSet', 'labelsAdded', 'labelsRemoved',
  'indexesAdded', 'indexesRemoved', 'constraintsAdded', 'constraintsRemoved']

/** The counters that are not zero. */
function countedIn (summary) {
  const counters = summary.counters ?? summary.updateStatistics
  const of = kind => (counters.updates ? counters.updates()[kind] : counters[kind]())
  const what = Object.fromEntries(KINDS.map(kind => [kind, of(kind)]).filter(([, number]) => number))
  for (const name of ['containsUpdates', 'containsSystemUpdates', 'systemUpdates']) {
    if (counters[name]) what[name] = counters[name]()
  }
  return what
}

async function allCounted (session, ...queries) {
  const seen = []
  for (const query of queries) seen.push(countedIn(await summaryOf(session.run(query))))
  return seen
}

scenarios['summary.nodes'] = () => graph((driver, session, name) => allCounted(session,
  `CREATE (:${name}:More), (:${name})`, `MATCH (n:${name}) SET n:Most`, `MATCH (n:${name}) REMOVE n:Most`,
  `MATCH (n:${name}) DELETE n`, `MATCH (n:${name}) DELETE n`))

scenarios['summary.relationships'] = () => graph((driver, session, name) => allCounted(session,
  `CREATE (a:${name})-[:R]->(b:${name}), (a)-[:R]->(b)`, `MATCH (:${name})-[r:R]->() WITH r LIMIT 1 DELETE r`,
  `MATCH (n:${name}) DETACH DELETE n`))

scenarios['summary.properties'] = () => graph((driver, session, name) => allCounted(session,
  `CREATE (:${name} {x: 1, y: 2})`, `MATCH (n:${name}) SET n.x = 2, n.z = 3`, `MATCH (n:${name}) REMOVE n.x`))

/** The summary of a statement in the words of today, or in those of Neo4j 3.5. */
async function either (session, today, old) {
  try {
    return await summaryOf(session.run(today))
  } catch (error) {
    if (seen(error).code !== 'Neo.ClientError.Statement.SyntaxError') throw error
    return summaryOf(session.run(old))
  }
}

const constrain = (session, name) => either(session, `CREATE CONSTRAINT c${name} FOR (n:${name}) REQUIRE n.x IS UNIQUE`,
  `CREATE CONSTRAINT ON (n:${name}) ASSERT n.x IS UNIQUE`)
const unconstrained = (session, name) => either(session, `DROP CONSTRAINT c${name}`, `DROP CONSTRAINT ON (n:${name}) ASSERT n.x IS UNIQUE`)

scenarios['summary.indexes'] = () => graph(async (driver, session, name) => [
  countedIn(await either(session, `CREATE INDEX i${name} FOR (n:${name}) ON (n.x)`, `CREATE INDEX ON :${name}(x)`)),
  countedIn(await either(session, `DROP INDEX i${name}`, `DROP INDEX ON :${name}(x)`))
])

scenarios['summary.constraints'] = () => graph(async (driver, session, name) =>
  [countedIn(await constrain(session, name)), countedIn(await unconstrained(session, name))])

scenarios['summary.query_type'] = () => graph(async (driver, session, name) => {
  const type = summary => summary.queryType ?? summary.statementType
  const seen = []
  for (const query of [`MATCH (n:${name}) RETURN n`, `CREATE (:${name})`, `CREATE (n:${name}) RETURN n`, `MATCH (n:${name}) SET n.x = 1`]) {
    seen.push(type(await summaryOf(session.run(query))))
  }
  const other = marker()
  await constrain(session, other)
  return [...seen, type(await unconstrained(session, other))]
})

scenarios['summary.query'] = () => session(async session => {
  const summary = await summaryOf(session.run('RETURN $x AS x', { x: ['a', true] }))
  const { text, parameters } = summary.query ?? summary.statement
  return [text, show(parameters)]
})

scenarios['summary.database'] = () => session(async session => {
  since(4, 0, 'databases')
  return (await summaryOf(session.run('RETURN 1'))).database.name
})

scenarios['summary.server'] = () => session(async session => {
  const summary = await summaryOf(session.run('RETURN 1'))
  if (!summary.server?.agent && !summary.server?.version) throw new Absent('no server in the summary')
  return server(summary.server)
})

scenarios['summary.times'] = () => session(async session => {
  const summary = await summaryOf(session.run('UNWIND range(1, 10) AS n RETURN n'))
  if (!('resultAvailableAfter' in summary)) throw new Absent('no times in the summary')
  return [summary.resultAvailableAfter, summary.resultConsumedAfter].map(time => neo4j.isInt(time) && time.toNumber() >= 0)
})

const operators = plan => [plan, ...(plan.children ?? []).flatMap(operators)]

scenarios['summary.plan'] = () => graph(async (driver, session, name) => {
  const { plan, profile } = await summaryOf(session.run(`EXPLAIN CREATE (n:${name}) RETURN n`))
  const whole = ({ operatorType, identifiers, arguments: given }) => Boolean(operatorType) && Array.isArray(identifiers) && given?.constructor === Object
  return [operators(plan).every(whole), Boolean(profile), await count(session, name)]
})

scenarios['summary.profile'] = () => graph(async (driver, session, name) => {
  await session.run(`UNWIND range(1, 10) AS n CREATE (:${name} {n: n})`)
  const { records, summary: { profile } } = await session.run(`PROFILE MATCH (n:${name}) RETURN n.n AS n`)
  const number = value => (neo4j.isInt(value) ? value.toNumber() : value)
  return [records.length, number(profile.rows), operators(profile).every(({ rows, dbHits }) => number(rows) >= 0 && number(dbHits) >= 0)]
})

const UNKNOWN_LABEL = 'MATCH (n:NobodyIsCalledThis) RETURN n'

scenarios['summary.notifications'] = () => session(async session => {
  // Before 5, Neo4j has a word about it only when it explains.
  const summary = await summaryOf(session.run(is(5, 0) ? UNKNOWN_LABEL : `EXPLAIN ${UNKNOWN_LABEL}`))
  const what = {
    notifications: summary.notifications.map(({ code, severity, severityLevel, category, title, description }) =>
      ({ code, severity, severityLevel, category, titled: Boolean(title), described: Boolean(description) }))
  }
  if (summary.gqlStatusObjects) {
    what.statuses = summary.gqlStatusObjects.map(({ gqlStatus, isNotification, severity, classification, statusDescription }) =>
      ({ gqlStatus, isNotification: Boolean(isNotification), severity, classification, described: Boolean(statusDescription) }))
  }
  return what
})

scenarios['summary.gql_status'] = () => graph(async (driver, session, name) => {
  since(5, 23, 'GQL statuses')
  const seen = []
  for (const query of ['RETURN 1 AS x', `CREATE (:${name})`, 'UNWIND [] AS x RETURN x']) {
    const { gqlStatusObjects } = await summaryOf(session.run(query))
    seen.push(gqlStatusObjects.filter(one => !one.isNotification).map(one => one.gqlStatus))
  }
  return seen
})

function filters () {
  since(5, 7, 'notification filters')
  const all = [{ minimumSeverityLevel: 'OFF' }, { minimumSeverityLevel: 'INFORMATION' }, { disabledCategories: ['UNRECOGNIZED'] },
    { disabledCategories: ['HINT'] }]
  return is(5, 23) ? [...all, { disabledClassifications: ['UNRECOGNIZED'] }] : all
}

async function filtered (ofDriver) {
  const seen = []
  for (const notificationFilter of filters()) {
    const [forDriver, forSession] = ofDriver ? [{ notificationFilter }, {}] : [null, { notificationFilter }]
    const summary = await session(session => summaryOf(session.run(UNKNOWN_LABEL)), forDriver, forSession)
    seen.push([notificationFilter, summary.notifications.map(one => one.code)])
  }
  return seen
}

scenarios['summary.filter_session'] = () => filtered(false)
scenarios['summary.filter_driver'] = () => filtered(true)

// Failures.

const fails = (query, parameters) => session(async session =>
  [await raised(() => session.run(query, parameters)), await single(session.run('RETURN 1 AS x'))])

scenarios['error.syntax'] = () => fails('RETUN 1')
scenarios['error.procedure'] = () => fails('CALL no.such.procedure()')
scenarios['error.parameter'] = () => fails('RETURN $missing AS x')
scenarios['error.type'] = () => fails('UNWIND $x AS x RETURN x + 1 AS y', { x: [true] })
scenarios['error.division'] = () => fails('RETURN 1 / $x AS x', { x: int(0) })

scenarios['error.constraint'] = () => graph(async (driver, session, name) => {
  await constrain(session, name)
  await session.run(`CREATE (:${name} {x: 1})`)
  const seen = [await raised(() => session.run(`CREATE (:${name} {x: 1})`)), await count(session, name)]
  await session.run(`MATCH (n:${name}) DELETE n`)
  await unconstrained(session, name)
  return seen
})

// Values.

scenarios['value.null'] = () => thereAndBack(null)
scenarios['value.booleans'] = () => thereAndBack(true, false)

scenarios['value.integers'] = () => {
  const edges = [4n, 7n, 8n, 15n, 16n, 31n, 32n, 53n].flatMap(bits => [-(2n ** bits), 2n ** bits])
  return thereAndBack(...[0n, -(2n ** 63n), 2n ** 63n - 1n, ...edges.flatMap(edge => [edge - 1n, edge, edge + 1n])].map(int))
}

scenarios['value.floats'] = () => thereAndBack(0, -0, 1.5, 1, -Math.PI, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity, NaN)

scenarios['value.strings'] = () => {
  const planes = [0x1f600, 0x20000, 0x30000, 0xe0001, 0xf0000, 0x10fffd].map(code => String.fromCodePoint(code))
  const lengths = [15, 16, 255, 256, 65_535, 65_536].map(length => 'x'.repeat(length))
  return thereAndBack('', 'plain', 'a\0b', '\'"`\\ $x {y} // no comment', 'e\u0301\u200d\u202e', 'ÄЖ語\uffff', ...planes, ...lengths)
}

scenarios['value.string_70000'] = () => thereAndBack('Ω'.repeat(35_000))

scenarios['value.bytes'] = () => {
  since(1, 2, 'bytes')
  return thereAndBack(new Int8Array(), Int8Array.of(0), Int8Array.from({ length: 256 }, (_, n) => n), new Int8Array(65_536))
}

scenarios['value.lists'] = () => thereAndBack([], [null, true, int(1), 1.5, 's', [int(1), [int(2), []]], { k: [{}] }],
  Array.from({ length: 70_000 }, (_, n) => int(n)))

scenarios['value.maps'] = () => thereAndBack({}, Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`key ${n}`, int(n)])),
  { '': int(1), 'a.b': int(2), '`': int(3), Ω: int(4), ['x'.repeat(300)]: int(5) })

const deep = depth => (depth === 0 ? 'the bottom' : { [`level ${depth}`]: deep(depth - 1) })
scenarios['value.map_20_deep'] = () => thereAndBack(deep(20))

/** What comes back alone, and whether the same comes inside lists and maps. */
const graphValues = (create, match) => graph(async (driver, session, name) => {
  await session.run(create.replaceAll(':L', `:${name}`))
  const { records } = await session.run(`${match.replaceAll(':L', `:${name}`)} RETURN x, [x, [x]] AS list, {a: x, b: {c: x}} AS map`)
  return records.map(record => {
    const [alone, list, map] = ['x', 'list', 'map'].map(key => JSON.parse(JSON.stringify(show(record.get(key))).replaceAll(name, 'L')))
    return same([list, map], [[alone, [alone]], { a: alone, b: { c: alone } }]) ? alone : { alone, nested: [list, map] }
  })
})

const CHAIN = "CREATE (:L {name: 'a'})-[:NEXT {km: 1}]->(:L {name: 'b'})-[:NEXT {km: 2}]->(:L:Z {name: 'c'})"

scenarios['value.node'] = () => graphValues("CREATE (:L {a: 1, b: ['x']}), (:L:Two)", 'MATCH (x:L) WITH x ORDER BY coalesce(x.a, 9)')
scenarios['value.relationship'] = () => graphValues(CHAIN, 'MATCH (:L)-[x]->(:L) WITH x ORDER BY x.km')
scenarios['value.path'] = () => graphValues(CHAIN, "MATCH x = (:L {name: 'a'})-[:NEXT*2]->(:L)")
scenarios['value.path_reversed'] = () => graphValues(CHAIN, "MATCH x = (:L {name: 'c'})<-[:NEXT]-(:L)<-[:NEXT]-(:L)")
scenarios['value.path_empty'] = () => graphValues(CHAIN, "MATCH x = (:L {name: 'c'})-[:NEXT*0..0]->(:L)")

const INDIA = 19_800
const BERLIN = 'Europe/Berlin'

/** A temporal or spatial value; parts are numbers, or integers where they may be longer. */
function make (type, ...parts) {
  since(1, 6, 'temporal and spatial types')
  return new neo4j.types[type](...parts)
}

/** With a zone: before 5.0 the offset may not be given too. */
const inBerlin = (offset, ...parts) => make('DateTime', ...parts, ...(is(5, 0) ? [offset, BERLIN] : [null, BERLIN]))

scenarios['value.date'] = () => thereAndBack(make('Date', 2024, 2, 29), make('Date', 1582, 10, 4), make('Date', 1, 1, 1), make('Date', 9999, 12, 31))
scenarios['value.local_time'] = () => thereAndBack(make('LocalTime', 0, 0, 0, 0), make('LocalTime', 12, 34, 56, 789_000_001),
  make('LocalTime', 23, 59, 59, 999_999_999))
scenarios['value.time'] = () => thereAndBack(make('Time', 12, 34, 56, 789_000_001, INDIA), make('Time', 0, 0, 0, 1, -43_200))
scenarios['value.local_date_time'] = () => thereAndBack(make('LocalDateTime', 2024, 2, 29, 1, 2, 3, 4),
  make('LocalDateTime', 1815, 6, 18, 11, 35, 0, 999_999_999))
scenarios['value.date_time_offset'] = () => thereAndBack(make('DateTime', 2024, 2, 29, 12, 34, 56, 123_456_789, INDIA),
  make('DateTime', 1901, 12, 13, 20, 45, 51, 1, INDIA), make('DateTime', 1970, 1, 1, 0, 0, 0, 0, 0))
scenarios['value.date_time_zone'] = () => thereAndBack(inBerlin(7200, 2024, 7, 1, 12, 34, 56, 123_456_789), inBerlin(3600, 2024, 12, 1, 12, 34, 56, 0))
scenarios['value.date_time_zone_1945'] = () => thereAndBack(inBerlin(7200, 1945, 5, 8, 23, 1, 0, 999_999_999))
scenarios['value.date_time_gap'] = () => thereAndBack(inBerlin(3600, 2024, 3, 31, 2, 30, 0, 0))
scenarios['value.date_time_overlap'] = () => thereAndBack(inBerlin(7200, 2024, 10, 27, 2, 30, 0, 0), inBerlin(3600, 2024, 10, 27, 2, 30, 0, 0))
scenarios['value.duration'] = () => thereAndBack(make('Duration', 14, 3, int(4), int(5)), make('Duration', 0, 0, int(0), int(0)),
  make('Duration', -14, -3, int(-4), int(-5)), make('Duration', 1, -3, int(4), int(-5)),
  make('Duration', int(2n ** 40n), int(-(2n ** 40n)), int(2n ** 40n), int(999_999_999)))
scenarios['value.point_cartesian'] = () => thereAndBack(make('Point', int(7203), 1.5, -2.5), make('Point', int(9157), 1.5, -0.0, 3e300))
scenarios['value.point_wgs84'] = () => thereAndBack(make('Point', int(4326), 12.5, -55.5), make('Point', int(4979), -180.0, 90.0, 100.25))

scenarios['value.vector'] = () => {
  needs(neo4j, 'vector')
  return thereAndBack(...[Int8Array.of(-128, 0, 127), Int16Array.of(-(2 ** 15), 2 ** 15 - 1), Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n), Float32Array.of(0.5, -0, 1.75e38), new Float64Array(4096).fill(Math.PI)].map(array => neo4j.vector(array)))
}

scenarios['value.uuid'] = () => {
  needs(neo4j, 'uuid')
  return thereAndBack(...['00000000-0000-0000-0000-000000000000', '01234567-89ab-cdef-8123-456789abcdef',
    'ffffffff-ffff-ffff-ffff-ffffffffffff'].map(text => neo4j.uuid(text)))
}

scenarios['value.stored'] = () => graph(async (driver, session, name) => {
  const values = {
    boolean: true, integer: int(2n ** 63n - 1n), float: 1.5, string: 'Ω'.repeat(300), integers: [int(1), int(-(2n ** 63n))],
    floats: [0.5, Infinity], strings: ['', 'Ω'], empty: []
  }
  if (is(1, 6)) {
    Object.assign(values, {
      bytes: Int8Array.from({ length: 256 }, (_, n) => n),
      date: make('Date', 2024, 2, 29),
      time: make('Time', 12, 34, 56, 789_000_001, INDIA),
      'local time': make('LocalTime', 12, 34, 56, 789_000_001),
      'date and time': make('LocalDateTime', 2024, 2, 29, 1, 2, 3, 4),
      offset: make('DateTime', 2024, 2, 29, 12, 34, 56, 123_456_789, INDIA),
      zone: inBerlin(7200, 2024, 7, 1, 12, 34, 56, 0),
      duration: make('Duration', 1, -3, int(4), int(-5)),
      dates: [make('Date', 1, 1, 1)],
      point: make('Point', int(4326), 12.5, -55.5),
      points: [make('Point', int(7203), 1.0, 2.0)]
    })
  }
  await session.run(`CREATE (n:${name}) SET n = $values`, { values })
  return (await single(session.run(`MATCH (n:${name}) RETURN n`))).Node.properties
})

/** Ends the scenario with what the driver throws behind its user's back. */
let crash = () => {}

async function limited (work) {
  let timer
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${LONGEST} ms`)), LONGEST)
    crash = reject
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function told (scenario) {
  try {
    // Asynchronous from the start, so that what is thrown at once is caught alike.
    return { scenario, outcome: 'value', observed: await limited((async () => scenarios[scenario]())()) }
  } catch (error) {
    if (error instanceof Absent) return { scenario, outcome: 'absent', reason: error.message }
    return { scenario, outcome: 'error', observed: seen(error), reason: String(error.stack ?? JSON.stringify(error)).slice(-2000) }
  }
}

// Old releases leave promises behind that nobody waits for.
process.on('unhandledRejection', () => {})
process.on('uncaughtException', error => {
  shared = undefined
  crash(error)
})

async function main () {
  const asked = process.argv.slice(2)
  for (const scenario of asked.length ? asked : Object.keys(scenarios)) {
    process.stdout.write(`${JSON.stringify(await told(scenario))}\n`)
  }
  await shared?.close()
}

main().then(() => process.exit())
