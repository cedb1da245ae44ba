package org.espalier.display;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tech.tablesaw.plotly.components.Figure;

/**
 * What a Tablesaw figure shows, read off the JavaScript that it writes for plotly.js: the only form in which it gives its data away.
 * Names and titles come out as the user wrote them.
 *
 * @param traces the traces, as plotly.js takes them
 * @param layout the layout, empty where the figure has none
 */
record FigureScript(List<Map<String, Object>> traces, Map<String, Object> layout) {
    private static final Pattern VARIABLE = Pattern.compile("\\bvar\\s+(layout|trace\\d+)\\s*=\\s*(?=\\{)");
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_TRAILING_COMMA,
                    JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
                    JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER, JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
            .build();

    static FigureScript read(Figure figure) {
        String script = figure.asJavascript("figure");
        List<Map<String, Object>> traces = new ArrayList<>();
        Map<String, Object> layout = new LinkedHashMap<>();
        Matcher variable = VARIABLE.matcher(script);
        for (int from = 0; variable.find(from);) {
            int end = objectEnd(script, variable.end());
            Map<String, Object> value = parse(script.substring(variable.end(), end));
            if (variable.group(1).equals("layout")) {
                layout.putAll(value);
            } else {
                traces.add(value);
            }
            from = end;
        }
        if (traces.isEmpty()) {
            throw new IllegalArgumentException("the figure has no traces: give it at least one");
        }
        if (figure instanceof PanelFigure panels) {
            panels.complete(layout);
        }
        return new FigureScript(traces, layout);
    }

    /** Where the object that starts here ends, braces within strings not counted. */
    private static int objectEnd(String script, int start) {
        int depth = 0;
        for (int i = start; i < script.length(); i++) {
            char c = script.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == '}') {
                if (--depth == 0) {
                    return i + 1;
                }
            } else if (c == '"' || c == '\'') {
                i = stringEnd(script, i);
            }
        }
        throw new IllegalArgumentException("the figure's script ends within an object");
    }

    /** Tablesaw escapes what it puts between double quotes; between single quotes it escapes quotes as HTML does, and nothing else. */
    private static int stringEnd(String script, int start) {
        char quote = script.charAt(start);
        for (int i = start + 1; i < script.length(); i++) {
            if (script.charAt(i) == '\\' && quote == '"') {
                i++;
            } else if (script.charAt(i) == quote) {
                return i;
            }
        }
        throw new IllegalArgumentException("the figure's script ends within a string");
    }

    private static Map<String, Object> parse(String object) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < object.length(); i++) {
            char c = object.charAt(i);
            if (c == '"' || c == '\'') {
                int end = stringEnd(object, i);
                String text = object.substring(i, end + 1);
                json.append(c == '\'' ? unescape(text.substring(1, text.length() - 1)) : text);
                i = end;
            } else {
                json.append(c);
            }
        }
        try {
            return LENIENT.readValue(json.toString(), new TypeReference<LinkedHashMap<String, Object>>() { });
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the figure's script can't be read: " + e.getOriginalMessage(), e);
        }
    }

    /** A single-quoted string of the template as a JSON string. */
    private static String unescape(String text) {
        String plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                default -> json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
