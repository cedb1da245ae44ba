"""What values look like: tables, figures, images, and whatever renders itself."""

import base64
import json
import re
import struct

from kernel import KernelTest


class Displays(KernelTest):
    prepared = "import tech.tablesaw.plotly.components.Figure;\nimport tech.tablesaw.plotly.traces.*;"

    def shown(self, code):
        return self.kernel.ok(code).of_type("execute_result")[-1]

    def test_a_table_is_html_without_colours_and_text(self):
        data = self.shown('Table.create("sizes <of> nets", StringColumn.create("net", "a & b", "c"), IntColumn.create("n", 1, 22))')["data"]
        self.assertIn("a &amp; b", data["text/html"])
        self.assertIn("sizes &lt;of&gt; nets", data["text/html"])
        self.assertNotRegex(data["text/html"], r"color|background")
        self.assertRegex(data["text/plain"], r"a & b\s+\|\s+1")

    def test_a_long_table_is_cut_and_says_how_long_it_is(self):
        data = self.shown('Table.create("long", IntColumn.create("n", IntStream.range(0, 100_000).toArray()))')["data"]
        self.assertIn("100000 rows", data["text/html"])
        self.assertIn("100000 rows", data["text/plain"])
        self.assertLess(data["text/html"].count("<tr>"), 300)
        self.assertIn(">99999<", data["text/html"])

    def test_a_figure_brings_a_picture_and_the_same_data_for_plotly(self):
        result = self.shown('new Figure(ScatterTrace.builder(new double[] {1, 2, 3}, new double[] {0.5, 2.5, 1.5}).name("C:\\\\new\\nline").build())')
        data = result["data"]
        png = base64.b64decode(data["image/png"])
        width, height = struct.unpack(">II", png[16:24])
        self.assertGreater(width * height, 10_000)
        trace = data["application/vnd.plotly.v1+json"]["data"][0]
        self.assertEqual(([1, 2, 3], [0.5, 2.5, 1.5]), (trace["x"], trace["y"]))
        self.assertIn("data:image/png;base64," + data["image/png"][:40], data["text/html"])
        self.assertEqual(trace, json.loads(re.search(r'-data">(.*?)</script>', data["text/html"], re.S).group(1))["data"][0])
        self.assertNotRegex(data["text/html"], r"https?://(?!www\.w3\.org)")
        self.assertTrue(data["text/plain"].startswith("[figure"))

    def test_a_training_shows_curves_that_grow_and_ends_in_one_clean_line(self):
        ran = self.kernel.ok('var net = network("cifar-resnet-8 stages=16,32,64 channels=1", 1);\n'
                             "var run = retrain(net, clr(), epochs(2), sample().take(100, 5));")
        shown = [one["data"] for one in ran.of_type("display_data") + ran.of_type("update_display_data")]
        self.assertTrue(any("<svg" in one.get("text/html", "") and "CLR: epoch" in one["text/plain"] for one in shown), shown)
        self.assertEqual(["text/plain"], list(shown[-1]))
        self.assertIn("CLR, 2 epochs", shown[-1]["text/plain"])

    def test_a_figure_that_has_no_picture_says_so_in_words(self):
        data = self.shown('new Figure(Scatter3DTrace.builder(new double[] {1}, new double[] {2}, new double[] {3}).build())')["data"]
        self.assertNotIn("image/png", data)
        self.assertIn("scatter3d", data["text/plain"])

    def test_an_image_is_a_picture(self):
        data = self.shown("new java.awt.image.BufferedImage(7, 5, java.awt.image.BufferedImage.TYPE_INT_RGB)")["data"]
        self.assertEqual((7, 5), struct.unpack(">II", base64.b64decode(data["image/png"])[16:24]))

    def test_what_renders_itself_is_shown_as_it_says(self):
        data = self.shown('new org.espalier.display.Renderable() { public Map<String, Object> render() { return Map.of("text/latex", "$x^2$"); } }')["data"]
        self.assertEqual("$x^2$", data["text/latex"])

    def test_arrays_and_long_texts_are_shown_in_part(self):
        self.assertEqual("int[3] {1, 2, 3}", self.shown("new int[] {1, 2, 3}")["data"]["text/plain"])
        self.assertLess(len(self.shown('"x".repeat(5_000_000)')["data"]["text/plain"]), 200_000)
        self.assertLess(len(self.shown("new double[1_000_000]")["data"]["text/plain"]), 2_000)

    def test_arrays_within_collections_show_their_elements(self):
        self.assertEqual("[int[2] {1, 2}]", self.shown("List.of(new int[] {1, 2})")["data"]["text/plain"])
        self.assertEqual("{k=double[1] {0.5}}", self.shown('Map.of("k", new double[] {.5})')["data"]["text/plain"])

    def test_charts_and_components_are_pictures(self):
        for code in ('new org.knowm.xchart.XYChartBuilder().width(70).height(50).build()', 'new javax.swing.JButton("go")'):
            self.assertIn("image/png", self.shown(code)["data"])

    def test_helpers_of_other_java_kernels_are_there(self):
        ran = self.kernel.ok('display("<b>x</b>", "text/html"); String id = display("a"); updateDisplay(id, "b"); print("c"); println(1); printf("%d", 2);')
        first, second = ran.of_type("display_data")
        self.assertEqual("<b>x</b>", first["data"]["text/html"])
        self.assertEqual(second["transient"]["display_id"], ran.of_type("update_display_data")[0]["transient"]["display_id"])
        self.assertEqual("c1\n2", ran.text())
        self.assertEqual("# x", self.kernel.ok('display("md", "# x")').of_type("display_data")[0]["data"]["text/markdown"])
        self.assertEqual("<i>y</i>", self.shown('render("<i>y</i>", "text/html")')["data"]["text/html"])
        self.assertEqual("3", self.kernel.ok('eval("1 + 2")').value())
        self.kernel.ok("import io.github.spencerpark.ijava.IJava;\nIJava.getKernelInstance().getRenderer() == getKernelInstance().getRenderer()")

    def test_null_is_shown_and_nothing_is_not(self):
        self.assertEqual("null", self.shown("(String) null")["data"]["text/plain"])
        self.assertEqual([], self.kernel.run('System.out.print("");').outputs)
        self.assertEqual([], self.kernel.run("1 + 1;").outputs)
