package org.espalier.display;

import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import javax.imageio.ImageIO;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.table.Relation;

/** How each kind of value is shown. */
public final class Views {
    private static final int TEXT = 100_000;
    private static final int ELEMENTS = 100;

    private Views() { }

    public static Bundle of(Object value) {
        if (value instanceof Bundle bundle) {
            return bundle;
        }
        if (value instanceof Renderable renderable) {
            return rendered(renderable);
        }
        if (value instanceof Relation table) {
            return TableView.of(table);
        }
        if (value instanceof Figure figure) {
            return FigureView.of(figure);
        }
        if (value instanceof RenderedImage image) {
            return image(image);
        }
        return Bundle.text(text(value));
    }

    /** The same for people who see text only. */
    public static String text(Object value) {
        if (value instanceof Relation table) {
            return TableView.text(table);
        }
        String text = value != null && value.getClass().isArray() ? array(value) : String.valueOf(value);
        return text.length() <= TEXT ? text : text.substring(0, TEXT) + "... " + (text.length() - TEXT) + " more characters";
    }

    private static Bundle rendered(Renderable renderable) {
        Map<String, Object> data = new LinkedHashMap<>(renderable.render());
        data.computeIfAbsent(Bundle.TEXT, type -> text(renderable));
        return new Bundle(data, Map.of());
    }

    private static Bundle image(RenderedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", bytes)) {
                BufferedImage plain = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
                plain.createGraphics().drawRenderedImage(image, null);
                ImageIO.write(plain, "png", bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the image as PNG: " + e.getMessage(), e);
        }
        return Bundle.of(Bundle.PNG, Base64.getEncoder().encodeToString(bytes.toByteArray()),
                "[image, " + image.getWidth() + " x " + image.getHeight() + " pixels]");
    }

    private static String array(Object array) {
        int length = Array.getLength(array);
        StringJoiner elements = new StringJoiner(", ", array.getClass().getComponentType().getSimpleName() + "[" + length + "] {", "}");
        for (int i = 0; i < Math.min(length, ELEMENTS); i++) {
            Object element = Array.get(array, i);
            elements.add(element != null && element.getClass().isArray() ? array(element) : String.valueOf(element));
        }
        if (length > ELEMENTS) {
            elements.add("...");
        }
        return elements.toString();
    }
}
