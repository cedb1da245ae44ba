package org.espalier.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.espalier.study.Failure;

/** Answers for programs. */
final class Json {
    private Json() {
    }

    static JsonObject of(Failure failure) {
        JsonObject json = new JsonObject();
        json.addProperty("id", failure.spec().id());
        json.addProperty("spec", failure.spec().text());
        json.addProperty("cause", failure.cause());
        json.addProperty("host", failure.host());
        json.addProperty("when", failure.when().toString());
        return json;
    }

    static JsonArray of(List<String> texts) {
        JsonArray json = new JsonArray();
        texts.forEach(json::add);
        return json;
    }
}
