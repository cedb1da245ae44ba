package org.espalier.display;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tech.tablesaw.plotly.components.Figure;

/**
 * A Tablesaw figure as one bundle: a static picture that needs nothing, and its data for plotly.js, which takes over where a page has it.
 * Nothing is ever loaded from the network: plotly.js comes from the page itself or from the Jupyter server's own kernelspec folder.
 */
final class FigureView {
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
    /** The folder among Jupyter's kernelspecs that has plotly.js; kernel/install knows it. */
    private static final String KERNEL = System.getProperty("espalier.kernel", "espalier").replaceAll("[^A-Za-z0-9._-]", "");
    private static final String PLOTLY = "application/vnd.plotly.v1+json";

    private FigureView() { }

    static Bundle of(Figure figure) {
        FigureScript script = FigureScript.read(figure);
        Map<String, Object> plotly = Map.of("data", grouped(plain(Histograms.counted(script.traces())), script), "layout", PlotlyLayout.of(script),
                "config", Map.of("displaylogo", false));
        String title = title(script);
        Map<String, Object> data = new LinkedHashMap<>();
        Map<String, Object> metadata = Map.of();
        String picture;
        String text = "[figure" + (title.isBlank() ? "" : ": " + title) + "]";
        int width = (int) Trace.parse(script.layout().get("width"), 700);
        int height = (int) Trace.parse(script.layout().get("height"), 450);
        try {
            String png = Base64.getEncoder().encodeToString(Picture.png(script));
            picture = "<img alt=\"" + Html.escape(text) + "\" width=\"" + width + "\" src=\"data:image/png;base64," + png + "\">";
            data.put(Bundle.HTML, html(picture, plotly));
            data.put(Bundle.PNG, png);
            metadata = Map.of(Bundle.PNG, Map.of("width", width, "height", height));
        } catch (RuntimeException e) {
            // Ours says what it can't draw faithfully; what XChart refuses plotly may be able to show.
            text = text + " " + (e instanceof NoPicture ? "" : "no static picture: ") + e.getMessage();
            data.put(Bundle.HTML, html("<pre>" + Html.escape(text) + "</pre>", plotly));
        }
        data.put(PLOTLY, plotly);
        data.put(Bundle.TEXT, text);
        return new Bundle(data, metadata);
    }

    static String title(FigureScript script) {
        Object title = script.layout().get("title");
        Object text = title instanceof Map<?, ?> map ? map.get("text") : title;
        return text == null ? "" : text.toString();
    }

    /** Numbers that Tablesaw wrote as text become numbers, so that every reader of the JSON sees the same. */
    private static List<Map<String, Object>> plain(List<Map<String, Object>> traces) {
        List<Map<String, Object>> plain = new ArrayList<>();
        for (Map<String, Object> fields : traces) {
            Trace trace = new Trace(fields);
            Map<String, Object> copy = new LinkedHashMap<>(fields);
            for (String axis : List.of("x", "y")) {
                if (trace.has(axis) && trace.kind(axis) == AxisKind.NUMBERS) {
                    copy.put(axis, Arrays.stream(trace.numbers(axis)).boxed().toList());
                }
            }
            if (copy.get("opacity") instanceof String opacity) {
                copy.put("opacity", Trace.parse(opacity, 1));
            }
            plain.add(finite(copy));
        }
        return plain;
    }

    /** In panels that share a legend a name stands there once, and shows or hides all of its curves. */
    private static List<Map<String, Object>> grouped(List<Map<String, Object>> traces, FigureScript script) {
        if (Trace.at(script.layout(), "legend.orientation") != null) {
            Set<Object> named = new HashSet<>();
            for (Map<String, Object> trace : traces) {
                trace.put("legendgroup", trace.get("name"));
                if (!"false".equals(String.valueOf(trace.get("showlegend"))) && !named.add(trace.get("name"))) {
                    trace.put("showlegend", false);
                }
            }
        }
        return traces;
    }

    /** JSON has no infinities, and plotly.js takes null for what is missing. */
    @SuppressWarnings("unchecked")
    private static <T> T finite(T value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(key, finite(inner)));
            return (T) copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(inner -> copy.add(finite(inner)));
            return (T) copy;
        }
        return value instanceof Double number && !Double.isFinite(number) ? null : value;
    }

    private static String html(String picture, Map<String, Object> plotly) {
        String id = "espalier-" + UUID.randomUUID();
        return "<div id=\"" + id + "\">" + picture + "</div>\n<script type=\"application/json\" id=\"" + id + "-data\">"
                + Html.inScript(JSON.toJson(plotly)) + "</script>\n<script>" + UPGRADE.replace("ID", id).replace("KERNEL", KERNEL) + "</script>";
    }

    private static final String UPGRADE = """
            (function () {
              var div = document.getElementById('ID'), data = document.getElementById('ID-data');
              if (!div || !data) return;
              function draw(Plotly) {
                if (!Plotly || !Plotly.newPlot) return;
                var figure = JSON.parse(data.textContent), place = document.createElement('div');
                div.parentNode.insertBefore(place, div);
                if (figure.layout.width) {
                  place.style.maxWidth = figure.layout.width + 'px';
                  delete figure.layout.width;
                  figure.config.responsive = true;
                }
                Plotly.newPlot(place, figure.data, figure.layout, figure.config).then(function () { div.style.display = 'none'; },
                  function () { place.remove(); });
              }
              if (window.Plotly) return draw(window.Plotly);
              var base = document.body && document.body.getAttribute('data-base-url');
              var lab = document.getElementById('jupyter-config-data');
              if (!base && lab) { try { base = JSON.parse(lab.textContent).baseUrl; } catch (e) { } }
              if (!base) return;
              var url = base.replace(/\\/?$/, '/') + 'kernelspecs/KERNEL/plotly.min.js';
              if (!window.espalierPlotly) window.espalierPlotly = fetch(url, {credentials: 'same-origin'}).then(function (answer) {
                if (!answer.ok) throw new Error(answer.status);
                return answer.text();
              }).then(function (code) {
                var module = {exports: {}};
                // No define and no MathJax: plotly.js knows MathJax 2 only, and gives up where a newer one is, as in JupyterLab.
                new Function('module', 'exports', 'define', 'MathJax', code).call(window, module, module.exports);
                return module.exports;
              });
              window.espalierPlotly.then(draw, function () { });
            })();
            """;
}
