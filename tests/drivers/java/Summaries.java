package matrix;

import static matrix.Matrix.scenario;
import static matrix.Release.call;
import static matrix.Release.callStatic;
import static matrix.Release.constant;
import static matrix.Release.has;
import static matrix.Release.is;
import static matrix.Release.queryOf;
import static matrix.Release.typeOf;
import static matrix.Release.with;
import static matrix.Steps.connect;
import static matrix.Steps.count;
import static matrix.Steps.graph;
import static matrix.Steps.inSession;
import static matrix.Steps.marker;
import static matrix.Steps.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import matrix.Release.Setting;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Session;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.summary.Notification;
import org.neo4j.driver.summary.Plan;
import org.neo4j.driver.summary.ProfiledPlan;
import org.neo4j.driver.summary.ResultSummary;
import org.neo4j.driver.summary.SummaryCounters;

/** Scenarios about summaries. */
final class Summaries {
    private static final String UNKNOWN_LABEL = "MATCH (n:NobodyIsCalledThis) RETURN n";

    static void scenarios() {
        scenario("summary.nodes", () -> allCounted(
                "CREATE (:L:More), (:L)",
                "MATCH (n:L) SET n:Most",
                "MATCH (n:L) REMOVE n:Most",
                "MATCH (n:L) DELETE n",
                "MATCH (n:L) DELETE n"));
        scenario("summary.relationships", () -> allCounted(
                "CREATE (a:L)-[:R]->(b:L), (a)-[:R]->(b)",
                "MATCH (:L)-[r:R]->() WITH r LIMIT 1 DELETE r",
                "MATCH (n:L) DETACH DELETE n"));
        scenario("summary.properties", () -> allCounted(
                "CREATE (:L {x: 1, y: 2})",
                "MATCH (n:L) SET n.x = 2, n.z = 3",
                "MATCH (n:L) REMOVE n.x"));
        scenario("summary.indexes", () -> graph((driver, session, name) -> List.of(
                counters(either(session, "CREATE INDEX i" + name + " FOR (n:" + name + ") ON (n.x)", "CREATE INDEX ON :" + name + "(x)")),
                counters(either(session, "DROP INDEX i" + name, "DROP INDEX ON :" + name + "(x)")))));
        scenario("summary.constraints", () -> graph((driver, session, name) ->
                List.of(counters(constrain(session, name)), counters(unconstrain(session, name)))));
        scenario("summary.query_type", () -> graph(Summaries::types));
        scenario("summary.query", () -> session(session -> {
            Object query = queryOf(session.run("RETURN $x AS x", Map.of("x", List.of("a", true))).consume());
            String text = call(query, "text");
            Value parameters = call(query, "parameters");
            return List.of(text, parameters.asMap());
        }));
        scenario("summary.database", () -> session(session -> call(call(session.run("RETURN 1").consume(), "database"), "name")));
        scenario("summary.server", () -> session(session -> Connections.server(call(session.run("RETURN 1").consume(), "server"))));
        scenario("summary.times", () -> session(session -> {
            ResultSummary summary = session.run("UNWIND range(1, 10) AS n RETURN n").consume();
            Stream<String> times = Stream.of("resultAvailableAfter", "resultConsumedAfter");
            return times.map(time -> Release.<Long>call(summary, time, TimeUnit.MILLISECONDS) >= 0).toList();
        }));
        scenario("summary.plan", () -> graph((driver, session, name) -> {
            ResultSummary summary = session.run("EXPLAIN CREATE (n:" + name + ") RETURN n").consume();
            boolean whole = operators(summary.plan(), Plan::children).allMatch(plan ->
                    !plan.operatorType().isEmpty() && plan.identifiers() != null && plan.arguments() != null);
            return List.of(whole, summary.hasProfile(), count(session::run, name));
        }));
        scenario("summary.profile", () -> graph((driver, session, name) -> {
            session.run("UNWIND range(1, 10) AS n CREATE (:" + name + " {n: n})").consume();
            var result = session.run("PROFILE MATCH (n:" + name + ") RETURN n.n AS n");
            int rows = result.list().size();
            ProfiledPlan profile = result.consume().profile();
            boolean whole = operators(profile, ProfiledPlan::children).allMatch(plan -> plan.records() >= 0 && plan.dbHits() >= 0);
            return List.of(rows, profile.records(), whole);
        }));
        scenario("summary.notifications", () -> session(Summaries::notifications));
        scenario("summary.gql_status", () -> graph(Summaries::statuses));
        scenario("summary.filter_session", () -> filtered(filter -> session(Summaries::codes, filter)));
        scenario("summary.filter_driver", () -> filtered(filter -> connect(driver -> inSession(driver, Summaries::codes), filter)));
    }

    /** The counters that are not zero. */
    private static Map<String, Object> counters(ResultSummary summary) {
        SummaryCounters counters = summary.counters();
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("nodesCreated", counters.nodesCreated());
        seen.put("nodesDeleted", counters.nodesDeleted());
        seen.put("relationshipsCreated", counters.relationshipsCreated());
        seen.put("relationshipsDeleted", counters.relationshipsDeleted());
        seen.put("propertiesSet", counters.propertiesSet());
        seen.put("labelsAdded", counters.labelsAdded());
        seen.put("labelsRemoved", counters.labelsRemoved());
        seen.put("indexesAdded", counters.indexesAdded());
        seen.put("indexesRemoved", counters.indexesRemoved());
        seen.put("constraintsAdded", counters.constraintsAdded());
        seen.put("constraintsRemoved", counters.constraintsRemoved());
        seen.values().removeIf(Integer.valueOf(0)::equals);
        seen.put("containsUpdates", counters.containsUpdates());
        for (String name : List.of("containsSystemUpdates", "systemUpdates")) {
            if (has(counters, name)) {
                seen.put(name, call(counters, name));
            }
        }
        return seen;
    }

