package matrix;

import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import matrix.Matrix.Absent;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.Value;
import org.neo4j.driver.summary.ResultSummary;

/** The driver's API as far as it has changed over the years, called by name: what a release lacks is absent. */
final class Release {
    static final String ADDRESS = System.getenv("BOLT_ADDRESS");
    static final AuthToken AUTH = AuthTokens.basic(System.getenv("BOLT_USER"), System.getenv("BOLT_PASSWORD"));
    static final AuthToken OTHER_AUTH = AuthTokens.basic(System.getenv("BOLT_OTHER_USER"), System.getenv("BOLT_OTHER_PASSWORD"));

    private static final int[] VERSION =
            Stream.of(Driver.class.getPackage().getImplementationVersion().split("\\.")).limit(2).mapToInt(Integer::parseInt).toArray();

    /** One driver for all scenarios that want nothing special, since each connection costs the server a hashed password. */
    private static Driver shared;

    static boolean is(int major, int minor) {
        return VERSION[0] > major || (VERSION[0] == major && VERSION[1] >= minor);
    }

    static void since(int major, int minor, String what) {
        if (!is(major, minor)) {
            throw new Absent(what + " came with " + major + "." + minor);
        }
    }

    // Drivers.

    /** What a builder is told: its method, and the arguments. */
    record Setting(String method, Object... values) {}

    static Setting with(String name, Object... values) {
        return new Setting("with" + name, values);
    }

    /** At most one connection, where that can be set. */
    static Setting[] smallPool() {
        return is(1, 5) ? new Setting[] {with("MaxConnectionPoolSize", 1)} : new Setting[0];
    }

    /** Each connection is checked before it is used. */
    static Setting livenessCheck() {
        return is(1, 4) ? with("ConnectionLivenessCheckTimeout", 0L, TimeUnit.MILLISECONDS) : with("SessionLivenessCheckTimeout", 0L);
    }

    /** The driver's user is an AuthToken or an AuthTokenManager. */
    static Driver newDriver(String url, Object auth, Setting... settings) {
        return callStatic("GraphDatabase", "driver", url, auth, config(settings));
    }

    static Driver newDriver(Setting... settings) {
        return newDriver("bolt://" + ADDRESS, AUTH, settings);
    }

    static Driver newRoutingDriver(String context) {
        return newDriver((is(4, 0) ? "neo4j://" : "bolt+routing://") + ADDRESS + context, AUTH);
    }

    static synchronized Driver shared() {
        if (shared == null) {
            shared = newDriver();
        }
        return shared;
    }

    /** A scenario that does not end may have left it in any state. */
    static synchronized void forgetShared() {
        shared = null;
    }

    /** Before 4.0 the driver asks for encryption unless told otherwise. */
    private static Object config(Setting... settings) {
        if (is(4, 0)) {
            return call(told(callStatic("Config", "builder"), settings), "build");
        }
        Object builder = call(callStatic("Config", "build"), "withEncryptionLevel", constant("Config$EncryptionLevel", "NONE"));
        return call(told(builder, settings), "toConfig");
    }

    // Sessions and transactions.

    /** What a session was told before 4.0, as its only argument. */
    private static final Set<String> SET_BEFORE_4 = Set.of("withDefaultAccessMode", "withBookmarks");

    static Session newSession(Driver driver, Setting... settings) {
        if (settings.length == 0) {
            return driver.session();
        }
        if (is(4, 0)) {
            return call(driver, "session", built("SessionConfig", settings));
        }
        if (!SET_BEFORE_4.contains(settings[0].method())) {
            throw new Absent("no " + settings[0].method());
        }
        if (!is(1, 1)) {
            throw new Absent("a session takes no settings");
        }
        return call(driver, "session", settings[0].values());
    }

    /** What a query can be run in. */
    interface Runner {
        Iterator<Record> run(String query, Value parameters);
    }

