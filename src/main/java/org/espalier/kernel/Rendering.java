package org.espalier.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.DisplayDataRenderable;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.espalier.display.Bundle;
import org.espalier.display.Views;
import org.espalier.kernel.code.Session;

/** The forms of a value: ours, and those that JJava's extensions bring for types that only have a text here. */
final class Rendering {
    private final Renderer renderer;

    Rendering(Renderer renderer) {
        this.renderer = renderer;
    }

    Bundle of(Object value) {
        if (value instanceof DisplayData data) {
            return bundle(data, "");
        }
        Bundle ours = value instanceof DisplayDataRenderable ? Bundle.text("") : named(Views.of(value));
        if (value == null || ours.data().size() > 1 || value instanceof InputStream) { // The library would read a stream as an image.
            return ours;
        }
        DisplayData theirs = renderer.render(value);
        return value instanceof DisplayDataRenderable || data(theirs).size() > 1 ? bundle(theirs, ours.text()) : ours;
    }

    /** A notebook's class without a text of its own is named as the reader named it. */
    private static Bundle named(Bundle shown) {
        return shown.data().size() == 1 && shown.text().contains("REPL.$JShell$") ? Bundle.text(Session.plain(shown.text())) : shown;
    }

    private static JsonObject data(DisplayData data) {
        return Replies.json(data).getAsJsonObject().getAsJsonObject("data");
    }

    private static Bundle bundle(DisplayData display, String text) {
        Map<String, Object> data = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> form : data(display).entrySet()) {
            boolean plain = form.getValue().isJsonPrimitive();
            data.put(form.getKey(), plain ? form.getValue().getAsString() : form.getValue());
        }
        data.putIfAbsent(Bundle.TEXT, text);
        return new Bundle(data, Map.of());
    }
}
