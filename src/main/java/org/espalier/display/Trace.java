package org.espalier.display;

import java.awt.Color;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A trace of a figure, read with the defaults that plotly.js has. */
record Trace(Map<String, Object> fields) {
    String type() {
        return text("type", "scatter");
    }

    String name() {
        return text("name", "");
    }

    String text(String field, String otherwise) {
        Object value = at(fields, field);
        return value == null || value.toString().isEmpty() ? otherwise : value.toString();
    }

    double number(String field, double otherwise) {
        return parse(at(fields, field), otherwise);
    }

    boolean has(String field) {
        return at(fields, field) != null;
    }

    List<?> list(String field) {
        return at(fields, field) instanceof List<?> list ? list : List.of();
    }

    /** Numbers; what is none (missing values) comes out as NaN. */
    double[] numbers(String field) {
        return list(field).stream().mapToDouble(value -> parse(value, Double.NaN)).toArray();
    }

    List<String> strings(String field) {
        List<String> strings = new ArrayList<>();
        list(field).forEach(value -> strings.add(String.valueOf(value)));
        return strings;
    }

    /** The axis kind that plotly.js would guess from these values: numbers, dates, or categories. */
    AxisKind kind(String field) {
        boolean numbers = true;
        boolean dates = true;
        for (Object value : list(field)) {
            if (value == null || value.equals("null") || value.equals("NaN") || value.equals("")) {
                continue;
            }
            numbers = numbers && !Double.isNaN(parse(value, Double.NaN));
            dates = dates && !Double.isNaN(epochMillis(value.toString()));
        }
        return numbers ? AxisKind.NUMBERS : dates ? AxisKind.DATES : AxisKind.CATEGORIES;
    }

    double[] times(String field) {
        return list(field).stream().mapToDouble(value -> epochMillis(String.valueOf(value))).toArray();
    }

    boolean visible() {
        return text("visible", "true").equals("true");
    }

    /** A field, or a field of a field: {@code line.color}. */
    static Object at(Map<?, ?> fields, String path) {
        Object value = fields;
        for (String step : path.split("\\.")) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }

    static double parse(Object value, double otherwise) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        try {
            return value == null ? otherwise : Double.parseDouble(value.toString());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static double epochMillis(String text) {
        try {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException notADate) {
            try {
                return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toEpochMilli();
            } catch (DateTimeParseException neither) {
                return Double.NaN;
            }
        }
    }

    /** A colour as CSS writes it; the other one where it isn't a colour that Java knows. */
    static Color color(Object css, Color otherwise) {
        if (!(css instanceof String text) || text.isBlank()) {
            return otherwise;
        }
        String name = text.strip().toLowerCase(java.util.Locale.ROOT);
        if (name.equals("transparent")) {
            return new Color(0, 0, 0, 0);
        }
        if (name.startsWith("rgb")) {
            String[] parts = name.substring(name.indexOf('(') + 1, name.lastIndexOf(')')).split("\\s*[,/]\\s*");
            int alpha = parts.length > 3 ? (int) Math.round(255 * Double.parseDouble(parts[3])) : 255;
            return new Color(channel(parts[0]), channel(parts[1]), channel(parts[2]), Math.max(0, Math.min(255, alpha)));
        }
        if (name.matches("#[0-9a-f]{3}")) {
            name = name.replaceAll("([0-9a-f])", "$1$1");
        }
        if (name.matches("#[0-9a-f]{6}")) {
            return new Color(Integer.parseInt(name.substring(1), 16));
        }
        return NamedColors.of(name).orElse(otherwise);
    }

    private static int channel(String part) {
        return (int) Math.max(0, Math.min(255, Math.round(Double.parseDouble(part.strip()))));
    }
}
