package org.espalier.kernel.code;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.function.Function;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.espalier.kernel.Agent;
import org.espalier.display.TextScreen;
import org.espalier.display.Views;
import tech.tablesaw.table.Relation;

/** Lets the JDK's own jshell tool run code the way that notebooks do: in this JVM, with interrupts that work, values shown as text. */
public final class TerminalExecution implements ExecutionControlProvider {
    /** What {@code jshell --execution} takes. */
    public static final String NAME = "espalier";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        Showing execution = new Showing(value -> TextScreen.words(Views.of(value)));
        String terminal = System.getenv("TERM");
        if (terminal == null || terminal.equals("dumb")) {
            // There the tool itself doesn't look for Ctrl-C, which would end the process with all variables.
            sun.misc.Signal.handle(new sun.misc.Signal("INT"), signal -> execution.stop());
        }
        return execution;
    }

    private static final class Showing extends LocalExecution {
        private final Function<Object, String> words;

        Showing(Function<Object, String> words) {
            super(new NotebookClasses(Agent.instrumentation()));
            this.words = words;
        }

        @Override
        protected String invoke(Method snippet) throws Exception {
            begin();
            try {
                super.invoke(snippet);
                return shown(takeResult());
            } finally {
                takeFailure();
                end();
            }
        }

        @Override
        public String varValue(String className, String variable) throws RunException, EngineTerminationException, InternalException {
            super.varValue(className, variable);
            return shown(takeResult());
        }

        /** The tool cuts long values, so a text of several lines is printed whole, and the value stands for it with its first words. */
        private String shown(Object value) {
            if (value instanceof String text) {
                return valueString(text);
            }
            String text = words.apply(value);
            if (!text.contains("\n")) {
                return text;
            }
            System.out.println(text);
            return value instanceof Relation table ? "table, " + table.rowCount() + " rows, " + table.columnCount() + " columns"
                    : text.lines().filter(line -> !line.isBlank()).findFirst().orElse("") + " ...";
        }
    }
}
