package matrix;

import static matrix.Matrix.scenario;
import static matrix.Release.callStatic;
import static matrix.Release.is;
import static matrix.Release.since;
import static matrix.Shown.show;
import static matrix.Steps.graph;
import static matrix.Steps.session;
import static org.neo4j.driver.Values.parameters;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.neo4j.driver.Record;

/** Scenarios about types of values. */
final class ValueTypes {
    private static final ZoneOffset INDIA = ZoneOffset.ofHoursMinutes(5, 30);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String CHAIN = "CREATE (:L {name: 'a'})-[:NEXT {km: 1}]->(:L {name: 'b'})-[:NEXT {km: 2}]->(:L:Z {name: 'c'})";

    static void scenarios() {
        scenario("value.null", () -> thereAndBack((Object) null));
        scenario("value.booleans", () -> thereAndBack(true, false));
        scenario("value.integers", () -> thereAndBack(integers()));
        scenario("value.floats", () -> thereAndBack(
                0.0, -0.0, 1.5, 1.0, -Math.PI, Double.MIN_VALUE, Double.MAX_VALUE,
                Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN));
        scenario("value.strings", () -> thereAndBack(strings()));
        scenario("value.string_70000", () -> thereAndBack("Ω".repeat(35_000)));
        scenario("value.bytes", () -> {
            since(1, 2, "bytes");
            return thereAndBack(new byte[0], new byte[1], everyByte(), new byte[65_536]);
        });
        scenario("value.lists", () -> thereAndBack(
                List.of(),
                Arrays.asList(null, true, 1, 1.5, "s", List.of(1, List.of(2, List.of())), Map.of("k", List.of(Map.of()))),
                IntStream.range(0, 70_000).boxed().toList()));
        scenario("value.maps", () -> thereAndBack(
                Map.of(),
                IntStream.range(0, 300).boxed().collect(Collectors.toMap(n -> "key " + n, n -> n)),
                Map.of("", 1, "a.b", 2, "`", 3, "Ω", 4, "x".repeat(300), 5)));
        scenario("value.map_20_deep", () -> {
            Object deep = "the bottom";
            for (int level = 1; level <= 20; level++) {
                deep = Map.of("level " + level, deep);
            }
            return thereAndBack(deep);
        });
        scenario("value.node", () ->
                graphValues("CREATE (:L {a: 1, b: ['x']}), (:L:Two)", "MATCH (x:L) WITH x ORDER BY coalesce(x.a, 9)"));
        scenario("value.relationship", () -> graphValues(CHAIN, "MATCH (:L)-[x]->(:L) WITH x ORDER BY x.km"));
        scenario("value.path", () -> graphValues(CHAIN, "MATCH x = (:L {name: 'a'})-[:NEXT*2]->(:L)"));
        scenario("value.path_reversed", () -> graphValues(CHAIN, "MATCH x = (:L {name: 'c'})<-[:NEXT]-(:L)<-[:NEXT]-(:L)"));
        scenario("value.path_empty", () -> graphValues(CHAIN, "MATCH x = (:L {name: 'c'})-[:NEXT*0..0]->(:L)"));

        scenario("value.date", () -> laterThereAndBack(
                LocalDate.of(2024, 2, 29), LocalDate.of(1582, 10, 4), LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31)));
        scenario("value.local_time", () -> laterThereAndBack(
                LocalTime.MIDNIGHT, LocalTime.of(12, 34, 56, 789_000_001), LocalTime.of(23, 59, 59, 999_999_999)));
        scenario("value.time", () -> laterThereAndBack(
                OffsetTime.of(12, 34, 56, 789_000_001, INDIA), OffsetTime.of(0, 0, 0, 1, ZoneOffset.ofHours(-12))));
        scenario("value.local_date_time", () -> laterThereAndBack(
                LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4), LocalDateTime.of(1815, 6, 18, 11, 35, 0, 999_999_999)));
        scenario("value.date_time_offset", () -> laterThereAndBack(
                OffsetDateTime.of(2024, 2, 29, 12, 34, 56, 123_456_789, INDIA),
                OffsetDateTime.of(1901, 12, 13, 20, 45, 51, 1, INDIA),
                OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)));
        scenario("value.date_time_zone", () -> laterThereAndBack(
                ZonedDateTime.of(2024, 7, 1, 12, 34, 56, 123_456_789, BERLIN), ZonedDateTime.of(2024, 12, 1, 12, 34, 56, 0, BERLIN)));
        scenario("value.date_time_zone_1945", () -> laterThereAndBack(ZonedDateTime.of(1945, 5, 8, 23, 1, 0, 999_999_999, BERLIN)));
        scenario("value.date_time_gap", () -> laterThereAndBack(ZonedDateTime.of(2024, 3, 31, 2, 30, 0, 0, BERLIN)));
        scenario("value.date_time_overlap", () -> {
            ZonedDateTime earlier = ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, BERLIN);
            return laterThereAndBack(earlier, earlier.withLaterOffsetAtOverlap());
        });
        scenario("value.duration", () -> laterThereAndBack(
                duration(14, 3, 4, 5),
                duration(0, 0, 0, 0),
                duration(-14, -3, -4, -5),
                duration(1, -3, 4, -5),
                duration(1L << 40, -(1L << 40), 1L << 40, 999_999_999)));
        scenario("value.point_cartesian", () -> laterThereAndBack(point(7203, 1.5, -2.5), point(9157, 1.5, -0.0, 3e300)));
        scenario("value.point_wgs84", () -> laterThereAndBack(point(4326, 12.5, -55.5), point(4979, -180.0, 90.0, 100.25)));
        scenario("value.vector", () -> thereAndBack(
                vector(new byte[] {Byte.MIN_VALUE, 0, Byte.MAX_VALUE}),
                vector(new short[] {Short.MIN_VALUE, Short.MAX_VALUE}),
                vector(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}),
                vector(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}),
                vector(new float[] {0.5f, -0.0f, 1.75e38f}),
                vector(LongStream.range(0, 4096).mapToDouble(n -> Math.PI).toArray())));
        scenario("value.uuid", () -> {
            since(6, 2, "UUIDs");
            Stream<String> texts = Stream.of(
                    "00000000-0000-0000-0000-000000000000", "01234567-89ab-cdef-8123-456789abcdef", "ffffffff-ffff-ffff-ffff-ffffffffffff");
            return thereAndBack(texts.map(UUID::fromString).toArray());
        });
        scenario("value.stored", () -> graph((driver, session, name) -> {
            session.run("CREATE (n:" + name + ") SET n = $values", parameters("values", stored())).consume();
            return show(session.run("MATCH (n:" + name + ") RETURN n").single().get(0).asNode().asMap());
        }));
    }

    /** What comes back for each: alone, and whether the same comes inside lists and maps too. */
    private static Object thereAndBack(Object... values) throws Exception {
        String query = "RETURN $x AS alone, [$x, [$x]] AS list, {a: $x, b: {c: $x}} AS map, $list AS list2, $map AS map2";
        return session(session -> {
            List<Object> back = new ArrayList<>();
            for (Object x : values) {
                List<Object> list = Collections.singletonList(x);
                Record row = session.run(query, parameters("x", x, "list", list, "map", Map.of("a", list))).single();
                List<Object> seen = new ArrayList<>();
                row.values().forEach(value -> seen.add(show(value.asObject())));
                Object alone = seen.remove(0);
                List<Object> aloneIn = Collections.singletonList(alone);
                back.add(aloneOr(alone, seen, List.of(nestedList(alone), nestedMap(alone), aloneIn, Map.of("a", aloneIn))));
            }
            return back;
        });
    }

    private static List<Object> nestedList(Object item) {
        return Arrays.asList(item, Collections.singletonList(item));
    }

    private static Map<String, Object> nestedMap(Object item) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", item);
        map.put("b", Collections.singletonMap("c", item));
        return map;
    }

    private static Object aloneOr(Object alone, List<Object> nested, List<Object> expected) {
        return nested.equals(expected) ? alone : Map.of("alone", alone, "nested", nested);
    }

    private static Object laterThereAndBack(Object... values) throws Exception {
        since(1, 6, "temporal and spatial types");
        return thereAndBack(values);
    }

    /** What comes back alone, and whether the same comes inside lists and maps. */
    private static Object graphValues(String create, String match) throws Exception {
        return graph((driver, session, name) -> {
            session.run(create.replace(":L", ":" + name)).consume();
            String query = match.replace(":L", ":" + name) + " RETURN x, [x, [x]] AS list, {a: x, b: {c: x}} AS map";
            List<Object> back = new ArrayList<>();
            for (Record row : session.run(query).list()) {
                Object alone = show(row.get("x").asObject());
                List<Object> nested = List.of(show(row.get("list").asObject()), show(row.get("map").asObject()));
                back.add(aloneOr(alone, nested, List.of(nestedList(alone), nestedMap(alone))));
            }
            return back;
        });
    }

    private static Object[] integers() {
        LongStream edges = IntStream.of(4, 7, 8, 15, 16, 31, 32, 53).mapToLong(bits -> 1L << bits);
        LongStream around = edges.flatMap(edge -> LongStream.of(-edge, edge)).flatMap(edge -> LongStream.rangeClosed(edge - 1, edge + 1));
        return LongStream.concat(LongStream.of(0, Long.MIN_VALUE, Long.MAX_VALUE), around).boxed().toArray();
    }

    private static Object[] strings() {
        Stream<String> odd = Stream.of("", "plain", "a\0b", "'\"`\\ $x {y} // no comment", "e\u0301\u200d\u202e", "ÄЖ語\uffff");
        Stream<String> planes = IntStream.of(0x1f600, 0x20000, 0x30000, 0xe0001, 0xf0000, 0x10fffd).mapToObj(Character::toString);
        Stream<String> lengths = IntStream.of(15, 16, 255, 256, 65_535, 65_536).mapToObj("x"::repeat);
        return Stream.of(odd, planes, lengths).flatMap(strings -> strings).toArray();
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int n = 0; n < bytes.length; n++) {
            bytes[n] = (byte) n;
        }
        return bytes;
    }

    private static Object duration(long months, long days, long seconds, int nanoseconds) {
        return callStatic("Values", "isoDuration", months, days, seconds, nanoseconds);
    }

    private static Object point(int srid, double x, double y) {
        return callStatic("Values", "point", srid, x, y);
    }

    private static Object point(int srid, double x, double y, double z) {
        return callStatic("Values", "point", srid, x, y, z);
    }

    private static Object vector(Object numbers) {
        return callStatic("Values", "vector", numbers);
    }

    private static Map<String, Object> stored() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("boolean", true);
        values.put("integer", Long.MAX_VALUE);
        values.put("float", 1.5);
        values.put("string", "Ω".repeat(300));
        values.put("integers", List.of(1, Long.MIN_VALUE));
        values.put("floats", List.of(0.5, Double.POSITIVE_INFINITY));
        values.put("strings", List.of("", "Ω"));
        values.put("empty", List.of());
        if (is(1, 6)) {
            values.put("bytes", everyByte());
            values.put("date", LocalDate.of(2024, 2, 29));
            values.put("time", OffsetTime.of(12, 34, 56, 789_000_001, INDIA));
            values.put("local time", LocalTime.of(12, 34, 56, 789_000_001));
            values.put("date and time", LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4));
            values.put("offset", OffsetDateTime.of(2024, 2, 29, 12, 34, 56, 123_456_789, INDIA));
            values.put("zone", ZonedDateTime.of(2024, 7, 1, 12, 34, 56, 0, BERLIN));
            values.put("duration", duration(1, -3, 4, -5));
            values.put("dates", List.of(LocalDate.of(1, 1, 1)));
            values.put("point", point(4326, 12.5, -55.5));
            values.put("points", List.of(point(7203, 1.0, 2.0)));
        }
        return values;
    }

    private ValueTypes() {}
}
