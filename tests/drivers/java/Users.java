package matrix;

import static matrix.Matrix.scenario;
import static matrix.Release.ADDRESS;
import static matrix.Release.AUTH;
import static matrix.Release.OTHER_AUTH;
import static matrix.Release.call;
import static matrix.Release.implemented;
import static matrix.Release.newDriver;
import static matrix.Release.shared;
import static matrix.Release.since;
import static matrix.Release.smallPool;
import static matrix.Release.with;
import static matrix.Shown.raisedOr;
import static matrix.Steps.connect;
import static matrix.Steps.inSession;
import static matrix.Steps.marker;
import static matrix.Steps.session;
import static matrix.Steps.single;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Session;

/** Scenarios about users. */
final class Users {
    private static final Map<String, String> USERS =
            Map.of(System.getenv("BOLT_USER"), "first user", System.getenv("BOLT_OTHER_USER"), "second user");

    static void scenarios() {
        scenario("auth.verify", () -> {
            AuthToken stranger = AuthTokens.basic("stranger" + marker(), "wrong");
            boolean known = call(shared(), "verifyAuthentication", OTHER_AUTH);
            boolean unknown = call(shared(), "verifyAuthentication", stranger);
            return List.of(known, unknown);
        });
        scenario("auth.session", () -> {
            since(5, 8, "a session's user");
            return connect(driver -> List.of(user(driver), otherUser(driver), user(driver)), smallPool());
        });
        scenario("auth.change", Users::change);
        scenario("auth.impersonation", () -> raisedOr(() -> session(Users::user, with("ImpersonatedUser", "somebody"))));
    }

    private static Object user(Session session) {
        return USERS.get(single(session::run, "CALL dbms.showCurrentUser() YIELD username RETURN username"));
    }

    private static Object user(Driver driver) throws Exception {
        return inSession(driver, Users::user);
    }

    private static Object otherUser(Driver driver) {
        try (Session session = call(driver, "session", Session.class, OTHER_AUTH)) {
            return user(session);
        }
    }

    private static Object change() throws Exception {
        AtomicReference<AuthToken> current = new AtomicReference<>(AUTH);
        Object manager = implemented("AuthTokenManager", (proxy, method, arguments) ->
                method.getName().equals("getToken") ? CompletableFuture.completedFuture(current.get()) : (Object) false);
        try (Driver driver = newDriver("bolt://" + ADDRESS, manager, smallPool())) {
            Object before = user(driver);
            current.set(OTHER_AUTH);
            return List.of(before, user(driver));
        }
    }

    private Users() {}
}
