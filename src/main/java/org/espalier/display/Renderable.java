package org.espalier.display;

import java.util.Map;

/** A value that knows how it wants to be shown in a notebook. */
public interface Renderable {
    /**
     * @return from MIME type to data: text for {@code text/...}, base64 text for images, maps and lists for JSON types; a form in
     *         {@code text/plain} is added where it is missing
     */
    Map<String, Object> render();
}
