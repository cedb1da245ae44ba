package org.espalier.display;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.plotly.components.Figure;

/**
 * Static pictures of Tablesaw's figures, drawn by XChart without a browser or a display: lines, points, error bars, bands, bars,
 * histograms, boxes, heat maps, pies, and several panels.
 */
public final class Picture {
    /** Pixels per unit of the figure's size: twice as many, so that text stays sharp on fine displays. */
    public static final int SCALE = 2;

    private Picture() { }

    /**
     * @return the figure as a PNG image, {@value #SCALE} times as many pixels wide and high as the figure's layout says
     * @throws NoPicture if the figure shows something that can't be drawn faithfully
     */
    public static byte[] png(Figure figure) {
        return png(FigureScript.read(figure));
    }

    static byte[] png(FigureScript script) {
        int width = size(script.layout().get("width"), 700);
        int height = size(script.layout().get("height"), 450);
        List<Panel> panels = panels(script, width, height);
        BufferedImage image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.scale(SCALE, SCALE);
        int columns = columns(script, panels.size());
        for (int i = 0; i < panels.size(); i++) {
            Panel panel = panels.get(i);
            Graphics2D at = (Graphics2D) graphics.create((i % columns) * panel.width(), i / columns * panel.height(), panel.width(), panel.height());
            chart(panel).paint(at, panel.width(), panel.height());
            at.dispose();
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the figure's picture: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    static int size(Object given, int otherwise) {
        int size = (int) Trace.parse(given, otherwise);
        if (size < 50 || size > 5000) {
            throw new NoPicture("the figure is " + size + " pixels wide or high; between 50 and 5000 can be drawn");
        }
        return size;
    }

    private static int columns(FigureScript script, int panels) {
        int columns = (int) Trace.parse(Trace.at(script.layout(), "grid.columns"), panels > 1 ? Math.ceil(Math.sqrt(panels)) : 1);
        return Math.max(1, Math.min(columns, panels));
    }

    private static List<Panel> panels(FigureScript script, int width, int height) {
        Map<String, List<Trace>> byAxes = new LinkedHashMap<>();
        for (Map<String, Object> fields : Histograms.counted(script.traces())) {
            Trace trace = new Trace(fields);
            if (trace.visible()) {
                byAxes.computeIfAbsent(trace.text("xaxis", "x") + " " + trace.text("yaxis", "y"), axes -> new ArrayList<>()).add(trace);
            }
        }
        if (byAxes.keySet().stream().map(axes -> axes.split(" ")[0]).distinct().count() < byAxes.size()) {
            throw new NoPicture("no static picture for a second y axis");
        }
        int columns = columns(script, byAxes.size());
        int rows = (byAxes.size() + columns - 1) / columns;
        Object title = script.layout().get("title");
        Object text = title instanceof Map<?, ?> map ? map.get("text") : title;
        List<Panel> panels = new ArrayList<>();
        byAxes.forEach((axes, traces) -> {
            String[] names = axes.split(" ");
            panels.add(new Panel(traces, script.layout(), "xaxis" + names[0].substring(1), "yaxis" + names[1].substring(1),
                    title(script, text, panels.size(), byAxes.size()), width / columns, height / rows));
        });
        return panels;
    }

    /** The figure's own above a single panel; of several, each has the note that stands in its place. */
    private static String title(FigureScript script, Object whole, int panel, int panels) {
        boolean titled = script.layout().get("annotations") instanceof List<?> notes && notes.size() == panels;
        Object title = titled ? Trace.at((Map<?, ?>) ((List<?>) script.layout().get("annotations")).get(panel), "text") : panels == 1 ? whole : null;
        return title == null ? "" : title.toString().replace("<br>", ", ");
    }

    private static Chart<?, ?> chart(Panel panel) {
        List<String> types = panel.traces().stream().map(Trace::type).distinct().toList();
        if (types.size() > 1) {
            throw new NoPicture("no static picture for " + String.join(" and ", types) + " in one panel");
        }
        return switch (types.get(0)) {
            case "scatter", "scattergl" -> XyPicture.of(panel);
            case "bar" -> OtherPictures.bars(panel);
            case "box" -> OtherPictures.boxes(panel);
            case "heatmap" -> OtherPictures.heatMap(panel);
            case "pie" -> OtherPictures.pie(panel);
            default -> throw new NoPicture("no static picture for a plot of the type '" + types.get(0) + "'");
        };
    }
}
