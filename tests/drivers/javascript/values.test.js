// Every type of value there and back: as a parameter and result, inside lists and maps, stored and read again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beyondCommunity, closing, connect, emptyGraph, neo4j, sharedDriver, single } from './server.js'

const driver = sharedDriver()
const { Date, DateTime, Duration, LocalDateTime, LocalTime, Point, Time } = neo4j.types
const INDIA = 19_800
const BERLIN = 'Europe/Berlin'

const edges = [4n, 7n, 8n, 15n, 16n, 31n, 32n, 53n].flatMap(bits => [-(2n ** bits), 2n ** bits])
const integers = [0n, -(2n ** 63n), 2n ** 63n - 1n, ...edges.flatMap(edge => [edge - 1n, edge, edge + 1n])]
const floats = [0, -0, 1.5, 1, -Math.PI, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity, NaN]
const planes = [0x1f600, 0x20000, 0x30000, 0xe0001, 0xf0000, 0x10fffd]
const lengths = [15, 16, 255, 256, 65_535, 65_536]

const strings = {
  'the empty string': '',
  'an ASCII string': 'plain',
  'a string with a nul': 'a\0b',
  'a string with quotes': '\'"`\\ $x {y} // no comment',
  'a string of combining marks': 'e\u0301\u200d\u202e',
  'a string of plane 0': 'ÄЖ語\uffff',
  ...Object.fromEntries(planes.map(code => [`a string of plane ${code >> 16}`, String.fromCodePoint(code)])),
  ...Object.fromEntries(lengths.map(length => [`a string of ${length} bytes`, 'x'.repeat(length)])),
  'a string of 70 000 bytes': 'Ω'.repeat(35_000)
}

const bytes = {
  'no bytes': new Int8Array(),
  'one byte': Int8Array.of(0),
  'every byte': Int8Array.from({ length: 256 }, (_, n) => n),
  '65 536 bytes': new Int8Array(65_536)
}

const temporal = {
  'a date': new Date(2024, 2, 29),
  'a date before 1970': new Date(1582, 10, 4),
  'the first date': new Date(-999_999_999, 1, 1),
  'the last date': new Date(999_999_999, 12, 31),
  'a local time': new LocalTime(23, 59, 59, 999_999_999),
  midnight: new LocalTime(0, 0, 0, 0),
  'a time': new Time(12, 34, 56, 789_000_001, INDIA),
  'a time west of Greenwich': new Time(0, 0, 0, 1, -43_200),
  'a local date and time': new LocalDateTime(2024, 2, 29, 1, 2, 3, 4),
  'a local date and time before 1970': new LocalDateTime(1815, 6, 18, 11, 35, 0, 999_999_999),
  'an offset': new DateTime(2024, 2, 29, 12, 34, 56, 123_456_789, INDIA),
  'an offset before 1970': new DateTime(1901, 12, 13, 20, 45, 51, 1, INDIA),
  'an offset of seconds': new DateTime(1900, 1, 1, 0, 0, 0, 0, 3_208),
  'a zone': new DateTime(2024, 7, 1, 12, 34, 56, 123_456_789, 7200, BERLIN),
  'a zone before 1970': new DateTime(1945, 5, 8, 23, 1, 0, 999_999_999, 7200, BERLIN),
  'a zone, first of the overlap': new DateTime(2024, 10, 27, 2, 30, 0, 0, 7200, BERLIN),
  'a zone, second of the overlap': new DateTime(2024, 10, 27, 2, 30, 0, 0, 3600, BERLIN),
  'a zone just after the gap': new DateTime(2024, 3, 31, 3, 0, 0, 1, 7200, BERLIN),
  'a duration': new Duration(14, 3, 4, 5),
  'no duration': new Duration(0, 0, 0, 0),
  'a negative duration': new Duration(-14, -3, -4, -5),
  'a duration of both signs': new Duration(1, -3, 4, -5),
  'a long duration': new Duration(2n ** 40n, -(2n ** 40n), 2n ** 40n, 999_999_999)
}