    private static Object allCounted(String... queries) throws Exception {
        return graph((driver, session, name) -> Stream.of(queries)
                .map(query -> counters(session.run(query.replace(":L", ":" + name)).consume()))
                .toList());
    }

    /** The summary of a statement in the words of today, or in those of Neo4j 3.5. */
    private static ResultSummary either(Session session, String today, String old) {
        try {
            return session.run(today).consume();
        } catch (ClientException error) {
            if (!"Neo.ClientError.Statement.SyntaxError".equals(Shown.exception(error).get("code"))) {
                throw error;
            }
            return session.run(old).consume();
        }
    }

    static ResultSummary constrain(Session session, String name) {
        return either(
                session,
                "CREATE CONSTRAINT c" + name + " FOR (n:" + name + ") REQUIRE n.x IS UNIQUE",
                "CREATE CONSTRAINT ON (n:" + name + ") ASSERT n.x IS UNIQUE");
    }

    static ResultSummary unconstrain(Session session, String name) {
        return either(session, "DROP CONSTRAINT c" + name, "DROP CONSTRAINT ON (n:" + name + ") ASSERT n.x IS UNIQUE");
    }

    private static Object types(Driver driver, Session session, String name) {
        List<Object> seen = new ArrayList<>();
        for (String query : List.of("MATCH (n:L) RETURN n", "CREATE (:L)", "CREATE (n:L) RETURN n", "MATCH (n:L) SET n.x = 1")) {
            seen.add(typeOf(session.run(query.replace(":L", ":" + name)).consume()));
        }
        String other = marker();
        constrain(session, other);
        seen.add(typeOf(unconstrain(session, other)));
        return seen;
    }

    private static <P> Stream<P> operators(P plan, Function<P, ? extends List<? extends P>> children) {
        return Stream.concat(Stream.of(plan), children.apply(plan).stream().flatMap(child -> operators(child, children)));
    }

    private static Object notifications(Session session) {
        // Before 5, Neo4j has a word about it only when it explains.
        ResultSummary summary = session.run(is(5, 0) ? UNKNOWN_LABEL : "EXPLAIN " + UNKNOWN_LABEL).consume();
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("notifications", summary.notifications().stream().map(Summaries::notification).toList());
        if (has(summary, "gqlStatusObjects")) {
            seen.put("statuses", gqlStatusObjects(summary).stream().map(Summaries::status).toList());
        }
        return seen;
    }

    private static Object notification(Notification notification) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("code", notification.code());
        if (has(notification, "severity")) {
            seen.put("severity", call(notification, "severity"));
        }
        putOptional(seen, notification, "rawSeverityLevel", "rawCategory");
        seen.put("titled", !notification.title().isEmpty());
        seen.put("described", !notification.description().isEmpty());
        return seen;
    }

    private static Object status(Object status) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("gqlStatus", call(status, "gqlStatus"));
        seen.put("isNotification", isNotification(status));
        putOptional(seen, status, "rawSeverity", "rawSeverityLevel", "rawClassification");
        seen.put("described", !Release.<String>call(status, "statusDescription").isEmpty());
        return seen;
    }

    private static void putOptional(Map<String, Object> seen, Object from, String... names) {
        for (String name : names) {
            if (has(from, name)) {
                seen.put(name, Release.<Optional<?>>call(from, name).orElse(null));
            }
        }
    }

    private static Collection<?> gqlStatusObjects(ResultSummary summary) {
        return call(summary, "gqlStatusObjects");
    }

    private static boolean isNotification(Object status) {
        return has(status, "rawClassification");
    }

    private static Object statuses(Driver driver, Session session, String name) {
        List<Object> seen = new ArrayList<>();
        for (String query : List.of("RETURN 1 AS x", "CREATE (:" + name + ")", "UNWIND [] AS x RETURN x")) {
            Stream<?> statuses = gqlStatusObjects(session.run(query).consume()).stream();
            seen.add(statuses.filter(status -> !isNotification(status)).map(status -> call(status, "gqlStatus")).toList());
        }
        return seen;
    }

    private static Object codes(Session session) {
        return session.run(UNKNOWN_LABEL).consume().notifications().stream().map(Notification::code).toList();
    }

    /** What comes of each filter, by the name of what it is made of. */
    private static Object filtered(Steps.Work<Setting> work) throws Exception {
        Object all = callStatic("NotificationConfig", "defaultConfig");
        Map<String, Setting> filters = new LinkedHashMap<>();
        filters.put("nothing", with("NotificationConfig", (Object) callStatic("NotificationConfig", "disableAllConfig")));
        filters.put("INFORMATION", with("NotificationConfig",
                (Object) call(all, "enableMinimumSeverity", constant("NotificationSeverity", "INFORMATION"))));
        for (String category : List.of("UNRECOGNIZED", "HINT")) {
            Set<Object> disabled = Set.of(constant("NotificationCategory", category));
            filters.put("without " + category, with("NotificationConfig", (Object) call(all, "disableCategories", disabled)));
        }
        if (is(5, 22)) {
            Set<Object> disabled = Set.of(constant("NotificationClassification", "UNRECOGNIZED"));
            filters.put("without the classification UNRECOGNIZED", with("DisabledNotificationClassifications", disabled));
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        for (Map.Entry<String, Setting> filter : filters.entrySet()) {
            seen.put(filter.getKey(), work.with(filter.getValue()));
        }
        return seen;
    }

    private Summaries() {}
}
