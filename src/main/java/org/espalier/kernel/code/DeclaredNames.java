package org.espalier.kernel.code;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import org.espalier.kernel.code.Completion.Suggestion;

/** The names that a piece of code declares, read off its text: code of a cell that hasn't been run is known to nobody else. */
final class DeclaredNames extends TreeScanner<Void, Void> {
    private final List<Suggestion> names = new ArrayList<>();

    private DeclaredNames() { }

    /** A cell mixes what stands in methods with what stands in classes, so it is read as both. */
    static List<Suggestion> in(String code) {
        DeclaredNames declared = new DeclaredNames();
        declared.scan(ParsedSource.of("class $ { void $() { " + code + " \n } }").unit(), null);
        declared.scan(ParsedSource.of("class $ { " + code + " \n }").unit(), null);
        return declared.names;
    }

    private void add(CharSequence name, String ending, String type) {
        String text = name.toString();
        if (!text.startsWith("$") && !text.startsWith("<") && names.stream().noneMatch(one -> one.text().startsWith(text + "(") || one.text().equals(text))) {
            names.add(new Suggestion(text + ending, type, ""));
        }
    }

    @Override
    public Void visitMethod(MethodTree tree, Void nothing) {
        add(tree.getName(), tree.getParameters().isEmpty() ? "()" : "(", "function");
        return super.visitMethod(tree, null);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void nothing) {
        add(tree.getName(), "", "variable");
        return super.visitVariable(tree, null);
    }

    @Override
    public Void visitClass(ClassTree tree, Void nothing) {
        add(tree.getSimpleName(), "", "class");
        return super.visitClass(tree, null);
    }
}
