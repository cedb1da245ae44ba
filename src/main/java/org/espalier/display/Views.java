package org.espalier.display;

import java.awt.Component;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.swing.Icon;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.table.Relation;

/** How each kind of value is shown. */
public final class Views {
    private static final int TEXT = 100_000;
    private static final int ELEMENTS = 100;
    private static final int DEPTH = 8;

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
        if (value instanceof Chart<?, ?> chart) {
            return image(BitmapEncoder.getBufferedImage(chart));
        }
        if (value instanceof Component || value instanceof Icon || value instanceof Image) {
            Optional<RenderedImage> painted = Painted.of(value);
            if (painted.isPresent()) {
                return image(painted.get());
            }
        }
        return Bundle.text(text(value));
    }

    /** The same for people who see text only. */
    public static String text(Object value) {
        if (value instanceof Relation table) {
            return TableView.text(table);
        }
        String text = words(value, 0);
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

    /** As {@link String#valueOf}, but arrays, also those within the JDK's collections, show their elements. */
    private static String words(Object value, int depth) {
        if (value == null || depth > DEPTH) {
            return String.valueOf(value);
        }
        if (value.getClass().isArray()) {
            return array(value, depth);
        }
        boolean plain = value.getClass().getName().startsWith("java.util.");
        if (plain && value instanceof Collection<?> all && holdsArrays(all, depth)) {
            return listed(all.stream().map(one -> words(one, depth + 1)), all.size(), "[", "]");
        }
        if (plain && value instanceof Map<?, ?> map && (holdsArrays(map.values(), depth) || holdsArrays(map.keySet(), depth))) {
            return listed(map.entrySet().stream().map(one -> words(one.getKey(), depth + 1) + "=" + words(one.getValue(), depth + 1)), map.size(), "{", "}");
        }
        if (value instanceof Optional<?> optional && optional.isPresent() && optional.get().getClass().isArray()) {
            return "Optional[" + array(optional.get(), depth) + "]";
        }
        return String.valueOf(value);
    }

    private static boolean holdsArrays(Collection<?> all, int depth) {
        return all.stream().limit(ELEMENTS).anyMatch(one -> one != null && (one.getClass().isArray() || depth < DEPTH && one != all
                && (one instanceof Collection<?> inner && holdsArrays(inner, depth + 1) || one instanceof Map<?, ?> map && holdsArrays(map.values(), depth + 1))));
    }

    private static String listed(Stream<String> elements, int count, String open, String close) {
        return elements.limit(ELEMENTS).collect(Collectors.joining(", ", open, count > ELEMENTS ? ", ..." + close : close));
    }

    private static String array(Object array, int depth) {
        int length = Array.getLength(array);
        StringJoiner elements = new StringJoiner(", ", array.getClass().getComponentType().getSimpleName() + "[" + length + "] {", "}");
        for (int i = 0; i < Math.min(length, ELEMENTS); i++) {
            Object element = Array.get(array, i);
            elements.add(words(element, depth + 1));
        }
        if (length > ELEMENTS) {
            elements.add("...");
        }
        return elements.toString();
    }
}
