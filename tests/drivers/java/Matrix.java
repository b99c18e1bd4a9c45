package matrix;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.LogManager;

/**
 * The scenarios of ../scenarios.yaml with whichever release of the driver is on the class path, one JSON line a scenario.
 *
 * <p>BOLT_ADDRESS is the server's host and port. BOLT_USER, BOLT_PASSWORD, BOLT_OTHER_USER and BOLT_OTHER_PASSWORD are two of its
 * users. Arguments are the scenarios to run; without any, all are.
 *
 * <p>A line says what the driver's user saw: values, the class and code of an exception, parts of a summary. Left out is what differs
 * from run to run (ids, times, bookmarks, addresses) and what each server words in its own way (messages, its own version).
 * A scenario is absent when the release lacks the feature.
 *
 * <p>The scenarios are compiled for each release against what all releases have, which before 4.0 is the package
 * org.neo4j.driver.v1 and replaced by the installation. What has changed over the years is called by its name, in {@link Release}.
 */
final class Matrix {
    private static final long LONGEST_IN_SECONDS = 60;
    private static final Map<String, Callable<?>> SCENARIOS = new LinkedHashMap<>();

    /** The release lacks what the scenario is about. */
    static final class Absent extends RuntimeException {
        Absent(String why) {
            super(why);
        }
    }

    static void scenario(String name, Callable<?> work) {
        SCENARIOS.put(name, work);
    }

    public static void main(String[] asked) {
        LogManager.getLogManager().reset();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Connections.scenarios();
        Users.scenarios();
        Transactions.scenarios();
        Results.scenarios();
        Summaries.scenarios();
        ValueTypes.scenarios();
        Collection<String> names = asked.length == 0 ? SCENARIOS.keySet() : Arrays.asList(asked);
        for (String name : names) {
            out.println(Shown.json(told(name)));
        }
        System.exit(0);
    }

    private static Map<String, Object> told(String scenario) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("scenario", scenario);
        try {
            line.put("observed", limited(SCENARIOS.get(scenario)));
            line.put("outcome", "value");
        } catch (Absent absent) {
            line.put("outcome", "absent");
            line.put("reason", absent.getMessage());
        } catch (Throwable error) {
            line.put("outcome", "error");
            line.put("observed", Shown.exception(error));
            line.put("reason", trace(error));
        }
        return line;
    }

    private static Object limited(Callable<?> scenario) throws Throwable {
        FutureTask<Object> task = new FutureTask<>(scenario::call);
        Thread thread = new Thread(task, "scenario");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(LONGEST_IN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException error) {
            throw error.getCause();
        } catch (TimeoutException error) {
            Release.forgetShared();
            throw error;
        }
    }

    private static String trace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.getBuffer().length() > 2000 ? text.getBuffer().substring(0, 2000) : text.toString();
    }

    private Matrix() {}
}
