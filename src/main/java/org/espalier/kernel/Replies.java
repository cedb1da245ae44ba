package org.espalier.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import org.espalier.kernel.code.CellFailure;
import org.espalier.display.Bundle;

/** The contents of messages, as Jupyter's protocol 5.3 has them. */
final class Replies {
    /** For cells that were never started. */
    static final int NO_COUNT = 0;

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private Replies() { }

    static JsonObject ok() {
        JsonObject content = new JsonObject();
        content.addProperty("status", "ok");
        return content;
    }

    static JsonObject aborted(int count) {
        JsonObject content = new JsonObject();
        content.addProperty("status", "aborted");
        content.addProperty("execution_count", count);
        return content;
    }

    static JsonObject executed(int count, JsonArray payload, JsonObject userExpressions) {
        JsonObject content = ok();
        content.addProperty("execution_count", count);
        content.add("payload", payload);
        content.add("user_expressions", userExpressions);
        return content;
    }

    static JsonObject error(CellFailure failure) {
        JsonObject content = new JsonObject();
        content.addProperty("ename", failure.name());
        content.addProperty("evalue", failure.getMessage());
        content.add("traceback", strings(failure.lines()));
        return content;
    }

    static JsonObject failed(CellFailure failure) {
        JsonObject content = error(failure);
        content.addProperty("status", "error");
        return content;
    }

    static JsonObject bundle(Bundle bundle) {
        JsonObject content = new JsonObject();
        content.add("data", json(bundle.data()));
        content.add("metadata", json(bundle.metadata()));
        return content;
    }

    static JsonObject display(String id, Bundle bundle) {
        JsonObject content = bundle(bundle);
        JsonObject passing = new JsonObject();
        passing.addProperty("display_id", id);
        content.add("transient", passing);
        return content;
    }

    static JsonArray strings(List<String> lines) {
        JsonArray array = new JsonArray();
        lines.forEach(array::add);
        return array;
    }

    static JsonElement json(Object value) {
        return GSON.toJsonTree(value);
    }
}
