package matrix;

import static matrix.Release.newDriver;
import static matrix.Release.newSession;
import static matrix.Release.shared;
import static org.neo4j.driver.Values.parameters;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import matrix.Release.Runner;
import matrix.Release.Setting;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;

/** What scenarios are made of. */
final class Steps {
    interface Work<A> {
        Object with(A given) throws Exception;
    }

    interface GraphWork {
        Object with(Driver driver, Session session, String name) throws Exception;
    }

    /** A label that no other run uses. */
    static String marker() {
        return "M" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    }

    static boolean isMarker(String label) {
        return label.matches("M[0-9a-f]{12}");
    }

    static Object inSession(Driver driver, Work<Session> work, Setting... settings) throws Exception {
        try (Session session = newSession(driver, settings)) {
            return work.with(session);
        }
    }

    /** With a session of the shared driver. */
    static Object session(Work<Session> work, Setting... settings) throws Exception {
        return inSession(shared(), work, settings);
    }

    /** With a driver of its own. */
    static Object connect(Work<Driver> work, Setting... settings) throws Exception {
        try (Driver driver = newDriver(settings)) {
            return work.with(driver);
        }
    }

    /** With the shared driver, a session, and a label whose nodes are gone afterwards. */
    static Object graph(GraphWork work) throws Exception {
        String name = marker();
        try {
            return session(session -> work.with(shared(), session, name));
        } finally {
            session(session -> session.run("MATCH (n:" + name + ") DETACH DELETE n").consume());
        }
    }

    static List<Object> column(Runner runner, String query, Object... parameters) {
        return column(runner.run(query, parameters(parameters)));
    }

    static List<Object> column(Iterator<Record> rows) {
        List<Object> values = new ArrayList<>();
        rows.forEachRemaining(row -> values.add(first(row)));
        return values;
    }

    static Object single(Runner runner, String query, Object... parameters) {
        List<Object> values = column(runner, query, parameters);
        if (values.size() != 1) {
            throw new IllegalStateException(values.size() + " rows");
        }
        return values.get(0);
    }

    static Object first(Record row) {
        return Shown.show(row.get(0).asObject());
    }

    static Object count(Runner runner, String name) {
        return single(runner, "MATCH (n:" + name + ") RETURN count(n) AS n");
    }

    static Object counted(Driver driver, String name) throws Exception {
        return inSession(driver, session -> count(session::run, name));
    }

    static Object one(Driver driver) throws Exception {
        return inSession(driver, session -> single(session::run, "RETURN 1 AS x"));
    }

    /** What comes of so many at once, each on a thread of its own. */
    static List<Object> atOnce(int number, int threads, Work<Integer> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Object>> futures = IntStream.range(0, number).mapToObj(n -> pool.submit(() -> work.with(n))).toList();
            List<Object> results = new ArrayList<>();
            for (Future<Object> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException error) {
            throw error.getCause() instanceof Exception cause ? cause : error;
        } finally {
            pool.shutdownNow();
        }
    }

    private Steps() {}
}
