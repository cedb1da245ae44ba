package org.espalier.kernel.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.espalier.kernel.Agent;

/** Random sessions against a model of what must be kept: whatever is declared, imported or fails, a value is lost by no one but its owner. */
class KeptValuesTest {
    private static final int STEPS = 200;
    private static final String[] NAMES = {"a", "b", "c", "d", "e", "f"};
    private static final String[] PACKAGES = {"java.awt.*", "java.util.List", "java.awt.List", "java.sql.*", "java.util.Date", "java.sql.Date", "java.lang.reflect.*",
        "javax.swing.text.*", "java.util.*", "java.awt.event.*", "javax.management.*", "java.util.Map.Entry", "java.util.Map.*"};

    @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void noValueIsLostThatCouldBeKept(@ForAll long seed) throws Exception {
        try (Session session = new Session(Agent.instrumentation(), new PrintStream(OutputStream.nullOutputStream()))) {
            new Script(session, new Random(seed)).run();
        }
    }

    private static final class Script {
        private final Session session;
        private final Random random;
        private final Map<String, Object> kept = new LinkedHashMap<>();
        private final Map<String, Object> answers = new LinkedHashMap<>();
        private final List<String> said = new ArrayList<>();
        private int number;
        private int version;

        Script(Session session, Random random) {
            this.session = session;
            this.random = random;
        }

        void run() throws Exception {
            assertEquals(Map.of(), session.prepare(List.of("import java.util.*;", "import java.util.function.*;")));
            good("int size(Object x) { return String.valueOf(x).length(); }");
            good("class Net { int width = 3; }");
            for (int step = 0; step < STEPS; step++) {
                step();
                String some = kept.isEmpty() || step % 10 == 0 ? null : pick(kept);
                for (Map.Entry<String, Object> one : kept.entrySet()) {
                    if (some == null || some.equals(one.getKey())) {
                        Object now = value(one.getKey());
                        assertTrue(same(one.getValue(), now), () -> one.getKey() + " was " + one.getValue() + ", is " + now + " after\n" + String.join("\n", said));
                    }
                }
            }
            for (Map.Entry<String, Object> one : answers.entrySet()) {
                assertEquals(one.getValue(), value(one.getKey()), () -> one.getKey() + " after\n" + String.join("\n", said));
            }
        }

        private static boolean same(Object before, Object now) {
            return before instanceof Number || before instanceof Boolean ? before.equals(now) : before == now;
        }

        private void step() throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> declare(pick(NAMES), fresh());
                case 3, 4 -> declare(pick(NAMES), derived());
                case 5 -> attempt("import " + pick(PACKAGES) + ";");
                case 6 -> good(pick(new String[] {"int", "double", "String", "Object"}) + " made(int x) { " + pick(new String[] {"return ", "int y = x; return "})
                        + pick(new String[] {"null", "7", "\"t\"", ".5"}) + "; }", true);
                case 7 -> good(pick(new String[] {"class Net { int width = " + random.nextInt(9) + "; }", "class Net { int width = 3; int depth = 2; }",
                    "class Net { int width = 3; int twice() { return 2 * width; } }", "record Net(int width) { Net() { this(4); } }"}));
                case 8 -> fail(pick(NAMES));
                case 9 -> method();
                case 10 -> attempt(pick(new String[] {"int broken(", "unknown + 1", "new Net(\"no\", \"such\")", "import no.such.*;", "class Net { int width() { return \"x\"; } }",
                    "int size(Object x) { return \"text\"; }", "throw new IllegalStateException(\"on purpose\");"}));
                default -> redeclareWithoutValue();
            }
        }

        /** Declares a variable; what it holds then is what it must hold from there on. */
        private void declare(String name, String declaration) throws Exception {
            if (attempt(declaration.replace("#", name))) {
                kept.put(name, value(name));
            }
        }

        private String fresh() {
            return pick(new String[] {"int # = " + random.nextInt(100) + ";", "double # = " + random.nextInt(100) + " / 7.0;", "String # = \"t\" + " + random.nextInt() + ";",
                "java.util.List<Double> # = new java.util.ArrayList<>(java.util.List.of(1.0));", "List<Double> # = new ArrayList<>();", "int[] # = {1, 2};",
                "var # = new Net();", "Net # = new Net();", "Net[] # = {new Net()};", "var # = new java.util.HashMap<String, Net[]>();",
                "Map<String, List<int[]>> # = new HashMap<>();", "boolean # = true;", "long # = 1L << 40;", "java.util.function.IntSupplier # = () -> 3;",
                "var # = new Object() { int hidden = 3; };", "Date # = new Date(0);", "Map.Entry<String, Integer> # = Map.entry(\"k\", 1);"});
        }

        private String derived() {
            String from = kept.isEmpty() ? "1" : pick(kept);
            return pick(new String[] {"var # = size(" + from + ");", "int # = size(" + from + ") * 2;", "var # = java.util.List.of(" + from + ", " + from + ");",
                "String # = \"of \" + " + from + ";", "var # = made(3);", "Object # = " + from + ";", "var # = " + from + ";",
                "java.util.function.Supplier<Object> # = () -> " + from + ";", "double # = size(made(2)) * .5;"});
        }

        /** What fails to compile or to run leaves the variable that it would have replaced. */
        private void fail(String name) {
            attempt(pick(new String[] {"int # = \"text\";", "Unknown # = null;", "String # = String.valueOf(1 / 0);", "int # = Integer.parseInt(\"x\");",
                "var # = unknown;", "List<Nowhere> # = null;", "double # = new int[0][1];", "boolean # = List.of().get(0);"}).replace("#", name), true);
        }

        /** A method that needs nothing of the notebook's goes on giving what it gave. */
        private void method() throws Exception {
            String name = "steady" + version++;
            if (attempt(pick(new String[] {"int # () { List<Integer> l = new ArrayList<>(List.of(4)); return l.get(0); }", "String # () { return \"s\"; }",
                "double # () { Map<String, Double> m = new HashMap<>(); m.put(\"k\", .5); return m.get(\"k\"); }"}).replace("# ", name))) {
                answers.put(name + "()", value(name + "()"));
            }
        }

        private void redeclareWithoutValue() throws Exception {
            String name = pick(NAMES);
            declare(name, "Object #;");
        }

        private boolean attempt(String code) {
            return attempt(code, false);
        }

        private boolean attempt(String code, boolean mustFail) {
            said.add(code);
            try {
                session.run(new Cell(++number, code), (cell, magic) -> Optional.empty());
                assertTrue(!mustFail, () -> "it went well: " + code);
                return true;
            } catch (CellFailure e) {
                said.add("    // " + e.getMessage());
                return false;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(String.join("\n", said), e);
            }
        }

        private void good(String code) {
            good(code, false);
        }

        private void good(String code, boolean mayFail) {
            assertTrue(attempt(code) || mayFail, () -> String.join("\n", said));
        }

        private Object value(String code) throws CellFailure {
            return session.run(new Cell(++number, code), (cell, magic) -> Optional.empty()).orElseThrow().value();
        }

        private String pick(String[] all) {
            return all[random.nextInt(all.length)];
        }

        private String pick(Map<String, Object> all) {
            return pick(all.keySet().toArray(String[]::new));
        }
    }
}
