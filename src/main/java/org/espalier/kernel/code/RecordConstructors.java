package org.espalier.kernel.code;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Modifier;

/**
 * JShell makes what a cell declares public, and the language wants a record's canonical constructor to be as public as the record. What
 * compiles in a file, {@code record Point(int x) { Point { ... } }}, JShell therefore refuses; with {@code public} before it, it doesn't.
 */
final class RecordConstructors {
    private static final String REFUSED = "invalid.canonical.constructor.in.record";

    private RecordConstructors() { }

    static boolean isCause(String problem) {
        return problem.contains(REFUSED);
    }

    /** The same record with public constructors, on the same lines; nothing if this is no record, or wouldn't be another text. */
    static Optional<String> made(String source) {
        ParsedSource parsed = ParsedSource.of(source);
        SourcePositions positions = parsed.comments().getSourcePositions();
        List<Integer> places = new ArrayList<>();
        for (Tree type : parsed.unit().getTypeDecls()) {
            if (type.getKind() == Tree.Kind.RECORD) {
                for (Tree member : ((ClassTree) type).getMembers()) {
                    if (member instanceof MethodTree method && method.getReturnType() == null && method.getModifiers().getFlags().stream()
                            .noneMatch(List.of(Modifier.PUBLIC, Modifier.PROTECTED, Modifier.PRIVATE)::contains)) {
                        places.add((int) positions.getStartPosition(parsed.unit(), method));
                    }
                }
            }
        }
        StringBuilder made = new StringBuilder(source);
        for (int i = places.size() - 1; i >= 0; i--) {
            made.insert(places.get(i), "public ");
        }
        return places.isEmpty() ? Optional.empty() : Optional.of(made.toString());
    }
}
