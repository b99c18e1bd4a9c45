"""Every type of value there and back: as a parameter and result, inside lists and maps, stored and read again."""

import datetime
import math
import struct
import uuid

import pytest
import pytz
from neo4j.spatial import CartesianPoint, WGS84Point
from neo4j.time import Date, DateTime, Duration, Time
from neo4j.vector import Vector

from server import beyond_community

OFFSET = pytz.FixedOffset(330)
BERLIN = pytz.timezone("Europe/Berlin")
PLANES = [0x1F600, 0x20000, 0x30000, 0xE0001, 0xF0000, 0x10FFFD]

INTEGERS = [
    edge + step
    for bits in (4, 7, 8, 15, 16, 31, 32, 53)
    for edge in (-(2**bits), 2**bits)
    for step in (-1, 0, 1)
] + [0, -(2**63), 2**63 - 1]

FLOATS = [0.0, -0.0, 1.5, -math.pi, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan]

STRINGS = {
    "empty": "",
    "ascii": "plain",
    "nul": "a\0b",
    "quotes": "'\"`\\ $x {y} // no comment",
    "combining": "e\u0301\u200d\u202e",
    "bmp": "ÄЖ語\uffff",
    **{f"plane {code >> 16}": chr(code) for code in PLANES},
    **{f"{length} bytes": "x" * length for length in (15, 16, 255, 256, 65_535, 65_536)},
    "70 000 bytes": "Ω" * 35_000,
}

BYTES = [b"", b"\0", bytes(range(256)), bytes(65_536)]

TEMPORAL = {
    "date": Date(2024, 2, 29),
    "date before 1970": Date(1582, 10, 4),
    "first and last date": Date(1, 1, 1),
    "last date": Date(9999, 12, 31),
    "local time": Time(23, 59, 59, 999_999_999),
    "midnight": Time(0, 0, 0, 0),
    "time": Time(12, 34, 56, 789_000_001, tzinfo=OFFSET),
    "time west of Greenwich": Time(0, 0, 0, 1, tzinfo=pytz.FixedOffset(-720)),
    "local date and time": DateTime(2024, 2, 29, 1, 2, 3, 4),
    "local date and time before 1970": DateTime(1815, 6, 18, 11, 35, 0, 999_999_999),
    "offset": DateTime(2024, 2, 29, 12, 34, 56, 123_456_789, tzinfo=OFFSET),
    "offset before 1970": DateTime(1901, 12, 13, 20, 45, 51, 1, tzinfo=OFFSET),
    "utc": DateTime(1970, 1, 1, 0, 0, 0, 0, tzinfo=pytz.FixedOffset(0)),
    "zone": BERLIN.localize(DateTime(2024, 7, 1, 12, 34, 56, 123_456_789)),
    "zone before 1970": BERLIN.localize(DateTime(1945, 5, 8, 23, 1, 0, 999_999_999)),
    "zone, first of the overlap": BERLIN.localize(DateTime(2024, 10, 27, 2, 30, 0, 0), is_dst=True),
    "zone, second of the overlap": BERLIN.localize(DateTime(2024, 10, 27, 2, 30, 0, 0), is_dst=False),
    "zone just after the gap": BERLIN.localize(DateTime(2024, 3, 31, 3, 0, 0, 1)),
    "duration": Duration(months=14, days=3, seconds=4, nanoseconds=5),
    "no duration": Duration(),
    "negative duration": Duration(months=-14, days=-3, seconds=-4, nanoseconds=-5),
    "duration of both signs": Duration(months=1, days=-3, seconds=4, nanoseconds=-5),
    "long duration": Duration(months=2**40, days=-(2**40), seconds=2**40, nanoseconds=999_999_999),
}

POINTS = {
    "cartesian": CartesianPoint((1.5, -2.5)),
    "cartesian 3d": CartesianPoint((1.5, -0.0, 3e300)),
    "wgs-84": WGS84Point((12.5, -55.5)),
    "wgs-84 3d": WGS84Point((-180.0, 90.0, 100.25)),
}

VECTORS = [
    Vector([-128, 0, 127], "i8"),
    Vector([-(2**15), 2**15 - 1], "i16"),
    Vector([-(2**31), 2**31 - 1], "i32"),
    Vector([-(2**63), 2**63 - 1], "i64"),
    Vector([0.5, -0.0, 3.5e38 / 2], "f32"),
    Vector([math.pi] * 4096, "f64"),
]

UUIDS = [uuid.UUID(int=0), uuid.UUID("01234567-89ab-cdef-8123-456789abcdef"), uuid.UUID(int=2**128 - 1)]


def name(value):
    return repr(value)[:40]


def named(values):
    return [pytest.param(value, id=key) for key, value in values.items()]


def unnamed(values):
    return [pytest.param(value, id=f"{type(value).__name__} {value!r:.30}") for value in values]


STORED = unnamed([True, False, *INTEGERS, *FLOATS, *BYTES]) + named(STRINGS | TEMPORAL | POINTS)
NEWER = unnamed([*VECTORS, *UUIDS])
VALUES = unnamed([None]) + STORED + NEWER


def deep(depth):
    value = "the bottom"
    for level in range(depth):
        value = {f"level {level}": value}
    return value


COMPOSITE = {
    "empty list": [],
    "empty map": {},
    "mixed list": [None, True, 1, 1.5, "s", b"b", Date(2024, 1, 1), [1, [2, []]], {"k": [{}]}],
    "wide map": {f"key {n}": n for n in range(300)},
    "map with odd keys": {"": 1, "a.b": 2, "`": 3, "Ω": 4, "x" * 300: 5},
    "map 20 deep": deep(20),
    "list 100 deep": eval("[" * 100 + "]" * 100),
}

