package matrix;

import static matrix.Matrix.scenario;
import static matrix.Release.ADDRESS;
import static matrix.Release.call;
import static matrix.Release.callStatic;
import static matrix.Release.commit;
import static matrix.Release.has;
import static matrix.Release.is;
import static matrix.Release.livenessCheck;
import static matrix.Release.managed;
import static matrix.Release.newDriver;
import static matrix.Release.newRoutingDriver;
import static matrix.Release.shared;
import static matrix.Release.since;
import static matrix.Release.smallPool;
import static matrix.Release.type;
import static matrix.Release.with;
import static matrix.Shown.raised;
import static matrix.Steps.atOnce;
import static matrix.Steps.column;
import static matrix.Steps.connect;
import static matrix.Steps.count;
import static matrix.Steps.graph;
import static matrix.Steps.inSession;
import static matrix.Steps.marker;
import static matrix.Steps.one;
import static matrix.Steps.single;
import static org.neo4j.driver.Values.parameters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import matrix.Matrix.Absent;
import matrix.Release.Setting;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;

/** Scenarios about drivers and their connections. */
final class Connections {
    static void scenarios() {
        scenario("connect.bolt", () -> connect(Steps::one, smallPool()));
        scenario("connect.neo4j", Connections::routed);
        scenario("connect.routing_context", () -> {
            since(1, 3, "the routing context");
            try (Driver driver = newRoutingDriver("?region=north")) {
                return one(driver);
            }
        });
        scenario("connect.verify", () -> {
            call(shared(), "verifyConnectivity");
            return "connected";
        });
        scenario("connect.server_info", () -> {
            throw new Absent("only summaries tell of the server");
        });
        scenario("connect.wrong_password", () -> refused(AuthTokens.basic("stranger" + marker(), "wrong")));
        scenario("connect.no_password", () -> refused(AuthTokens.none()));
        scenario("connect.bearer", () -> refused(callStatic("AuthTokens", "bearer", "token")));
        scenario("connect.reuse_after_failure", () -> connect(Connections::reused, smallPool()));
        scenario("connect.async", Connections::asynchronous);
        scenario("connect.liveness_check", Connections::checked);
        scenario("connect.fifty_sessions", () -> graph(Connections::fiftySessions));
        scenario("connect.come_and_go", () ->
                atOnce(50, 10, n -> connect(driver -> inSession(driver, session -> single(session::run, "RETURN $n AS n", "n", n)))));
        scenario("connect.telemetry_on", () -> telemetry(false));
        scenario("connect.telemetry_off", () -> telemetry(true));
    }

    private static Object routed() throws Exception {
        since(1, 1, "routing");
        try (Driver driver = newRoutingDriver("")) {
            return inSession(driver, session -> {
                String name = marker();
                managed(session, "Write", tx -> column(tx, "CREATE (:" + name + ")"));
                Object kept = managed(session, "Read", tx -> count(tx, name));
                session.run("MATCH (n:" + name + ") DELETE n").consume();
                return kept;
            });
        }
    }

    /** The server that a summary tells of. */
    static Map<String, Object> server(Object info) {
        Map<String, Object> seen = new LinkedHashMap<>();
        String agent = call(info, has(info, "agent") ? "agent" : "version");
        seen.put("agent", agent.split("/")[0] + "/…");
        seen.put("address", ADDRESS.equals(call(info, "address")));
        if (has(info, "protocolVersion")) {
            seen.put("protocol", call(info, "protocolVersion"));
        }
        return seen;
    }

    private static Object refused(AuthToken auth) {
        return raised(() -> {
            try (Driver driver = newDriver("bolt://" + ADDRESS, auth)) {
                one(driver);
            }
        });
    }

    private static Object reused(Driver driver) throws Exception {
        List<Object> seen = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            seen.add(inSession(driver, Connections::refusedQuery));
            seen.add(one(driver));
        }
        seen.add(inSession(driver, session -> List.of(refusedQuery(session), single(session::run, "RETURN 2 AS x"))));
        return seen;
    }

    private static Object refusedQuery(Session session) {
        return raised(() -> session.run("this is not Cypher").consume());
    }

    private static Object asynchronous() {
        since(1, 5, "the asynchronous session");
        List<CompletableFuture<Object>> numbers = LongStream.range(0, 20).mapToObj(n -> number(shared(), n).toCompletableFuture()).toList();
        return numbers.stream().map(CompletableFuture::join).toList();
    }

    private static CompletionStage<Object> number(Driver driver, long n) {
        Object session = asyncSession(driver);
        CompletionStage<?> ran = call(session, "runAsync", "RETURN $n AS n", parameters("n", n));
        CompletionStage<Record> row = ran.thenCompose(cursor -> call(cursor, "singleAsync"));
        CompletionStage<Object> number = row.thenApply(Steps::first);
        return number.thenCompose(seen -> Release.<CompletionStage<?>>call(session, "closeAsync").thenApply(closed -> seen));
    }

    private static Object asyncSession(Driver driver) {
        if (is(6, 0)) {
            return call(driver, "session", type("async.AsyncSession"));
        }
        return is(4, 0) ? call(driver, "asyncSession") : driver.session();
    }

    private static Object checked() throws Exception {
        Setting[] settings = Stream.concat(Stream.of(livenessCheck()), Stream.of(smallPool())).toArray(Setting[]::new);
        return connect(driver -> {
            List<Object> seen = new ArrayList<>();
            for (int n = 0; n < 5; n++) {
                seen.add(one(driver));
            }
            return seen;
        }, settings);
    }

    private static Object fiftySessions(Driver driver, Session last, String name) throws Exception {
        CyclicBarrier allAreOpen = new CyclicBarrier(50);
        List<Object> right = atOnce(50, 50, n -> inSession(driver, session -> {
            Transaction tx = session.beginTransaction();
            tx.run("CREATE (:" + name + " {number: $number})", parameters("number", n)).consume();
            allAreOpen.await();
            List<Object> found = column(tx::run, "UNWIND range(1, 100) AS n RETURN n * $number AS n", "number", n);
            commit(tx);
            return found.equals(LongStream.rangeClosed(1, 100).mapToObj(by -> by * n).toList());
        }));
        boolean allRight = right.stream().allMatch(Boolean.TRUE::equals);
        return List.of(allRight, single(last::run, "MATCH (n:" + name + ") RETURN count(DISTINCT n.number)"));
    }

    private static Object telemetry(boolean disabled) throws Exception {
        return connect(driver -> inSession(driver, session -> {
            Transaction tx = session.beginTransaction();
            List<Object> seen = new ArrayList<>(List.of(single(tx::run, "RETURN 1 AS x")));
            commit(tx);
            seen.add(managed(session, "Read", inside -> single(inside, "RETURN 2 AS x")));
            seen.add(single(session::run, "RETURN 3 AS x"));
            List<Record> rows = call(call(call(driver, "executableQuery", "RETURN 4 AS x"), "execute"), "records");
            rows.forEach(row -> seen.add(Steps.first(row)));
            return seen;
        }), with("TelemetryDisabled", disabled));
    }

    private Connections() {}
}