const points = {
  'a cartesian point': new Point(7203n, 1.5, -2.5),
  'a cartesian point in space': new Point(9157n, 1.5, -0.0, 3e300),
  'a point on Earth': new Point(4326n, 12.5, -55.5),
  'a point above Earth': new Point(4979n, -180.0, 90.0, 100.25)
}

const vectors = {
  'a vector of 8-bit integers': neo4j.vector(Int8Array.of(-128, 0, 127)),
  'a vector of 16-bit integers': neo4j.vector(Int16Array.of(-(2 ** 15), 2 ** 15 - 1)),
  'a vector of 32-bit integers': neo4j.vector(Int32Array.of(-(2 ** 31), 2 ** 31 - 1)),
  'a vector of 64-bit integers': neo4j.vector(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)),
  'a vector of 32-bit floats': neo4j.vector(Float32Array.of(0.5, -0, 1.75e38)),
  'a vector of 64-bit floats': neo4j.vector(new Float64Array(4096).fill(Math.PI))
}

const uuids = {
  'the nil UUID': neo4j.uuid('00000000-0000-0000-0000-000000000000'),
  'a UUID': neo4j.uuid('01234567-89ab-cdef-8123-456789abcdef'),
  'the last UUID': neo4j.uuid('ffffffff-ffff-ffff-ffff-ffffffffffff')
}

const named = (kind, values) => Object.fromEntries(values.map(value => [`the ${kind} ${Object.is(value, -0) ? '-0' : value}`, value]))
const stored = {
  true: true,
  false: false,
  ...named('integer', integers),
  ...named('float', floats),
  ...strings,
  ...bytes,
  ...temporal,
  ...points
}
const newer = { ...vectors, ...uuids }

function deep (depth) {
  return depth === 0 ? 'the bottom' : { [`level ${depth}`]: deep(depth - 1) }
}

const composite = {
  'an empty list': [],
  'an empty map': {},
  'a mixed list': [null, true, 1n, 1.5, 's', Int8Array.of(1), [1n, [2n, []]], { k: [{}] }],
  'a wide map': Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`key ${n}`, n])),
  'a map with odd keys': { '': 1, 'a.b': 2, '`': 3, Ω: 4, ['x'.repeat(300)]: 5 },
  'a map 20 deep': deep(20)
}

const storedLists = {
  'an empty list': [],
  'a list of booleans': [true, false],
  'a list of integers': [1n, -(2n ** 63n)],
  'a list of floats': [0.5, -Infinity],
  'a list of strings': ['', 'Ω', 'x'.repeat(300)],
  'a list of dates': [temporal['a date'], temporal['a date before 1970']],
  'a list of offsets': [temporal['an offset'], temporal['an offset before 1970']],
  'a list of zones': [temporal['a zone'], temporal['a zone before 1970']],
  'a list of durations': [temporal['a duration'], temporal['a negative duration']],
  'a list of points': [points['a point on Earth'], new Point(4326n, 0.0, 0.0)]
}

const TEXTUAL = [Date, DateTime, Duration, LocalDateTime, LocalTime, Point, Time, neo4j.UUID]

/** What a value is, whichever of number, Integer and BigInt its parts are. */
function plain (value) {
  if (Array.isArray(value)) return value.map(plain)
  if (neo4j.isVector(value)) return [value.getType(), value.asTypedArray()]
  const type = TEXTUAL.find(type => value instanceof type)
  if (type) return `${type.name} ${value}`
  if (value?.constructor === Object) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return value
}

function assertSame (found, expected) {
  assert.deepStrictEqual(plain(found), plain(expected))
}

const ECHO = 'RETURN $x AS alone, [$x, [$x]] AS list, {a: $x, b: {c: $x}} AS map, $list AS list2, $map AS map2'

