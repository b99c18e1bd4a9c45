package matrix;

import static matrix.Release.call;
import static matrix.Release.has;
import static matrix.Release.type;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import matrix.Matrix.Absent;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.types.Entity;
import org.neo4j.driver.types.Node;
import org.neo4j.driver.types.Path;
import org.neo4j.driver.types.Relationship;

/** What values and exceptions are shown as, and JSON. */
final class Shown {
    private static final int LONGEST_TEXT = 120;
    private static final int LONGEST_LIST = 1000;

    /** A value as the driver hands it out, in terms of JSON. */
    static Object show(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Long) {
            return value;
        }
        if (value instanceof String text) {
            return shortened(text);
        }
        if (value instanceof byte[] bytes) {
            return Map.of("byte[]", shortened(HexFormat.of().formatHex(bytes)));
        }
        if (value instanceof Number || value instanceof Temporal || value instanceof UUID) {
            return Map.of(value.getClass().getSimpleName(), value.toString());
        }
        if (value instanceof List<?> list) {
            List<Object> items = list.stream().map(Shown::show).collect(Collectors.toCollection(ArrayList::new));
            return items.size() > LONGEST_LIST ? Map.of("long list", List.of(items.size(), digest(json(items)))) : items;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> items = new TreeMap<>();
            map.forEach((key, item) -> items.put(key, show(item)));
            return items;
        }
        if (value instanceof Node node) {
            Stream<String> labels = StreamSupport.stream(node.labels().spliterator(), false).map(Shown::label);
            return Map.of("Node", Map.of("labels", labels.sorted().toList(), "properties", properties(node)));
        }
        if (value instanceof Relationship relationship) {
            return Map.of("Relationship", Map.of("type", relationship.type(), "properties", properties(relationship)));
        }
        if (value instanceof Path path) {
            List<Object> segments = StreamSupport.stream(path.spliterator(), false).map(Shown::segment).toList();
            return Map.of("Path", Map.of("start", show(path.start()), "end", show(path.end()), "segments", segments));
        }
        return laterType(value);
    }

    /** Types that not every release has. */
    private static Object laterType(Object value) {
        if (type("types.IsoDuration").isInstance(value)) {
            return Map.of("IsoDuration", value.toString());
        }
        if (type("types.Point").isInstance(value)) {
            int srid = call(value, "srid");
            List<Object> coordinates = Stream.of("x", "y", "z").map(axis -> show(call(value, axis))).toList();
            return Map.of("Point", Map.of("srid", srid, "coordinates", coordinates));
        }
        if (type("types.Vector").isInstance(value)) {
            Object numbers = call(value, "toArray");
            return Map.of("Vector", List.of(numbers.getClass().getSimpleName(), shortened(arrayText(numbers))));
        }
        throw new IllegalArgumentException("a value of " + value.getClass());
    }

    private static String arrayText(Object array) {
        String nested = Arrays.deepToString(new Object[] {array});
        return nested.substring(1, nested.length() - 1);
    }

    /** Every run has labels of its own. */
    private static String label(String label) {
        return Steps.isMarker(label) ? "L" : label;
    }

    private static Object properties(Entity entity) {
        return show(entity.asMap());
    }

    private static Object segment(Path.Segment segment) {
        Relationship relationship = segment.relationship();
        return Map.of(
                "from", show(segment.start()),
                "to", show(segment.end()),
                "relationship", show(relationship),
                "starts", place(segment, relationship.startNodeId()),
                "ends", place(segment, relationship.endNodeId()));
    }

    private static String place(Path.Segment segment, long id) {
        return id == segment.start().id() ? "start" : id == segment.end().id() ? "end" : "elsewhere";
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, 8) + "… (" + text.length() + " units, " + digest(text) + ")";
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 12);
        } catch (NoSuchAlgorithmException error) {
            throw new AssertionError(error);
        }
    }

    /** An exception as its user tells it from others. */
    static Map<String, Object> exception(Throwable error) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("class", error.getClass().getSimpleName());
        if (error instanceof Neo4jException) {
            seen.put("code", call(error, has(error, "code") ? "code" : "neo4jErrorCode"));
            if (Release.is(5, 0)) {
                seen.put("retryable", type("exceptions.RetryableException").isInstance(error));
            }
        }
        if (has(error, "gqlStatus")) {
            seen.put("gql_status", call(error, "gqlStatus"));
            seen.put("classification", Release.<Optional<?>>call(error, "rawClassification").orElse(null));
        }
        return seen;
    }

    interface Action {
        void run() throws Exception;
    }

    /** The exception of the action. */
    static Object raised(Action action) {
        return raisedOr(() -> {
            action.run();
            return "no exception";
        });
    }

    /** What comes of the work, or its exception. */
    static Object raisedOr(Callable<?> work) {
        try {
            return work.call();
        } catch (Absent absent) {
            throw absent;
        } catch (Exception error) {
            return exception(error);
        }
    }

    static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            Stream<String> entries = map.entrySet().stream().map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()));
            return entries.collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Iterable<?> items) {
            return StreamSupport.stream(items.spliterator(), false).map(Shown::json).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof String text) {
            return text.chars().mapToObj(Shown::jsonUnit).collect(Collectors.joining("", "\"", "\""));
        }
        return String.valueOf(value);
    }

    private static String jsonUnit(int unit) {
        boolean plain = unit >= ' ' && unit != '"' && unit != '\\';
        return plain ? String.valueOf((char) unit) : String.format("\\u%04x", unit);
    }

    private Shown() {}
}
