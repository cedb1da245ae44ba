package org.espalier.command;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.study.Failure;

/** Answers for programs, a line each. */
final class Json {
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private Json() {
    }

    /** @param members names and values by turns: texts, numbers, lists and maps of these */
    static String text(Object... members) {
        return text(object(members));
    }

    static String text(Map<String, ?> object) {
        return JSON.toJson(object);
    }

    static Map<String, Object> object(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }

    static Map<String, Object> of(Failure failure) {
        return object("id", failure.spec().id(), "spec", failure.spec().text(), "cause", failure.cause(), "host", failure.host(),
                "when", failure.when().toString());
    }
}
