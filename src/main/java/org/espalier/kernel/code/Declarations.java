package org.espalier.kernel.code;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import org.espalier.kernel.code.NotebookVariables.Held;

/**
 * What becomes of a notebook's declarations when others come. JShell compiles anew whatever names the new one, and drops the variables whose
 * initial expressions don't compile any more. A value is a value, however it came about: here such variables are declared again, with their
 * types only, and get back what they held. The reader is told what can't be kept.
 */
final class Declarations {
    private final JShell shell;
    private final NotebookVariables variables;
    private final LocalExecution execution;
    private final PrintStream notes;
    /** What the names of the notebook's classes mean now, as far as it was asked. */
    private final Map<String, Optional<Object>> meanings = new HashMap<>();
    /** Variables that hold a value of a class as it was before it was declared again, with the type that they were declared with. */
    private final Map<String, String> former = new LinkedHashMap<>();

    Declarations(JShell shell, NotebookVariables variables, LocalExecution execution, PrintStream notes) {
        this.shell = shell;
        this.variables = variables;
        this.execution = execution;
        this.notes = notes;
    }

    /** To be called before a snippet is evaluated. */
    void mark() {
        variables.mark();
    }

    /**
     * After a snippet: gives every variable back what it held, but those that the snippet itself declared.
     *
     * @param events all that happened
     * @param succeeded whether the snippet compiled and ran to its end; if it didn't, what it would have replaced stays as it was
     */
    void settle(List<SnippetEvent> events, boolean succeeded) {
        Set<String> own = events.stream().filter(event -> event.causeSnippet() == null && event.snippet() instanceof VarSnippet && succeeded)
                .map(event -> ((VarSnippet) event.snippet()).name()).collect(Collectors.toSet());
        own.forEach(variables::forget);
        own.forEach(former::remove);
        Set<String> settled = new HashSet<>(own);
        List<SnippetEvent> news = new ArrayList<>(events);
        if (!succeeded) {
            events.stream().filter(event -> event.status() == Status.OVERWRITTEN && !(event.snippet() instanceof VarSnippet))
                    .filter(event -> shell.status(event.causeSnippet()) == Status.REJECTED)
                    .forEach(event -> news.addAll(shell.eval(event.snippet().source())));
        }
        meanings.clear();
        locate(news);
        List<String> changed = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        Map<String, Held> homeless = homeless(news, settled);
        while (!homeless.isEmpty()) {
            news.clear();
            homeless.forEach((name, held) -> {
                settled.add(name);
                restore(name, held, news, changed, lost);
            });
            locate(news);
            homeless = homeless(news, settled);
        }
        comeBack();
        variables.letGoOfEarlier();
        tell(changed, lost);
        remarkBroken(events);
    }

    /** Finds the variables that JShell moved to another class. */
    private void locate(List<SnippetEvent> events) {
        for (SnippetEvent event : events) {
            if (event.causeSnippet() != null && event.snippet() instanceof VarSnippet variable && shell.status(variable) == Status.VALID) {
                execution.locate(() -> shell.varValue(variable));
            }
        }
    }

    /** Whether the name of a class means this very class now: a notebook's class that is declared again is another one. */
    private boolean isCurrent(Class<?> type) {
        return !TypeText.ofNotebook(type) || type.isHidden() || meanings.computeIfAbsent(TypeText.of(type), this::meaning).filter(type::equals).isPresent();
    }

    private Optional<Object> meaning(String type) {
        List<SnippetEvent> events = shell.eval("Object $meaning = " + type + ".class;");
        Object found = execution.takeResult();
        events.stream().map(SnippetEvent::snippet).filter(one -> shell.status(one).isActive()).forEach(shell::drop);
        return Optional.ofNullable(found);
    }

    /** Variables that JShell dropped, or emptied because their values don't fit any more, with these values. */
    private Map<String, Held> homeless(List<SnippetEvent> events, Set<String> settled) {
        Map<String, Held> found = new LinkedHashMap<>();
        for (SnippetEvent event : events) {
            boolean dropped = event.causeSnippet() != null && event.status() != Status.VALID;
            if (dropped && event.snippet() instanceof VarSnippet variable && !settled.contains(variable.name()) && !variable.name().startsWith("$")) {
                boolean overwritten = event.status() == Status.OVERWRITTEN;
                (overwritten ? variables.before(variable.name()) : variables.get(variable.name())).ifPresent(held -> found.put(variable.name(), held));
            }
        }
        for (String name : variables.setAside()) {
            if (!settled.contains(name)) {
                variables.get(name).ifPresent(held -> found.putIfAbsent(name, held));
            }
        }
        return found;
    }

