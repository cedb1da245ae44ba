package org.espalier.kernel.code;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classes that a cell declares below their first use, and whose names an imported package has as well: the use above means the reader's, so they
 * are declared before it. Other classes may stand below in any case, since JShell waits for a name that nothing has.
 */
final class TypesBelow {
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|interface|enum|record)\\s+([A-Z]\\w*)");

    private final Map<String, CellPart.Java> types = new LinkedHashMap<>();
    private final Set<Integer> done = new HashSet<>();

    private final Predicate<String> imported;

    private TypesBelow(Predicate<String> imported) {
        this.imported = imported;
    }

    /**
     * @param reader   of the whole cell, asked for only where there may be such a class
     * @param imported whether a name means a class of an imported package now
     */
    static TypesBelow of(Cell cell, Supplier<CellReader> reader, Predicate<String> imported) {
        TypesBelow below = new TypesBelow(imported);
        Set<String> names = new HashSet<>();
        Matcher declared = DECLARED.matcher(cell.text());
        while (declared.find()) {
            String name = declared.group(1);
            if (mentions(cell.text().substring(0, declared.start()), name)) {
                names.add(name);
            }
        }
        if (!names.isEmpty()) {
            CellReader all = reader.get();
            for (Optional<CellPart> piece = all.next(); piece.isPresent(); piece = all.next()) {
                if (piece.get() instanceof CellPart.Java java) {
                    ImportedNames.typeOf(java.source()).filter(names::contains).ifPresent(name -> below.types.putIfAbsent(name, java));
                }
            }
        }
        return below;
    }

    /** What has to be declared before this piece: the classes from further below that it names, and before each of them those that it names itself. */
    List<CellPart.Java> before(CellPart.Java piece) {
        List<CellPart.Java> before = new ArrayList<>();
        collect(piece, piece.offset(), before);
        return before;
    }

    private void collect(CellPart.Java piece, int offset, List<CellPart.Java> before) {
        for (String name : List.copyOf(types.keySet())) {
            CellPart.Java type = types.get(name);
            if (type != null && type.offset() > offset && mentions(piece.source(), name) && imported.test(name)) {
                types.remove(name);
                collect(type, offset, before);
                before.add(type);
            }
        }
    }

    private static boolean mentions(String code, String name) {
        return Pattern.compile("\\b" + name + "\\b").matcher(code).find();
    }

    void done(CellPart.Java type) {
        done.add(type.offset());
    }

    boolean isDone(CellPart.Java piece) {
        return done.contains(piece.offset());
    }
}
