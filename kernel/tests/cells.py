"""A notebook of forty cells, executed by nbconvert: declarations of every kind, in every order, with and without semicolons."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import nbformat

# Each cell with what it shows: its text output and value, one below the other.
CELLS = [
    ("1 + 1", "2"),
    ("int a = 3\nint b = 4\na * b", "12"),
    ('String name = "world"; System.out.println("hello, " + name);', "hello, world\n"),
    ('var text = """\n    one\n      %time two\n    """;\ntext.lines().toList()', "[one,   %time two]"),
    ("record Point(int x, int y) {\n    Point { if (x < 0) throw new IllegalArgumentException(\"x is \" + x); }\n    double norm() { return Math.hypot(x, y); }\n}\n"
     "new Point(3, 4).norm()", "5.0"),
    ("interface Shape { double area(); }\nrecord Square(double side) implements Shape { public double area() { return side * side; } }\n"
     "Shape shape = new Square(3);\nshape.area()", "9.0"),
    ("sealed interface Tree permits Leaf, Node { }\nrecord Leaf(int value) implements Tree { }\nrecord Node(Tree left, Tree right) implements Tree { }\n"
     "int sum(Tree tree) {\n    if (tree instanceof Leaf leaf) return leaf.value();\n    Node node = (Node) tree;\n    return sum(node.left()) + sum(node.right());\n}\n"
     "sum(new Node(new Leaf(1), new Node(new Leaf(2), new Leaf(3))))", "6"),
    ("class Chicken { Egg egg; int age = 2; Egg lay() { return new Egg(this); } }\nclass Egg { Chicken mother; Egg(Chicken mother) { this.mother = mother; } }\n"
     "new Chicken().lay().mother.age", "2"),
    ("boolean even(int n) { return n == 0 || odd(n - 1); }\nboolean odd(int n) { return n != 0 && even(n - 1); }\neven(10)", "true"),
    ("<T extends Comparable<T>> T largest(List<T> list) {\n    T best = list.get(0)\n    ;\n    for (T one : list) if (one.compareTo(best) > 0) best = one;\n"
     "    return best;\n}\nlargest(List.of(3, 1, 2))", "3"),
    ("Function<Integer, Function<Integer, Integer>> add = x -> y -> x + y;\nadd.apply(2).apply(5)", "7"),
    ("class Box<T> {\n    private final T value;\n    Box(T value) { this.value = value; }\n    <R> Box<R> map(Function<T, R> f) { return new Box<>(f.apply(value)); }\n"
     "    public String toString() { return \"Box(\" + value + \")\"; }\n}\nnew Box<>(20).map(v -> v + 1)", "Box(21)"),
    ("enum Level { LOW { int factor() { return 1; } }, HIGH { int factor() { return 10; } }; abstract int factor(); }\n"
     "Arrays.stream(Level.values()).mapToInt(Level::factor).sum()", "11"),
    ("int later() { return early() + 1; }", "Note: later can't be used yet: method early() is not declared yet.\n"),
    ("int early() { return 41; }\nlater()", "42"),
    ("int early() { return 99; }\nlater()", "100"),
    ("int counter = 5;\nint next() { return ++counter; }\nnext()", "6"),
    ("int next() { counter += 10; return counter; }\nnext()", "16"),
    ("String next() { return \"now text, \" + counter; }\nnext()", "now text, 16"),
    ("counter", "16"),
    ("double a = 0.5\na + b", "4.5"),
    ("String a = \"five\";\na + b", "five4"),
    ("var map = new TreeMap<String, List<Integer>>();\nmap.computeIfAbsent(\"k\", k -> new ArrayList<>()).add(1);\nmap", "{k=[1]}"),
    ("int grade(int points) {\n    return switch (points / 10) {\n        case 10, 9 -> 1;\n        case 8 -> 2;\n        default -> {\n            int rest = points;\n            yield rest > 50 ? 3 : 4;\n        }\n    };\n}\n"
     "IntStream.of(95, 85, 60, 20).map(i -> grade(i)).boxed().toList()", "[1, 2, 3, 4]"),
    ("int total = 0;\nfor (int i = 0; i < 10; i++) {\n    if (i % 2 == 0) continue;\n    total += i;\n}\ntotal", "25"),
    ("int[][] grid = {{1, 2}, {3, 4}};\ngrid", "int[][2] {int[2] {1, 2}, int[2] {3, 4}}"),
    ("IntStream.range(0, 5)\n    .mapToObj(i -> \"n\" + i)\n    .collect(Collectors.joining(\"-\"))", "n0-n1-n2-n3-n4"),
    ("Object thing = 3.5;\nthing instanceof Double d ? \"double \" + d : \"other\"", "double 3.5"),
    ("@FunctionalInterface interface Op { int run(int x, int y); }\nOp times = (x, y) -> x * y;\ntimes.run(6, 7)", "42"),
    ("abstract class Base {\n    abstract String what();\n    String tell() { return \"I am \" + what(); }\n}\nclass Child extends Base { String what() { return \"a child\"; } }\nnew Child().tell()",
     "I am a child"),
    ("class Child extends Base { String what() { return \"another child\"; } }\nnew Child().tell()", "I am another child"),
    ("static int twice(int x) { return 2 * x; }\ntwice(4);", ""),
    ("// only a comment\n/* and another */", ""),
    ("int unused = 1; // a comment after\nunused + 1 // and here", "2"),
    ("import java.util.concurrent.*;\nvar pool = Executors.newFixedThreadPool(2);\nint sum = pool.invokeAll(List.<Callable<Integer>>of(() -> 1, () -> 2)).stream()\n"
     "    .mapToInt(f -> { try { return f.get(); } catch (Exception e) { throw new RuntimeException(e); } }).sum();\npool.shutdown()\nsum", "3"),
    ("String Ümläut = \"ß\"; Ümläut + '\\u00e9' + \"𝄞\"", "ßé𝄞"),
    ("class Counter {\n    static int made;\n    { made++; }\n    class Inner { int outer() { return made; } }\n}\nnew Counter(); new Counter();\nnew Counter().new Inner().outer()", "3"),
    ("int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }\nIntStream.rangeClosed(1, 10).map(i -> fib(i)).boxed().toList()",
     "[1, 1, 2, 3, 5, 8, 13, 21, 34, 55]"),
    ("record Point(int x, int y, int z) { }\nnew Point(1, 2, 3)", "Point[x=1, y=2, z=3]"),
    ("shape.area() + sum(new Leaf(4)) + largest(List.of(1.5, 2.5)) + a.length()", "19.5"),
]


def shown(cell):
    texts = []
    for output in cell.outputs:
        texts.append(output.text if output.output_type == "stream" else output.data["text/plain"] if "data" in output
                     else output.ename + ": " + output.evalue)
    return "".join(texts)


class Cells(unittest.TestCase):
    def executed(self, sources, *options):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["kernelspec"] = {"name": "espalier", "display_name": "Java", "language": "java"}
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "cells.ipynb")
            nbformat.write(notebook, path)
            done = subprocess.run([sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--inplace", *options, path],
                                  capture_output=True, text=True, env={**os.environ, "HOME": folder})
            return done, nbformat.read(path, 4)

    def test_forty_cells(self):
        self.assertEqual(40, len(CELLS))
        done, notebook = self.executed([source for source, _ in CELLS], "--allow-errors")
        self.assertEqual(0, done.returncode, done.stderr)
        for number, (cell, (source, expected)) in enumerate(zip(notebook.cells, CELLS), 1):
            with self.subTest(f"cell {number}: {source.splitlines()[0]}"):
                self.assertEqual(expected, shown(cell))

    def test_an_error_stops_nbconvert_and_is_told(self):
        done, _ = self.executed(["int x = 1;", "int y = x +;", "x"])
        self.assertNotEqual(0, done.returncode)
        self.assertIn("In[2] line 1", done.stderr)

    def test_progress_ends_in_one_clean_line(self):
        done, notebook = self.executed(["import org.espalier.report.*;\nvar line = new LiveLine();\n"
                                        "for (int i = 1; i <= 2000; i++) { line.show(i + \" of 2000\"); Thread.sleep(1); }\nline.end(\"done: 2000\");"])
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["done: 2000"], [output.data["text/plain"] for output in notebook.cells[0].outputs])

    def test_the_readers_own_imports_win(self):
        done, notebook = self.executed(["import tech.tablesaw.plotly.components.*;\nLayout.builder().title(\"x\").build() != null",
                                        "List<Double> rates = new ArrayList<>(List.of(.5));\ndouble best() { return Collections.max(rates); }",
                                        "import java.awt.*;\nimport java.sql.*;", "best() + rates.get(0)", "Date day = Date.valueOf(\"2020-01-02\");\nday.toString()",
                                        "new BigDecimal(\"1.5\").add(BigDecimal.ONE) + Pattern.compile(\"b\").pattern() + new File(\"c\") + URI.create(\"d\")"])
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["true", "", "1.0", "2020-01-02", "2.5bcd"], [shown(cell) for i, cell in enumerate(notebook.cells) if i != 2])

    def test_the_notebook_stays_valid(self):
        done, notebook = self.executed(["display(html(\"<b>x</b>\"));", "Table.create(\"t\", IntColumn.create(\"a\", 1))", "new java.awt.image.BufferedImage(2, 2, 1)"])
        self.assertEqual(0, done.returncode, done.stderr)
        nbformat.validate(json.loads(nbformat.writes(notebook)))