    private void restore(String name, Held held, List<SnippetEvent> news, List<String> changed, List<String> lost) {
        List<String> types = TypeText.candidates(held.declared(), held.value(), this::isCurrent);
        for (String type : types) {
            List<SnippetEvent> events = shell.eval(type + " " + name + ";");
            news.addAll(events.stream().filter(event -> event.causeSnippet() != null && event.status() != Status.OVERWRITTEN).toList());
            boolean there = events.stream().anyMatch(event -> event.causeSnippet() == null && event.status() == Status.VALID);
            if (there && variables.set(name, held)) {
                String declared = TypeText.of(held.declared());
                if (held.value() != null && !isCurrent(TypeText.element(TypeText.raw(held.declared())))) {
                    former.put(name, declared);
                    changed.add(name + " (a " + declared + ", now " + TypeText.simple(type) + ")");
                }
                return;
            }
        }
        lost.add(name);
    }

    /** What a variable holds; null also where there is none of that name. */
    Object value(String variable) {
        return variables.get(variable).map(Held::value).orElse(null);
    }

    /** The class of a variable's value, if that is a class as it was before it was declared again. */
    Optional<String> former(String variable) {
        return Optional.ofNullable(former.get(variable));
    }

    /** A variable that kept a value of a former class is of its own type again as soon as it gets a value of the new class. */
    private void comeBack() {
        for (Map.Entry<String, String> one : Map.copyOf(former).entrySet()) {
            Optional<Held> held = variables.get(one.getKey());
            boolean renewed = held.isPresent() && held.get().value() != null && TypeText.isNow(held.get().value(), one.getValue(), this::isCurrent);
            if (renewed) {
                former.remove(one.getKey());
                shell.eval(one.getValue() + " " + one.getKey() + ";");
                variables.set(one.getKey(), held.get());
            }
        }
    }

    private void tell(List<String> changed, List<String> lost) {
        if (!changed.isEmpty()) {
            notes.println("Note: " + String.join(", ", changed) + " " + (changed.size() == 1 ? "is" : "are")
                    + " still of the class as it was before it was declared again. Run the cell that makes "
                    + (changed.size() == 1 ? "it" : "them") + " again for the new one.");
        }
        if (!lost.isEmpty()) {
            notes.println("Note: " + String.join(", ", lost) + " became null: what held there fits no type any more. Run the cell that makes it again.");
        }
    }

    /** Says which methods and classes stopped compiling because of the snippet. */
    private void remarkBroken(List<SnippetEvent> events) {
        Map<String, String> broken = new LinkedHashMap<>();
        for (SnippetEvent event : events) {
            boolean recompiled = event.causeSnippet() != null && event.previousStatus() == Status.VALID;
            if (recompiled && event.snippet() instanceof DeclarationSnippet snippet && !(snippet instanceof VarSnippet) && isUnresolved(snippet)) {
                broken.put(snippet.name(), why(snippet));
            }
        }
        broken.forEach((name, why) -> notes.println("Note: " + name + " can't be used any more: " + why + "."));
    }

    /** At a cell's end: says which of its declarations can't be used yet. */
    void remarkUnresolved(List<DeclarationSnippet> declared) {
        Set<String> told = new HashSet<>();
        for (DeclarationSnippet snippet : declared) {
            if (isUnresolved(snippet) && told.add(snippet.name())) {
                notes.println("Note: " + snippet.name() + " can't be used yet: " + why(snippet) + ".");
            }
        }
    }

    private boolean isUnresolved(Snippet snippet) {
        Status status = shell.status(snippet);
        return status == Status.RECOVERABLE_DEFINED || status == Status.RECOVERABLE_NOT_DEFINED;
    }

    /** Why a declaration can't be used, in words that go on after a colon. */
    String why(DeclarationSnippet snippet) {
        String missing = missing(snippet);
        if (!missing.isEmpty()) {
            return missing + (missing.contains(", ") ? " are" : " is") + " not declared yet";
        }
        return shell.diagnostics(snippet).findFirst().map(problem -> TypeText.withoutWrappers(problem.getMessage(null)).lines().findFirst().orElse(""))
                .filter(text -> !text.isBlank()).orElse("it doesn't compile");
    }

    /** What a declaration needs and nobody has declared. */
    String missing(DeclarationSnippet snippet) {
        return shell.unresolvedDependencies(snippet).distinct().collect(Collectors.joining(", "));
    }
}
