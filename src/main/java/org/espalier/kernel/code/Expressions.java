package org.espalier.kernel.code;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns an expression into a declaration of a variable of type Object that holds its value. JShell works out the exact type of a bare
 * expression first, which is half of the time that a small cell takes, and which showing a value doesn't need.
 *
 * <p>Whether a snippet is an expression is guessed from its tokens. A wrong guess only costs time: what isn't an expression doesn't compile as
 * a variable's value, and is then run as it stands. Only assignments compile as both, hence they must be told apart.
 */
final class Expressions {
    private static final Pattern TOKEN = Pattern.compile("(?s)\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\\n])*+'|//[^\\n]*|/\\*.*?\\*/"
            + "|[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}]*|(?:>>>|>>|<<|[-+*/%&|^])=|[=!<>]=|->|\\s+|.");
    private static final Set<String> NO_START = Set.of("abstract", "assert", "boolean", "break", "byte", "char", "class", "continue", "do", "double",
            "enum", "final", "float", "for", "if", "import", "int", "interface", "long", "package", "private", "protected", "public", "record",
            "return", "sealed", "short", "static", "strictfp", "synchronized", "throw", "transient", "try", "var", "void", "volatile", "while",
            "{", "@", ";");

    private int number;

    /**
     * @param name the variable's name, which the notebook doesn't use
     * @param source its declaration
     */
    record Declaration(String name, String source) { }

    Optional<Declaration> asVariable(String source) {
        StringBuilder expression = new StringBuilder();
        String first = null;
        String last = "";
        String before = "";
        int depth = 0;
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            String text = token.group();
            if (text.isBlank() || text.startsWith("//") || text.startsWith("/*")) {
                expression.append(text.replaceAll("[^\\n]+", " "));
                continue;
            }
            if (first == null) {
                first = text;
            }
            switch (text) {
                case "(", "[", "{" -> depth++;
                case ")", "]", "}" -> depth--;
                default -> { }
            }
            boolean assignment = text.endsWith("=") && !text.matches("[=!<>]=") && !text.startsWith("\"") && !text.startsWith("'");
            boolean twoNames = isName(text) && isName(last) && !last.equals("new") && !text.equals("instanceof") && !last.equals("instanceof");
            if (depth == 0 && (assignment || twoNames || text.equals("->"))) {
                return Optional.empty();
            }
            before = last;
            last = text;
            expression.append(text);
        }
        if (first == null || NO_START.contains(first)) {
            return Optional.empty();
        }
        String plain = expression.toString().stripTrailing();
        while (plain.endsWith(";")) {
            plain = plain.substring(0, plain.length() - 1).stripTrailing();
        }
        boolean call = (last.equals(")") || last.equals(";") && before.equals(")")) && !first.equals("new");
        String name = "$value" + ++number;
        String value = call ? ExpressionValue.class.getName() + ".of(() -> " + plain + ")" : plain;
        return Optional.of(new Declaration(name, "Object " + name + " = " + value + ";"));
    }

    private static boolean isName(String token) {
        return !token.isEmpty() && Character.isJavaIdentifierStart(token.charAt(0));
    }
}
