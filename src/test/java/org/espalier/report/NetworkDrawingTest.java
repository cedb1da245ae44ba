package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.espalier.display.Views;
import org.espalier.model.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class NetworkDrawingTest {

    @ParameterizedTest
    @ValueSource(strings = {"cifar-resnet-8", "cifar-resnet-8 shortcut=projection", "densenet-10", "preresnet-11", "mobilenet-v2", "vgg-16", "resnet-50"})
    void everyConvolutionHasALineInTextAndPicture(String text) throws Exception {
        Architecture architecture = Architecture.parse(text);
        NetworkDrawing drawing = new NetworkDrawing(architecture);
        long convolutions = architecture.nodes().stream().filter(node -> node.op() instanceof org.espalier.model.Op.Conv2d).count();
        assertEquals(convolutions, Pattern.compile("^\\S+ +(conv|depthwise) ", Pattern.MULTILINE).matcher(drawing.toString()).results().count());
        var picture = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(drawing.svg())));
        assertEquals("svg", picture.getDocumentElement().getTagName());
        assertEquals(List.of("image/svg+xml", "text/plain"), Views.of(drawing).data().keySet().stream().sorted().toList());
    }

    @Test
    void linesOfOneGroupHaveOneNumberAndShortcutsSayWhereTheyComeFrom() {
        String text = new NetworkDrawing(Architecture.parse("cifar-resnet-8 shortcut=projection")).toString();
        assertTrue(text.startsWith("cifar-resnet-8 shortcut=projection: "), text);
        List<String> stream = text.lines().filter(line -> line.matches("(conv1|layer1\\.0\\.(conv2|add)) .*")).map(line -> line.replaceFirst(".*#(\\S+).*", "$1")).toList();
        assertEquals(List.of("(1)", "(1)", "(1)"), stream);
        assertTrue(text.lines().anyMatch(line -> line.matches("layer1\\.0\\.add .* 16 x 32 x 32 .*from conv1")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("linear +linear +10")), text);
    }
}