    static <T> T managed(Session session, String access, Function<Runner, T> work) {
        String method = is(5, 0) ? "execute" + access : access.toLowerCase(Locale.ROOT) + "Transaction";
        Object callback = implemented(is(5, 0) ? "TransactionCallback" : "TransactionWork", (proxy, called, arguments) ->
                work.apply((query, parameters) -> call(arguments[0], "run", query, parameters)));
        return call(session, method, callback);
    }

    static Transaction begin(Session session, Setting... settings) {
        return call(session, "beginTransaction", built("TransactionConfig", settings));
    }

    static void commit(Transaction transaction) {
        if (is(4, 0)) {
            call(transaction, "commit");
        } else {
            call(transaction, "success");
            transaction.close();
        }
    }

    static void rollback(Transaction transaction) {
        if (is(4, 0)) {
            call(transaction, "rollback");
        } else {
            call(transaction, "failure");
            transaction.close();
        }
    }

    static Collection<?> bookmarksOf(Session session) {
        return is(5, 0) ? Release.<Collection<?>>call(session, "lastBookmarks") : List.of((Object) call(session, "lastBookmark"));
    }

    // Summaries.

    static Object queryOf(ResultSummary summary) {
        return call(summary, is(4, 0) ? "query" : "statement");
    }

    static String typeOf(ResultSummary summary) {
        return call(summary, is(4, 0) ? "queryType" : "statementType").toString();
    }

    // Calling by name.

    static Object built(String type, Setting... settings) {
        return call(told(callStatic(type, "builder"), settings), "build");
    }

    private static Object told(Object builder, Setting... settings) {
        Object now = builder;
        for (Setting setting : settings) {
            now = call(now, setting.method(), setting.values());
        }
        return now;
    }

    static Class<?> type(String name) {
        try {
            return Class.forName(Driver.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException error) {
            throw new Absent("no " + name);
        }
    }

    static boolean has(Object target, String method) {
        return methods(target.getClass()).anyMatch(one -> one.getName().equals(method) && one.getParameterCount() == 0);
    }

    static Object constant(String type, String name) {
        try {
            return type(type).getField(name).get(null);
        } catch (ReflectiveOperationException error) {
            throw new Absent("no " + type + "." + name);
        }
    }

    /** An object of that type of the driver, which does the same whatever method is called. */
    static Object implemented(String type, InvocationHandler handler) {
        return Proxy.newProxyInstance(Release.class.getClassLoader(), new Class<?>[] {type(type)}, handler);
    }

    static <T> T call(Object target, String method, Object... arguments) {
        return invoke(target.getClass(), target, method, arguments);
    }

    static <T> T callStatic(String type, String method, Object... arguments) {
        return invoke(type(type), null, method, arguments);
    }

    @SuppressWarnings("unchecked") // The caller knows what the method returns.
    private static <T> T invoke(Class<?> type, Object target, String name, Object... arguments) {
        Optional<Method> method = methods(type).filter(one -> one.getName().equals(name) && accepts(one, arguments)).findFirst();
        try {
            return (T) method.orElseThrow(() -> new Absent("no " + name)).invoke(target, arguments);
        } catch (InvocationTargetException error) {
            throw Release.<RuntimeException>unchecked(error.getCause());
        } catch (IllegalAccessException error) {
            throw new AssertionError(error);
        }
    }

    /** Those of the API: what the classes behind it have beside is not for users. */
    private static Stream<Method> methods(Class<?> type) {
        return Stream.<Class<?>>iterate(type, one -> one != null, Class::getSuperclass)
                .flatMap(one -> Stream.concat(Stream.of(one), Stream.of(one.getInterfaces())))
                .flatMap(one -> Stream.of(one.getMethods()))
                .filter(method -> !method.getDeclaringClass().getName().contains(".internal."));
    }

    private static boolean accepts(Method method, Object... arguments) {
        Class<?>[] parameters = MethodType.methodType(void.class, method.getParameterTypes()).wrap().parameterArray();
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int n = 0; n < parameters.length; n++) {
            if (!parameters[n].isInstance(arguments[n])) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked") // The compiler is told that it is unchecked, which throws it as it is.
    private static <E extends Throwable> E unchecked(Throwable error) throws E {
        throw (E) error;
    }

    private Release() {}
}
