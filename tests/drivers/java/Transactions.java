package matrix;

import static matrix.Matrix.scenario;
import static matrix.Release.begin;
import static matrix.Release.bookmarksOf;
import static matrix.Release.built;
import static matrix.Release.call;
import static matrix.Release.callStatic;
import static matrix.Release.commit;
import static matrix.Release.constant;
import static matrix.Release.is;
import static matrix.Release.managed;
import static matrix.Release.rollback;
import static matrix.Release.with;
import static matrix.Shown.raised;
import static matrix.Steps.atOnce;
import static matrix.Steps.column;
import static matrix.Steps.count;
import static matrix.Steps.counted;
import static matrix.Steps.first;
import static matrix.Steps.graph;
import static matrix.Steps.inSession;
import static matrix.Steps.session;
import static matrix.Steps.single;
import static org.neo4j.driver.Values.parameters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import matrix.Release.Setting;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.summary.ResultSummary;

/** Scenarios about transactions and databases. */
final class Transactions {
    static void scenarios() {
        scenario("tx.auto_commit", () -> graph((driver, session, name) -> {
            session.run("CREATE (:" + name + ")").consume();
            return counted(driver, name);
        }));
        scenario("tx.commit", () -> graph((driver, session, name) -> {
            Transaction tx = session.beginTransaction();
            create(tx, name);
            create(tx, name);
            commit(tx);
            return List.of(count(session::run, name), counted(driver, name));
        }));
        scenario("tx.rollback", () -> graph((driver, session, name) -> {
            Transaction tx = session.beginTransaction();
            create(tx, name);
            rollback(tx);
            return List.of(count(session::run, name), counted(driver, name));
        }));
        scenario("tx.rollback_by_closing", () -> graph(Transactions::rollbackByClosing));
        scenario("tx.own_writes", () -> graph((driver, session, name) -> {
            Transaction tx = session.beginTransaction();
            create(tx, name);
            Object own = count(tx::run, name);
            Object others = counted(driver, name);
            commit(tx);
            return List.of(own, others, counted(driver, name));
        }));
        scenario("tx.failed", () -> graph(Transactions::failed));
        scenario("tx.managed", () -> graph((driver, session, name) -> List.of(
                managed(session, "Write", tx -> single(tx, "CREATE (n:" + name + " {x: 1}) RETURN n.x AS x")),
                managed(session, "Read", tx -> count(tx, name)))));
        scenario("tx.managed_exception", () -> graph((driver, session, name) -> List.of(
                raised(() -> managed(session, "Write", tx -> {
                    column(tx, "CREATE (:" + name + ")");
                    throw new IllegalStateException("on purpose");
                })),
                counted(driver, name))));
        scenario("tx.retry", () -> graph(Transactions::retry));
        scenario("tx.execute_query", () -> graph(Transactions::executableQuery));
        scenario("tx.several_results", () -> session(Transactions::severalResults, fetchSize(2)));
        scenario("tx.query_per_row", () -> graph(Transactions::queryPerRow));
        scenario("tx.result_left_open", () -> graph((driver, session, name) ->
                inSession(driver, leaving -> leftOpen(driver, leaving, name), fetchSize(1))));
        scenario("tx.metadata", () -> session(Transactions::metadata));
        scenario("tx.timeout", () -> graph(Transactions::timeout));
        scenario("tx.access_mode", () -> graph(Transactions::accessMode));
        scenario("tx.bookmark", () -> graph(Transactions::bookmark));
        scenario("tx.bookmarks_combined", () -> graph(Transactions::bookmarksCombined));
        scenario("tx.bookmark_invalid", Transactions::bookmarkInvalid);

        scenario("database.default", () -> List.of(database("neo4j"), database("NEO4J")));
        scenario("database.system", () -> session(session -> {
            Stream<Object> names = session.run("SHOW DATABASES").list().stream().map(row -> row.get("name").asObject());
            return names.filter(Set.of("neo4j", "system")::contains).sorted().toList();
        }, with("Database", "system")));
        scenario("database.unknown", () ->
                session(session -> raised(() -> session.run("RETURN 1").consume()), with("Database", "nobody-has-this")));
    }

    private static void create(Transaction tx, String name) {
        tx.run("CREATE (:" + name + ")").consume();
    }

    /** Before 4.0 a result comes as a whole. */
    static Setting[] fetchSize(long rows) {
        return is(4, 0) ? new Setting[] {with("FetchSize", rows)} : new Setting[0];
    }

    private static Object rollbackByClosing(Driver driver, Session session, String name) throws Exception {
        try (Session left = driver.session()) {
            create(left.beginTransaction(), name);
        }
        Object afterSession = counted(driver, name);
        try (Transaction tx = session.beginTransaction()) {
            create(tx, name);
        }
        return List.of(afterSession, counted(driver, name));
    }

    private static Object failed(Driver driver, Session other, String name) throws Exception {
        Session session = driver.session();
        Transaction tx = session.beginTransaction();
        create(tx, name);
        Object failure = raised(() -> tx.run("this is not Cypher").consume());
        Object next = raised(() -> tx.run("RETURN 1").consume());
        Object end = raised(() -> commit(tx));
        raised(session::close);
        return List.of(failure, next, end, counted(driver, name));
    }

