//! Every value that comes in as a parameter comes back exactly: returned, stored, and read again.

use boltwright::generated::{
    Date, DateTime, DateTimeZoneId, Duration, ErrorCode, LocalDateTime, LocalTime, Point2D, Point3D, Time, Value, Vector,
};

use super::harness::{in_memory, int, map, node, text};

fn vector(code: u8, data: &[u8]) -> Value<'static> {
    Value::from(Vector { type_marker: vec![code].into(), data: data.to_vec().into() })
}

fn zoned(seconds: i64, nanoseconds: i64, zone: &'static str) -> Value<'static> {
    Value::from(DateTimeZoneId { seconds, nanoseconds, tz_id: zone.into() })
}

/// Values of all types, at their edges.
fn all() -> Vec<Value<'static>> {
    vec![
        Value::Boolean(true),
        int(0),
        int(i64::MIN),
        int(i64::MAX),
        Value::Float(-0.0),
        Value::Float(1.5e300),
        Value::Float(f64::INFINITY),
        text(""),
        text("a\u{0}b 'quoted' \\ \u{1F600}"),
        Value::Bytes(vec![0, 255, 1].into()),
        Value::Bytes(Vec::new().into()),
        Value::List(vec![int(1), text("a"), Value::Null, Value::List(vec![Value::Float(0.5)])]),
        Value::List(Vec::new()),
        Value::from(Date { days: 0 }),
        Value::from(Date { days: -719_529 }),
        Value::from(Date { days: 365_241_780_471 }),
        Value::from(LocalTime { nanoseconds: 86_399_999_999_999 }),
        Value::from(Time { nanoseconds: 1, tz_offset_seconds: -64_800 }),
        Value::from(LocalDateTime { seconds: 1, nanoseconds: 123_456_000 }),
        Value::from(LocalDateTime { seconds: -1, nanoseconds: 999_999_999 }),
        Value::from(LocalDateTime { seconds: 31_556_889_864_403_199, nanoseconds: 1 }),
        Value::from(DateTime { seconds: 1_600_000_000, nanoseconds: 5_000, tz_offset_seconds: 3_600 }),
        Value::from(DateTime { seconds: 1_600_000_000, nanoseconds: 5_001, tz_offset_seconds: -7 }),
        zoned(1_600_000_000, 0, "Europe/Berlin"),
        zoned(-1, 999_999_999, "America/New_York"),
        Value::from(Duration { months: 14, days: -3, seconds: 14_706, nanoseconds: 700_000_001 }),
        Value::from(Duration { months: 0, days: 0, seconds: -1, nanoseconds: 500_000_000 }),
        Value::from(Duration { months: i64::MAX, days: i64::MIN, seconds: i64::MAX, nanoseconds: 999_999_999 }),
        Value::from(Point2D { srid: 7203, x: 1.0, y: -2.5 }),
        Value::from(Point2D { srid: 4326, x: 12.5, y: 55.7 }),
        Value::from(Point3D { srid: 9157, x: 1.0, y: 2.0, z: 3.0 }),
        Value::from(Point3D { srid: 4979, x: 12.5, y: 55.7, z: 100.0 }),
        Value::Uuid([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
        vector(0xC8, &[1, 0xFF]),
        vector(0xC9, &[0, 1, 0xFF, 0xFE]),
        vector(0xCA, &[0, 0, 0, 1]),
        vector(0xCB, &[0x80, 0, 0, 0, 0, 0, 0, 0]),
        vector(0xC6, &1.5_f32.to_be_bytes()),
        vector(0xC1, &(-0.0_f64).to_be_bytes()),
    ]
}

#[tokio::test]
async fn a_returned_parameter_is_the_same() {
    let client = in_memory();
    for value in all() {
        let outcome = client.run_with("RETURN $value AS value", [("value", value.clone())]).await;
        assert_eq!(outcome.value(), &value);
        let inside = map([("a", Value::List(vec![value.clone(), Value::Null])), ("b", value.clone())]);
        let outcome = client.run_with("RETURN $value AS value", [("value", inside.clone())]).await;
        assert_eq!(outcome.value(), &inside);
    }
}

#[tokio::test]
async fn a_stored_parameter_is_the_same_when_it_is_read_again() {
    let client = in_memory();
    for value in all() {
        let stored = client.run_with("CREATE (n:V {value: $value, list: [$value]}) RETURN n", [("value", value.clone())]).await;
        assert_eq!(node(stored.value()).properties.get("value"), Some(&value));
        let again = client.run("MATCH (n:V) RETURN n, n.value, n.list, {v: n.value}, collect(n.value)").await;
        let row = &again.rows[0];
        assert_eq!(node(&row[0]).properties.get("value"), Some(&value));
        assert_eq!(row[1], value);
        assert_eq!(row[2], Value::List(vec![value.clone()]));
        assert_eq!(row[3], map([("v", value.clone())]));
        assert_eq!(row[4], Value::List(vec![value.clone()]));
        client.run("MATCH (n:V) DELETE n").await;
    }
}

#[tokio::test]
async fn a_stored_value_is_found_by_an_equal_parameter() {
    let client = in_memory();
    for value in all() {
        client.run_with("CREATE (n:V {value: $value})", [("value", value.clone())]).await;
        let found = client.run_with("MATCH (n:V) WHERE n.value = $value RETURN count(n)", [("value", value.clone())]).await;
        let has_null = matches!(&value, Value::List(items) if items.contains(&Value::Null));
        assert_eq!(found.value(), &int(1), "{value:?} {has_null}");
        client.run("MATCH (n:V) DELETE n").await;
    }
}

#[tokio::test]
async fn values_survive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    {
        let client = super::harness::Client::new(boltwright::backend::embedded::Embedded::open(directory.path()).unwrap());
        for value in all() {
            client.run_with("CREATE (n:V {value: $value})", [("value", value)]).await;
        }
    }
    let client = super::harness::Client::new(boltwright::backend::embedded::Embedded::open(directory.path()).unwrap());
    let read = client.run("MATCH (n:V) RETURN n.value ORDER BY id(n)").await;
    assert_eq!(read.column(), all());
}

#[tokio::test]
async fn parts_of_values_that_the_engine_lacks_can_be_read() {
    let client = in_memory();
    let values = [
        ("p", Value::from(Point2D { srid: 4326, x: 12.5, y: 55.7 })),
        ("d", zoned(1_600_000_000, 1, "Europe/Berlin")),
        ("u", Value::Uuid([0x12; 16])),
        ("v", vector(0xC9, &[0, 1, 0xFF, 0xFE])),
    ];
    let outcome = client
        .run_with(
            "RETURN $p.x, $p.latitude, $p.srid, $p.crs, $d.year, $d.hour, $d.epochSeconds, $d.nanosecond, $d.timezone, $u.uuid, $v.values",
            values,
        )
        .await;
    let expected = [
        Value::Float(12.5),
        Value::Float(55.7),
        int(4326),
        text("wgs-84"),
        int(2020),
        int(14),
        int(1_600_000_000),
        int(1),
        text("Europe/Berlin"),
        text("12121212-1212-1212-1212-121212121212"),
        Value::List(vec![int(1), int(-2)]),
    ];
    assert_eq!(outcome.rows[0], expected);
}

#[tokio::test]
async fn values_out_of_range_are_brought_into_range_or_refused_as_neo4j_does() {
    let client = in_memory();
    for (given, expected) in [
        (
            Value::from(Time { nanoseconds: 86_400_000_000_000, tz_offset_seconds: 0 }),
            Value::from(Time { nanoseconds: 0, tz_offset_seconds: 0 }),
        ),
        (Value::from(LocalDateTime { seconds: 1, nanoseconds: -1 }), Value::from(LocalDateTime { seconds: 0, nanoseconds: 999_999_999 })),
        (
            Value::from(Duration { months: 0, days: 0, seconds: 1, nanoseconds: 2_000_000_001 }),
            Value::from(Duration { months: 0, days: 0, seconds: 3, nanoseconds: 1 }),
        ),
    ] {
        assert_eq!(client.run_with("RETURN $v", [("v", given)]).await.value(), &expected);
    }
    for refused in [
        Value::from(LocalTime { nanoseconds: -1 }),
        Value::from(Date { days: i64::MAX }),
        Value::from(Duration { months: 0, days: 0, seconds: i64::MAX, nanoseconds: 1_000_000_000 }),
    ] {
        assert_eq!(client.failure_with("RETURN $v", [("v", refused)]).await.code, ErrorCode::StatementArgumentError);
    }
}

#[tokio::test]
async fn the_key_that_marks_such_values_is_refused_in_maps() {
    let failure = in_memory().failure_with("RETURN $m", [("m", map([("$bolt", int(1))]))]).await;
    assert_eq!(failure.code, ErrorCode::StatementArgumentError);
}

#[tokio::test]
async fn a_value_whose_parts_a_statement_has_changed_is_refused() {
    let point = Value::from(Point2D { srid: 7203, x: 1.0, y: 2.0 });
    let failure = in_memory().failure_with("WITH $p AS p RETURN p {.*, x: 5.0} AS p", [("p", point)]).await;
    assert_eq!(failure.code, ErrorCode::StatementTypeError);
}

#[tokio::test]
async fn temporal_functions_give_what_neo4j_gives_for_plain_uses() {
    let client = in_memory();
    let outcome = client
        .run(
            "RETURN date('2020-02-29'), datetime('2020-01-02T03:04:05.123456+01:00'), localdatetime('2020-01-02T03:04:05'), \
             time('03:04:05Z'), localtime('03:04'), duration('P1Y2M3W4DT5H6M7.8S')",
        )
        .await;
    let expected = [
        Value::from(Date { days: 18_321 }),
        Value::from(DateTime { seconds: 1_577_930_645, nanoseconds: 123_456_000, tz_offset_seconds: 3_600 }),
        Value::from(LocalDateTime { seconds: 1_577_934_245, nanoseconds: 0 }),
        Value::from(Time { nanoseconds: 11_045_000_000_000, tz_offset_seconds: 0 }),
        Value::from(LocalTime { nanoseconds: 11_040_000_000_000 }),
        Value::from(Duration { months: 14, days: 25, seconds: 18_367, nanoseconds: 800_000_000 }),
    ];
    assert_eq!(outcome.rows[0], expected);
    let now = client.run("RETURN datetime(), date(), timestamp() > 0").await;
    assert!(matches!(now.rows[0][0], Value::DateTime(_)));
    assert!(matches!(now.rows[0][1], Value::Date(_)));
    let stored = client.run("CREATE (n {at: date('2020-02-29')}) RETURN n.at.year, n.at.month, n.at < date('2020-03-01')").await;
    assert_eq!(stored.rows[0], [int(2020), int(2), Value::Boolean(true)]);
}

#[tokio::test]
async fn equal_instants_with_other_offsets_keep_their_offsets() {
    let client = in_memory();
    for offset in [0, 3_600, -3_600] {
        let value = Value::from(DateTime { seconds: 1_600_000_000, nanoseconds: 0, tz_offset_seconds: offset });
        let outcome = client.run_with("RETURN $value AS value", [("value", value.clone())]).await;
        assert_eq!(outcome.value(), &value);
    }
}
