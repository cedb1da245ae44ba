package org.espalier.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Optional;
import org.espalier.kernel.code.Completeness;
import org.espalier.kernel.code.Completion;
import org.espalier.kernel.code.Inspection;
import org.espalier.kernel.code.MagicCompletion;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Sources;
import org.espalier.display.Bundle;

/** Answers questions about code that isn't run: what could stand here, what is this, is it whole? */
final class CodeAssist {
    private final Session session;
    private final Magics magics;
    private final Inspection inspection;

    CodeAssist(Session session, Magics magics) {
        this.session = session;
        this.magics = magics;
        this.inspection = new Inspection(session.analysis(),
                Sources.of(System.getProperty("espalier.sources", "") + java.io.File.pathSeparator + System.getProperty("java.class.path")));
    }

    /** Completes something, for nobody: the first time takes the compiler more than the second for which JupyterLab waits. */
    void warmUp() {
        try {
            complete("int a = 1; a", 12);
        } catch (RuntimeException e) {
            System.getLogger("kernel").log(System.Logger.Level.DEBUG, "no warm-up", e); // The reader's own question will say what is wrong.
        }
    }

    JsonObject complete(String code, int cursorInCharacters) {
        int cursor = units(code, cursorInCharacters);
        Completion found = Completion.at(session.analysis(), code, cursor, new MagicCompletion(magics.names(), magics.cellNames()));
        int start = code.codePointCount(0, found.start());
        int end = code.codePointCount(0, cursor);
        JsonArray typed = new JsonArray();
        found.suggestions().forEach(suggestion -> {
            JsonObject one = new JsonObject();
            one.addProperty("text", suggestion.text());
            one.addProperty("type", suggestion.type());
            one.addProperty("signature", suggestion.signature());
            one.addProperty("start", start);
            one.addProperty("end", end);
            typed.add(one);
        });
        JsonObject metadata = new JsonObject();
        metadata.add("_jupyter_types_experimental", typed);
        JsonObject content = Replies.ok();
        content.add("matches", Replies.strings(found.suggestions().stream().map(Completion.Suggestion::text).toList()));
        content.addProperty("cursor_start", start);
        content.addProperty("cursor_end", end);
        content.add("metadata", metadata);
        return content;
    }

    JsonObject inspect(String code, int cursorInCharacters) {
        Optional<String> found = inspection.at(code, units(code, cursorInCharacters));
        JsonObject content = Replies.ok();
        content.addProperty("found", found.isPresent());
        JsonObject bundle = found.map(text -> Replies.bundle(Bundle.text(text))).orElseGet(JsonObject::new);
        content.add("data", bundle.has("data") ? bundle.get("data") : new JsonObject());
        content.add("metadata", new JsonObject());
        return content;
    }

    Optional<String> help(String name) {
        return inspection.at(name, name.length());
    }

    JsonObject isComplete(String code) {
        Completeness found = Completeness.of(session.analysis(), code);
        JsonObject content = new JsonObject();
        content.addProperty("status", found.status());
        if (found.status().equals("incomplete")) {
            content.addProperty("indent", found.indent());
        }
        return content;
    }

    /** Jupyter counts characters, Java counts UTF-16 units. */
    private static int units(String code, int characters) {
        return code.offsetByCodePoints(0, Math.max(0, Math.min(characters, code.codePointCount(0, code.length()))));
    }
}