STORED_LISTS = {
    "no items": [],
    "booleans": [True, False],
    "integers": [1, -(2**63)],
    "floats": [0.5, -math.inf],
    "strings": ["", "Ω", "x" * 300],
    "dates": [Date(2024, 2, 29), Date(1, 1, 1)],
    "offsets": [TEMPORAL["offset"], TEMPORAL["utc"]],
    "zones": [TEMPORAL["zone"], TEMPORAL["zone before 1970"]],
    "durations": [TEMPORAL["negative duration"], Duration(days=1)],
    "points": [POINTS["wgs-84"], WGS84Point((0.0, 0.0))],
}


BIG = {"string": "Ω" * 2**20, "bytes": bytes(range(256)) * 2**13, "list": ["x" * 253] * 2**13}


def plain(value):
    """What a value is, down to the last bit, in a form that `==` compares strictly."""
    match value:
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case float():
            return "NaN" if math.isnan(value) else struct.pack(">d", value)
        case DateTime() | Time():
            return type(value), value.iso_format(), str(value.tzinfo)
        case CartesianPoint() | WGS84Point():
            return type(value), value.srid, plain(list(value))
        case Vector():
            return value.dtype, value.raw()
        case _:
            return type(value), value


def same(one, other):
    return plain(one) == plain(other)


@pytest.mark.parametrize("value", VALUES + named(COMPOSITE))
def test_a_value_comes_back_as_it_went(driver, value):
    query = "RETURN $x AS alone, [$x, [$x]] AS list, {a: $x, b: {c: $x}} AS map, $list AS list2, $map AS map2"
    record = driver.execute_query(query, x=value, list=[value], map={"a": [value]}).records[0]
    expected = [value, [value, [value]], {"a": value, "b": {"c": value}}, [value], {"a": [value]}]
    assert [same(*pair) for pair in zip(record.values(), expected)] == [True] * 5


def assert_stored(driver, value):
    driver.execute_query("CREATE (:Stored {value: $value})-[:HOLDS {value: $value}]->(:End)", value=value)
    record = driver.execute_query("MATCH (n:Stored)-[r:HOLDS]->() RETURN n, r, n.value AS value").records[0]
    assert [same(found, value) for found in (record["value"], record["n"]["value"], record["r"]["value"])] == [True] * 3


@pytest.mark.parametrize("value", STORED + named(STORED_LISTS))
def test_a_stored_value_is_read_as_it_was_written(graph, value):
    assert_stored(graph, value)


@beyond_community
@pytest.mark.parametrize("value", NEWER)
def test_a_vector_or_uuid_is_read_as_it_was_written(graph, value):
    assert_stored(graph, value)


def test_a_stored_null_is_no_property(session):
    session.run("CREATE (:Stored {value: $value, other: 1})", value=None).consume()
    assert dict(session.run("MATCH (n:Stored) RETURN n").single()["n"]) == {"other": 1}


def test_the_times_of_the_standard_library_may_be_sent(driver):
    sent = [
        datetime.date(2024, 2, 29),
        datetime.time(1, 2, 3, 456_789),
        datetime.datetime(2024, 2, 29, 1, 2, 3, 456_789),
        datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone(datetime.timedelta(hours=-8))),
        BERLIN.localize(datetime.datetime(2024, 10, 27, 2, 30), is_dst=False),
    ]
    back = [value.to_native() for value in driver.execute_query("RETURN $sent AS back", sent=sent).records[0]["back"]]
    assert back == sent


def test_a_wall_clock_time_in_the_gap_keeps_its_instant(driver):
    gap = BERLIN.localize(datetime.datetime(2024, 3, 31, 2, 30), is_dst=False)
    back = driver.execute_query("RETURN $gap AS back", gap=gap).records[0]["back"].to_native()
    assert back.isoformat() == "2024-03-31T03:30:00+02:00"


def test_values_are_made_by_the_server_too(driver):
    query = """
        RETURN date('2024-02-29') AS date, localtime('12:34:56.5') AS local_time, time('12:34:56+05:30') AS time,
            localdatetime('1969-07-20T20:17:40') AS local, datetime('1969-07-20T20:17:40.000001-04:00') AS offset,
            duration('P1Y2M3DT4H5M6S') AS duration
    """
    record = driver.execute_query(query).records[0].data()
    assert record == {
        "date": Date(2024, 2, 29),
        "local_time": Time(12, 34, 56, 500_000_000),
        "time": Time(12, 34, 56, 0, tzinfo=OFFSET),
        "local": DateTime(1969, 7, 20, 20, 17, 40, 0),
        "offset": DateTime(1969, 7, 20, 20, 17, 40, 1_000, tzinfo=pytz.FixedOffset(-240)),
        "duration": Duration(years=1, months=2, days=3, hours=4, minutes=5, seconds=6),
    }


def test_a_list_of_70_000_items_comes_back_as_it_went(driver):
    items = list(range(70_000))
    assert driver.execute_query("RETURN $items AS items", items=items).records[0]["items"] == items


@pytest.mark.parametrize("value", BIG.values(), ids=BIG)
def test_two_mebibytes_go_there_and_back(graph, value):
    record = graph.execute_query("CREATE (n:Big {value: $value}) RETURN n.value AS value", value=value).records[0]
    assert record["value"] == value
    assert graph.execute_query("MATCH (n:Big) RETURN n").records[0]["n"]["value"] == value
