package org.espalier.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.ScatterTrace;

class PictureTest {
    private static final Map<String, Object> LINE = Map.of("type", "scatter", "mode", "lines", "name", "a", "x", List.of(1, 2, 3), "y", List.of(5, 9, 7));

    @SafeVarargs
    private static byte[] png(Map<String, Object>... traces) {
        return Picture.png(new FigureScript(List.of(traces), Map.of()));
    }

    private static Map<String, Object> with(Map<String, Object> trace, String field, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(trace);
        more.put(field, value);
        return more;
    }

    @Test
    void namesAndNumbersComeOutAsTheyWentIn() {
        Figure figure = new Figure(Layout.builder("C:\\new \"x\" <y> 'z'").build(),
                ScatterTrace.builder(new double[] {1, 2.5e-7}, new double[] {-3, 1e9}).name("tab\\name {b}").build());
        FigureScript script = FigureScript.read(figure);
        assertEquals("C:\\new \"x\" <y> 'z'", FigureView.title(script));
        Trace trace = new Trace(script.traces().get(0));
        assertEquals("tab\\name {b}", trace.text("name", ""));
        assertEquals(List.of(1., 2.5e-7, -3., 1e9), Arrays.stream(new double[][] {trace.numbers("x"), trace.numbers("y")})
                .flatMapToDouble(Arrays::stream).boxed().toList());
    }

    @Test
    void aPictureIsTwiceAsFineAsTheFigureAndNotBlank() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Picture.png(new FigureScript(List.of(LINE), Map.of("width", 300, "height", 200)))));
        assertEquals(600, image.getWidth());
        assertEquals(400, image.getHeight());
        assertTrue(Arrays.stream(image.getRGB(0, 0, 600, 400, null, 0, 600)).distinct().count() > 10);
    }

    @Test
    void errorBarsAndBandsAreInThePicture() {
        byte[] plain = png(LINE);
        assertFalse(Arrays.equals(plain, png(with(LINE, "error_y", Map.of("type", "data", "array", List.of(1, 1, 1))))));
        Map<String, Object> upper = with(LINE, "y", List.of(6, 10, 8));
        assertFalse(Arrays.equals(png(LINE, upper), png(LINE, with(upper, "fill", "tonexty"))));
    }

    @Test
    void everyNumberOfASeriesMovesThePicture() {
        assertFalse(Arrays.equals(png(LINE), png(with(LINE, "y", List.of(5, 9, 8)))));
    }

    @Test
    void whatCannotBeDrawnFaithfullyIsRefusedWithItsReason() {
        NoPicture wide = assertThrows(NoPicture.class, () -> Picture.png(new FigureScript(List.of(LINE), Map.of("width", 5001))));
        assertTrue(wide.getMessage().contains("5001"), wide::getMessage);
        assertTrue(assertThrows(NoPicture.class, () -> png(Map.of("type", "scatter3d"))).getMessage().contains("scatter3d"));
        assertTrue(assertThrows(NoPicture.class, () -> png(LINE, with(LINE, "yaxis", "y2"))).getMessage().contains("second y axis"));
    }

    @Test
    void theInteractiveFigureHasTheSameDataAndLoadsNothingFromElsewhere() {
        Bundle bundle = Views.of(new Figure(ScatterTrace.builder(new double[] {1, 2}, new double[] {3, 4}).build()));
        Map<?, ?> plotly = (Map<?, ?>) bundle.data().get("application/vnd.plotly.v1+json");
        Map<?, ?> trace = (Map<?, ?>) ((List<?>) plotly.get("data")).get(0);
        assertEquals(List.of(3., 4.), trace.get("y"));
        String html = bundle.data().get(Bundle.HTML).toString();
        assertTrue(html.contains("data:image/png;base64,") && !html.contains("http"), "only what stands in the page");
    }

    @Test
    void panelsHaveTheirOwnAxesAndRangesAreNumbers() {
        FigureScript script = new FigureScript(List.of(LINE, with(with(LINE, "xaxis", "x2"), "yaxis", "y2")),
                Map.of("yaxis", Map.of("autorange", "false", "range", List.of("0", "0.1"), "title", "rate")));
        Map<String, Object> layout = PlotlyLayout.of(script);
        assertEquals(Map.of("autorange", false, "range", List.of(0., .1), "title", "rate", "anchor", "x"), layout.get("yaxis"));
        assertEquals("y", ((Map<?, ?>) layout.get("xaxis")).get("anchor"), "the first panel's numbers stand in it too");
        assertEquals("x2", ((Map<?, ?>) layout.get("yaxis2")).get("anchor"));
        assertEquals("y2", ((Map<?, ?>) layout.get("xaxis2")).get("anchor"));
        assertEquals(Map.of(), PlotlyLayout.of(new FigureScript(List.of(LINE, LINE), Map.of())), "a single panel is left as it is");
    }

    @Test
    void aSeriesNameCannotEndTheScriptThatItStandsIn() {
        Bundle bundle = Views.of(new Figure(ScatterTrace.builder(new double[] {1}, new double[] {2}).name("</script><b>").build()));
        assertFalse(bundle.data().get(Bundle.HTML).toString().contains("</script><b>"));
    }
}
