package org.espalier.kernel.code;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A declaration's text in which a simple name is written out as the class that it means. */
final class QualifiedSource {
    private QualifiedSource() { }

    /** The same text where the name doesn't stand in it, or means a class of its own there. */
    static String of(String source, String name, String meaning) {
        if (!Pattern.compile("\\b" + name + "\\b").matcher(source).find()) {
            return source;
        }
        String head = "class $ { ";
        ParsedSource parsed = ParsedSource.of(head + source + " }");
        SourcePositions positions = parsed.comments().getSourcePositions();
        Set<Integer> places = new TreeSet<>();
        boolean[] hidden = {false};
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitIdentifier(IdentifierTree tree, Void nothing) {
                if (tree.getName().contentEquals(name)) {
                    places.add((int) positions.getStartPosition(parsed.unit(), tree) - head.length());
                }
                return null;
            }

            @Override
            public Void visitClass(ClassTree tree, Void nothing) {
                hidden[0] |= tree.getSimpleName().contentEquals(name);
                return super.visitClass(tree, null);
            }

            @Override
            public Void visitTypeParameter(TypeParameterTree tree, Void nothing) {
                hidden[0] |= tree.getName().contentEquals(name);
                return super.visitTypeParameter(tree, null);
            }
        }.scan(parsed.unit(), null);
        StringBuilder text = new StringBuilder(source);
        List<Integer> backwards = new ArrayList<>(places);
        for (int i = backwards.size() - 1; i >= 0 && !hidden[0]; i--) {
            int at = backwards.get(i);
            if (at >= 0 && source.startsWith(name, at)) {
                text.replace(at, at + name.length(), meaning);
            }
        }
        return text.toString();
    }
}
