package org.espalier.kernel;

import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import org.espalier.display.Views;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.Session;

/** What a notebook has declared, as text: {@code %whos}, and JShell's own {@code /vars}, {@code /methods}, {@code /types}, {@code /imports}. */
final class DeclarationList {
    private static final int WIDTH = 80;

    private DeclarationList() { }

    static String of(Session session, String kind) throws CellFailure {
        JShell shell = session.shell();
        String list = switch (kind) {
            case "/vars", "" -> lines(shell.variables().filter(one -> !one.name().startsWith("$")), (one, none) -> variable(session, one));
            case "/methods" -> lines(shell.methods(), (one, none) -> one.name() + "(" + one.parameterTypes() + ") " + returned(one));
            case "/types" -> lines(shell.types(), (one, none) -> one.subKind().name().replaceAll("_SUBKIND|TYPE_", "").toLowerCase(Locale.ROOT) + " " + one.name());
            case "/imports" -> lines(shell.imports(), (one, none) -> one.source().strip());
            case "/list" -> lines(shell.snippets().filter(one -> shell.status(one).isActive() && !(one instanceof ImportSnippet)), (one, none) -> one.source().strip());
            default -> throw ErrorText.plain("UsageError", "there is no list " + kind + "; there are /vars, /methods, /types, /imports, /list");
        };
        return list.isEmpty() ? "nothing yet" : list;
    }

    private static <T> String lines(Stream<T> all, BiFunction<T, Void, String> words) {
        return all.map(one -> words.apply(one, null)).collect(Collectors.joining("\n"));
    }

    private static String returned(MethodSnippet method) {
        return method.signature().replaceAll(".*\\)", "");
    }

    private static String variable(Session session, VarSnippet variable) {
        String value;
        try {
            value = Views.text(session.valueOf(variable.name())).strip().replaceAll("\\s*\\R\\s*", " | ");
        } catch (RuntimeException | StackOverflowError e) {
            value = "can't be shown: " + e.getClass().getName();
        }
        return variable.typeName() + " " + variable.name() + " = " + (value.length() <= WIDTH ? value : value.substring(0, WIDTH) + " ...");
    }

}