    /** Each takes one node, waits for the other to have taken its own, and then wants that one. */
    private static Object retry(Driver driver, Session session, String name) throws Exception {
        session.run("CREATE (:" + name + " {name: 'a', n: 0}), (:" + name + " {name: 'b', n: 0})").consume();
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        String add = "MATCH (n:" + name + " {name: $node}) SET n.n = n.n + 1";
        List<List<String>> transfers = List.of(List.of("a", "b"), List.of("b", "a"));
        atOnce(2, 2, n -> inSession(driver, transfer -> managed(transfer, "Write", tx -> {
            attempts.incrementAndGet();
            column(tx, add, "node", transfers.get(n).get(0));
            bothHoldOne.countDown();
            awaited(bothHoldOne);
            return column(tx, add, "node", transfers.get(n).get(1));
        })));
        return Map.of("tried again", attempts.get() >= 3, "kept", column(session::run, "MATCH (n:" + name + ") RETURN n.n AS n"));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    private static Object executableQuery(Driver driver, Session session, String name) throws Exception {
        Object query = call(driver, "executableQuery", "CREATE (n:" + name + " {x: $x}) RETURN n.x AS x");
        Object result = call(call(query, "withParameters", Map.of("x", 5)), "execute");
        List<String> keys = call(result, "keys");
        List<Record> rows = call(result, "records");
        ResultSummary summary = call(result, "summary");
        return List.of(keys, column(rows.iterator()), summary.counters().nodesCreated(), counted(driver, name));
    }

    private static Object severalResults(Session session) {
        Transaction tx = session.beginTransaction();
        List<Iterator<Record>> results = new ArrayList<>();
        for (int by : new int[] {1, 10, 100}) {
            results.add(tx.run("UNWIND range(1, 5) AS n RETURN n * $by AS n", parameters("by", by)));
        }
        List<Object> seen = new ArrayList<>();
        while (results.get(0).hasNext()) {
            results.forEach(result -> seen.add(first(result.next())));
        }
        commit(tx);
        return seen;
    }

    private static Object queryPerRow(Driver driver, Session session, String name) {
        session.run("UNWIND range(1, 5) AS n CREATE (:" + name + " {n: n})").consume();
        Transaction tx = session.beginTransaction();
        Iterator<Record> rows = tx.run("MATCH (o:" + name + ") RETURN o.n AS n");
        rows.forEachRemaining(row -> tx.run("CREATE (:" + name + " {n: 10 * $n})", parameters("n", row.get("n"))).consume());
        commit(tx);
        return column(session::run, "MATCH (n:" + name + ") RETURN n.n AS n ORDER BY n");
    }

    private static Object leftOpen(Driver driver, Session session, String name) throws Exception {
        Transaction tx = session.beginTransaction();
        Object row = first(tx.run("UNWIND range(1, 10) AS n CREATE (m:" + name + " {n: n}) RETURN m.n AS n").next());
        commit(tx);
        return List.of(row, counted(driver, name));
    }

    private static Object metadata(Session session) {
        Setting metadata = with("Metadata", Map.of("app", "drivers", "attempt", 1));
        String query = "CALL tx.getMetaData() YIELD metadata RETURN metadata";
        Iterator<Record> alone = call(session, "run", query, built("TransactionConfig", metadata));
        List<Object> seen = column(alone);
        Transaction tx = begin(session, metadata);
        seen.add(single(tx::run, query));
        commit(tx);
        return seen;
    }

    private static Object timeout(Driver driver, Session session, String name) throws Exception {
        Session left = driver.session();
        Transaction tx = begin(left, with("Timeout", Duration.ofMillis(200)));
        create(tx, name);
        Object failure = raised(() -> {
            for (int n = 0; n < 10; n++) {
                Thread.sleep(400);
                tx.run("RETURN 1").consume();
            }
        });
        raised(left::close);
        return List.of(failure, counted(driver, name));
    }

    private static Object accessMode(Driver driver, Session writing, String name) throws Exception {
        String query = "CREATE (:" + name + ")";
        Setting read = with("DefaultAccessMode", constant("AccessMode", "READ"));
        return List.of(
                inSession(driver, session -> raised(() -> session.run(query).consume()), read),
                raised(() -> managed(writing, "Read", tx -> column(tx, query))),
                counted(driver, name));
    }

    private static Collection<?> written(Driver driver, String name) {
        try (Session session = driver.session()) {
            Transaction tx = session.beginTransaction();
            create(tx, name);
            commit(tx);
            return bookmarksOf(session);
        }
    }

    private static Object bookmark(Driver driver, Session other, String name) throws Exception {
        Collection<?> bookmarks = written(driver, name);
        return inSession(driver, session -> {
            Transaction tx = session.beginTransaction();
            Object seen = count(tx::run, name);
            create(tx, name);
            commit(tx);
            return List.of(bookmarks.size(), seen, !bookmarksOf(session).equals(bookmarks));
        }, with("Bookmarks", bookmarks));
    }

    private static Object bookmarksCombined(Driver driver, Session other, String name) throws Exception {
        List<Object> bookmarks = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            bookmarks.addAll(written(driver, name));
        }
        return inSession(driver, session -> {
            Transaction tx = session.beginTransaction();
            Object seen = count(tx::run, name);
            commit(tx);
            return seen;
        }, with("Bookmarks", bookmarks));
    }

    private static Object bookmarkInvalid() {
        return raised(() -> session(session -> {
            Transaction tx = session.beginTransaction();
            return single(tx::run, "RETURN 1");
        }, with("Bookmarks", List.of(nonsense()))));
    }

    private static Object nonsense() {
        if (is(5, 0)) {
            return callStatic("Bookmark", "from", "nonsense");
        }
        return is(4, 0) ? callStatic("Bookmark", "from", Set.of("nonsense")) : "nonsense";
    }

    /** As the summary calls it. */
    private static Object database(String name) throws Exception {
        return session(session -> call(call(session.run("RETURN 1").consume(), "database"), "name"), with("Database", name));
    }

    private Transactions() {}
}
