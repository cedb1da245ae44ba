package org.espalier.kernel;

import java.lang.instrument.Instrumentation;
import java.util.Optional;

/**
 * The kernel's jar is its own agent, because only an agent may redefine a loaded class. Redefining a notebook's method in place is what
 * keeps the notebook's variables. Where the agent is missing everything else works.
 */
public final class Agent {
    // The JVM hands the instrumentation over once, to a static method, before main: there is no other place to keep it.
    private static volatile Instrumentation instrumentation;

    private Agent() { }

    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    /** What may redefine classes, if this JVM was started with this jar as {@code -javaagent}. */
    public static Optional<Instrumentation> instrumentation() {
        return Optional.ofNullable(instrumentation);
    }
}