for (const [name, x] of Object.entries({ null: null, ...stored, ...newer, ...composite })) {
  test(`${name} comes back as it went`, async () => {
    const { records: [record] } = await driver.executeQuery(ECHO, { x, list: [x], map: { a: [x] } })
    assertSame([...record.values()], [x, [x, [x]], { a: x, b: { c: x } }, [x], { a: [x] }])
  })
}

async function assertStored (value) {
  await emptyGraph(driver)
  await driver.executeQuery('CREATE (:Stored {value: $value})-[:HOLDS {value: $value}]->(:End)', { value })
  const { records: [record] } = await driver.executeQuery('MATCH (n:Stored)-[r:HOLDS]->() RETURN n, r, n.value AS value')
  assertSame([record.get('value'), record.get('n').properties.value, record.get('r').properties.value], [value, value, value])
}

for (const [name, value] of Object.entries({ ...stored, ...storedLists })) {
  test(`${name} is read as it was stored`, () => assertStored(value))
}

for (const [name, value] of Object.entries(newer)) {
  test(`${name} is read as it was stored`, beyondCommunity, () => assertStored(value))
}

test('a stored null is no property', async () => {
  await emptyGraph(driver)
  await driver.executeQuery('CREATE (:Stored {value: $value, other: true})', { value: null })
  assert.deepEqual(single(await driver.executeQuery('MATCH (n:Stored) RETURN n')).properties, { other: true })
})

test('a wall clock time in the gap keeps its instant', async () => {
  const gap = new DateTime(2024, 3, 31, 2, 30, 0, 0, 3600, BERLIN)
  const back = single(await driver.executeQuery('RETURN $gap AS back', { gap }))
  assert.equal(String(back), '2024-03-31T03:30:00+02:00[Europe/Berlin]')
})

test('values are made by the server too', async () => {
  const made = await driver.executeQuery(`
    RETURN [date('2024-02-29'), localtime('12:34:56.5'), time('12:34:56+05:30'), localdatetime('1969-07-20T20:17:40'),
      datetime('1969-07-20T20:17:40.000001-04:00'), duration('P1Y2M3DT4H5M6S')] AS made`)
  assertSame(single(made), [
    new Date(2024, 2, 29),
    new LocalTime(12, 34, 56, 500_000_000),
    new Time(12, 34, 56, 0, INDIA),
    new LocalDateTime(1969, 7, 20, 20, 17, 40, 0),
    new DateTime(1969, 7, 20, 20, 17, 40, 1_000, -14_400),
    new Duration(14, 3, 14_706, 0)
  ])
})

test('integers are lossless, numbers or BigInt as the driver is told', async () => {
  const read = config => closing(connect(config), async driver => single(await driver.executeQuery('RETURN 5 AS x')))
  assert.deepStrictEqual(await read({ useBigInt: false }), neo4j.int(5))
  assert.deepStrictEqual(await read({ useBigInt: false, disableLosslessIntegers: true }), 5)
  assert.deepStrictEqual(await read({ useBigInt: true }), 5n)
})

test('a list of 70 000 items comes back as it went', async () => {
  const items = Array.from({ length: 70_000 }, (_, n) => BigInt(n))
  assert.deepStrictEqual(single(await driver.executeQuery('RETURN $items AS items', { items })), items)
})

const big = {
  string: 'Ω'.repeat(2 ** 20),
  bytes: Int8Array.from({ length: 2 ** 21 }, (_, n) => n),
  list: new Array(2 ** 13).fill('x'.repeat(253))
}

for (const [name, value] of Object.entries(big)) {
  test(`a ${name} of two mebibytes goes there and back`, async () => {
    await emptyGraph(driver)
    const returned = single(await driver.executeQuery('CREATE (n:Big {value: $value}) RETURN n.value AS value', { value }))
    const read = single(await driver.executeQuery('MATCH (n:Big) RETURN n')).properties.value
    for (const found of [returned, read]) assert.deepStrictEqual(found, value)
  })
}
