package matrix;

import static matrix.Matrix.scenario;
import static matrix.Release.commit;
import static matrix.Release.newSession;
import static matrix.Release.smallPool;
import static matrix.Release.with;
import static matrix.Shown.raised;
import static matrix.Steps.column;
import static matrix.Steps.connect;
import static matrix.Steps.count;
import static matrix.Steps.first;
import static matrix.Steps.graph;
import static matrix.Steps.one;
import static matrix.Steps.session;
import static matrix.Steps.single;
import static matrix.Transactions.fetchSize;
import static org.neo4j.driver.Values.parameters;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.summary.ResultSummary;

/** Scenarios about results and failures. */
final class Results {
    private static final String COUNT = "UNWIND range(1, $to) AS n RETURN n";

    static void scenarios() {
        scenario("result.fetch_1", () -> fetched(1));
        scenario("result.fetch_2", () -> fetched(2));
        scenario("result.fetch_1000", () -> fetched(1000));
        scenario("result.fetch_all", () -> fetched(-1));
        scenario("result.lazy", () -> session(session -> {
            var result = session.run(COUNT, parameters("to", 20_000));
            List<Object> seen = new ArrayList<>();
            for (int n = 0; n < 3; n++) {
                seen.add(first(result.next()));
            }
            result.consume();
            seen.add(single(session::run, "RETURN 1 AS x"));
            return seen;
        }));
        scenario("result.discard", () -> graph((driver, session, name) -> {
            ResultSummary summary = session.run("UNWIND range(1, 100) AS n CREATE (m:" + name + " {n: n}) RETURN m").consume();
            return List.of(summary.counters().nodesCreated(), count(session::run, name));
        }));
        scenario("result.close_mid_stream", () -> connect(Results::closedMidStream, smallPool()));
        scenario("result.empty", () -> graph((driver, session, name) ->
                List.of(column(session::run, "UNWIND [] AS n RETURN n"), column(session::run, "CREATE (:" + name + ")"))));
        scenario("result.columns", () -> session(Results::columns));
        scenario("result.error_mid_stream", () -> fails("UNWIND [1, 2, 0] AS n RETURN 6 / n AS n"));
        scenario("result.rows_200000", () -> session(session -> {
            Iterator<Record> rows = session.run(COUNT, parameters("to", 200_000));
            long number = 0;
            long total = 0;
            while (rows.hasNext()) {
                number++;
                total += rows.next().get(0).asLong();
            }
            return List.of(number, total);
        }));
        scenario("result.parameter_20_mib", () ->
                session(session -> single(session::run, "RETURN size($x) AS n", "x", "x".repeat(20 << 20))));

        scenario("error.syntax", () -> fails("RETUN 1"));
        scenario("error.procedure", () -> fails("CALL no.such.procedure()"));
        scenario("error.parameter", () -> fails("RETURN $missing AS x"));
        scenario("error.type", () -> fails("UNWIND $x AS x RETURN x + 1 AS y", "x", List.of(true)));
        scenario("error.division", () -> fails("RETURN 1 / $x AS x", "x", 0));
        scenario("error.constraint", () -> graph(Results::constraint));
    }

    private static Object fetched(long rows) throws Exception {
        return session(session -> {
            List<Object> seen = new ArrayList<>();
            for (int to : new int[] {0, 1, 2, 3, 1000, 1001}) {
                seen.add(column(session::run, COUNT, "to", to).equals(LongStream.rangeClosed(1, to).boxed().toList()));
            }
            Transaction tx = session.beginTransaction();
            seen.add(column(tx::run, COUNT, "to", 2001).size());
            commit(tx);
            return seen;
        }, with("FetchSize", rows));
    }

    private static Object closedMidStream(Driver driver) throws Exception {
        List<Object> seen = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            try (Session session = newSession(driver, fetchSize(2))) {
                seen.add(first(session.run(COUNT, parameters("to", 1000)).next()));
            }
        }
        seen.add(one(driver));
        return seen;
    }

    private static Object columns(Session session) {
        List<String> names = IntStream.range(0, 200).mapToObj(n -> "c" + n).toList();
        String items = IntStream.range(0, 200).mapToObj(n -> n + " AS c" + n).collect(Collectors.joining(", "));
        Record row = session.run("RETURN " + items).single();
        return List.of(row.keys().equals(names), names.stream().allMatch(name -> name.equals("c" + row.get(name).asInt())), row.size());
    }

    private static Object fails(String query, Object... parameters) throws Exception {
        return session(session ->
                List.of(raised(() -> column(session::run, query, parameters)), single(session::run, "RETURN 1 AS x")));
    }

    private static Object constraint(Driver driver, Session session, String name) {
        Summaries.constrain(session, name);
        session.run("CREATE (:" + name + " {x: 1})").consume();
        List<Object> seen = List.of(raised(() -> session.run("CREATE (:" + name + " {x: 1})").consume()), count(session::run, name));
        session.run("MATCH (n:" + name + ") DELETE n").consume();
        Summaries.unconstrain(session, name);
        return seen;
    }

    private Results() {}
}
