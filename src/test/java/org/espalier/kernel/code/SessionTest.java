package org.espalier.kernel.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the agent, so that every redefinition makes another class: the hard case for variables. */
public class SessionTest {
    private static final ByteArrayOutputStream NOTES = new ByteArrayOutputStream();
    /** For notebook code to say that it's at work. */
    public static volatile CountDownLatch BUSY;
    private static final MagicCompletion NAMES = new MagicCompletion(java.util.List.of("time"), java.util.List.of("time"));
    private static Session session;
    private static int number;

    @BeforeAll
    static void open() {
        session = new Session(Optional.empty(), new PrintStream(NOTES, true));
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static Object value(String code) throws CellFailure {
        return run(code).orElseThrow().value();
    }

    private static Optional<Session.Shown> run(String code) throws CellFailure {
        return session.run(new Cell(++number, code), (cell, magic) -> Optional.of(new Session.Shown("%" + magic.name())));
    }

    @Test
    void valuesComeAsTheObjectsThatTheyAre() throws CellFailure {
        run("var list = new java.util.ArrayList<int[]>();");
        assertTrue(value("list") == value("list"));
        assertEquals(Optional.empty(), run("list.size();"));
    }

    @Test
    void aCompilerPluginInAJarThatIsAddedActsOnNoCell(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("plugin.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("META-INF/services/com.sun.source.util.Plugin"));
            out.write("gone.Plugin".getBytes(StandardCharsets.UTF_8)); // A compiler that looked for it would fail.
        }
        try (Session other = new Session(Optional.empty(), new PrintStream(NOTES, true))) {
            other.addToClassPath(jar);
            assertEquals(Optional.of(new Session.Shown(3)), other.run(new Cell(1, "1 + 2"), (cell, magic) -> Optional.empty()));
        }
    }

    @Test
    void aVariableKeepsItsValueWhenTheMethodThatMadeItChanges() throws CellFailure {
        run("StringBuilder make() { return new StringBuilder(\"made\"); }\nvar made = make();");
        Object before = value("made");
        run("StringBuilder make() { String other = \"otherwise\"; return new StringBuilder(other); }");
        assertTrue(before == value("made"));
        assertEquals("otherwise", value("make().toString()"));
    }

    @Test
    void aVariableWhoseClassChangesKeepsItsValueAndTheUserIsToldOnce() throws CellFailure {
        run("class Model { int layers = 3; }\nvar model = new Model();");
        Object before = value("model");
        NOTES.reset();
        run("class Model { int layers = 4; int heads = 2; }");
        assertTrue(before == value("model"));
        assertEquals(1, NOTES.toString().lines().filter(line -> line.contains("model (a Model, now Object)")).count(), NOTES::toString);
        run("model = new Model();");
        assertEquals(2, value("model.heads"), "it is a Model again");
    }

    @Test
    void anImportOfAPackageKeepsWhatANameMeans() throws CellFailure {
        run("import java.util.*;\nList<Double> rates = new ArrayList<>(List.of(.91, .92));\ndouble best() { List<Double> all = rates; return Collections.max(all); }");
        Object before = value("rates");
        run("import java.awt.*;");
        assertTrue(before == value("rates"));
        run("import java.awt.List;");
        assertTrue(before == value("rates"));
        assertEquals(.92, value("best()"));
        run("class List { }");
        assertTrue(before == value("rates"));
        assertEquals(.92, value("best()"));
    }

    @Test
    void aValueStaysWhenWhatItWasComputedFromIsDeclaredAgain() throws CellFailure {
        run("int many = 200; int[] net(int size) { return new int[size]; }\nvar net = net(many); double share = many / 2;");
        Object before = value("net");
        run("double many = .5;");
        assertTrue(before == value("net"));
        assertEquals(100.0, value("share"));
    }

    @Test
    void aDeclarationThatThrowsLeavesTheFormerOne() throws CellFailure {
        run("String result = \"trained\";");
        assertThrows(CellFailure.class, () -> run("int result = Integer.parseInt(\"no number\");"));
        assertEquals("trained", value("result"));
        assertThrows(CellFailure.class, () -> run("Unknown result = null;"));
        assertEquals("trained", value("result"));
    }

    @Test
    void aVariableThatIsDeclaredAgainStartsAnew() throws CellFailure {
        run("int[] again = {1, 2};");
        run("var again = new int[3];");
        NOTES.reset();
        assertEquals(3, value("again.length"));
        run("String again = \"text\";");
        assertEquals("text", value("again"));
        assertEquals("", NOTES.toString(), "nothing was lost");
    }

    @Test
    void aDeclarationThatDoesNotCompileLeavesTheFormerOneAsItWas() throws CellFailure {
        run("int[] counted = {1, 2};\nint triple(int x) { return 3 * x; }\nclass Kept { int k = 9; }");
        for (String wrong : java.util.List.of("int[] counted = nothing;", "int triple(int x) { return; }", "String counted = 5;")) {
            assertThrows(CellFailure.class, () -> run(wrong));
        }
        assertEquals(17, value("counted[1] + triple(2) + new Kept().k"));
    }

    @Test
    void staticValuesThatChangeAreComputedAgain() throws CellFailure {
        run("class Settings { static int epochs = 3; }\nenum Size { SMALL(3); final int n; Size(int n) { this.n = n; } }");
        run("class Settings { static int epochs = 30; }");
        run("enum Size { SMALL(4); final int n; Size(int n) { this.n = n; } }");
        assertEquals(34, value("Settings.epochs + Size.SMALL.n"));
    }

    @Test
    void everyVariableOfOneDeclarationCounts() {
        assertThrows(CellFailure.class, () -> run("double mean = 1, deviation = 1 / 0;"));
        assertThrows(CellFailure.class, () -> run("double first = 1, second = nothing;"));
    }

    @Test
    void aLambdaFindsTheVariableThatItWasWrittenWith() throws CellFailure {
        run("double[] w = {1, 2};");
        run("java.util.function.DoubleUnaryOperator f = x -> x * w[0];");
        run("double[] w = java.util.stream.Stream.of(3.0).mapToDouble(q -> q).toArray();");
        assertEquals(6.0, value("f.applyAsDouble(2)"));
    }

    @Test
    void aLongTextIsACellLikeAnyOther() throws CellFailure {
        assertEquals(40_000, value("\"" + "x\\\\".repeat(20_000) + "\".length()"));
    }

    @Test
    void showingAValueCanBeInterrupted() throws Exception {
        Object slow = value("class Slow { public String toString() { while (true) { } } }\nnew Slow()");
        CompletableFuture<CellFailure> ended = CompletableFuture.supplyAsync(() -> assertThrows(CellFailure.class, () -> session.show(slow, String::valueOf)));
        Thread.sleep(300);
        session.interrupt();
        assertEquals("Interrupted", ended.get().name());
    }

    @Test
    void whatIsLeftBehindEndsAtItsNextLook() throws Exception {
        CompletableFuture<CellFailure> ended = CompletableFuture.supplyAsync(() -> assertThrows(CellFailure.class, () -> run(
                "long ticks = 0; while (true) {  org.espalier.kernel.code.SessionTest.deaf(); ticks++; }")));
        Thread.sleep(600);
        session.interrupt();
        session.interrupt();
        assertEquals("Interrupted", ended.get().name());
        Object before = value("ticks");
        Thread.sleep(1500);
        assertTrue((long) value("ticks") <= (long) before + 1, "it runs on");
    }

    /** Library code that knows no interrupt. */
    public static void deaf() {
        long end = System.nanoTime() + 1_000_000_000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aClassBelowItsFirstUseIsTheReadersThoughAPackageHasItsName() throws CellFailure {
        run("import java.util.concurrent.*;\ndouble half(Phaser p) { return p.rate / 2; }\nvar phaser = new Phaser(3);\nPhaser[] all = {phaser};\n"
                + "class Phaser extends Exchanger { Phaser(double rate) { super(rate); } }\nclass Exchanger { final double rate; Exchanger(double rate) { this.rate = rate; } }");
        assertEquals(1.5, value("half(all[0])"));
        CellFailure failure = assertThrows(CellFailure.class, () -> run("Semaphore none = null;\nclass Semaphore { int x = \"t\"; }"));
        assertTrue(failure.getMessage().contains("line 2"), failure::getMessage);
        CellFailure ours = assertThrows(CellFailure.class, () -> run("import org.espalier.train.*;\ndouble rate(Budget b) { return b.rate; }"));
        assertTrue(ours.getMessage().contains("Budget is org.espalier.train.Budget here"), ours::getMessage);
        run("boolean none(Flow f) { return f == null; }");
        NOTES.reset();
        run("class Flow { }");
        assertTrue(NOTES.toString().contains("none goes on with the imported Flow"), NOTES::toString);
        assertEquals(true, value("none(null)"));
    }

    @Test
    void classesThatNeedEachOtherMayStandInAnyOrder() throws CellFailure {
        run("class Hen { Egg egg() { return new Egg(); } }");
        assertTrue(NOTES.toString().contains("Egg"), NOTES::toString);
        run("class Egg { Hen hen() { return new Hen(); } }");
        assertEquals("Hen", value("new Hen().egg().hen().getClass().getSimpleName()"));
    }

    @Test
    void aRecordsOwnConstructorNeedsNoModifier() throws CellFailure {
        run("record Ratio(double of) {\n    Ratio {\n        if (of < 0) throw new IllegalArgumentException(\"below 0\");\n    }\n"
                + "    Ratio(int percent) { this(percent / 100.0); }\n}");
        assertEquals(.25, value("new Ratio(25).of()"));
        CellFailure failure = assertThrows(CellFailure.class, () -> run("new Ratio(-1.0)"));
        assertTrue(failure.lines().get(1).contains("line 3"), () -> failure.lines().toString());
        CellFailure wrong = assertThrows(CellFailure.class, () -> run("record Wrong(int a) { Wrong { return; } }"));
        assertTrue(wrong.getMessage().contains("line 1"), wrong::getMessage);
    }

    @Test
    void semicolonsMayBeMissingAtLineEnds() throws CellFailure {
        assertEquals(7, value("int p = 3\nint q = 4\np + q"));
    }

    @Test
    void magicsCountWhereASnippetStarts() throws CellFailure {
        assertEquals("%time", value("%time 1 + 1"));
        assertEquals("%time\n", value("\"\"\"\n%time\n\"\"\""));
        assertEquals(1, value("int r = 5\n% 2; r"));
    }

    /** The flag must not end the thread that is waited for before the waiting thread is interrupted: the cell would be done, and nothing wrong. */
    @Test
    void aCellThatWaitsForItsOwnThreadIsInterruptedAndNotDone() throws Exception {
        run("void waitForever() throws InterruptedException {\n    Thread busy = new Thread(() -> { while (true) { } });\n    busy.start();\n"
                + "    org.espalier.kernel.code.SessionTest.BUSY.countDown();\n    busy.join();\n}");
        for (int time = 0; time < 60; time++) {
            BUSY = new CountDownLatch(1);
            CompletableFuture<CellFailure> ended = CompletableFuture.supplyAsync(() -> assertThrows(CellFailure.class, () -> run("waitForever();")));
            BUSY.await();
            session.interrupt();
            assertEquals("Interrupted", ended.get().name());
        }
    }

    @Test
    void anInterruptEndsALoopThatSwallowsEverything() throws Exception {
        CompletableFuture<CellFailure> ended = CompletableFuture.supplyAsync(() -> assertThrows(CellFailure.class,
                () -> run("int kept = 5; long turns = 0; while (true) { try { turns++; } catch (Throwable e) { } }")));
        Thread.sleep(500);
        session.interrupt();
        assertEquals("Interrupted", ended.get().name());
        assertEquals(5, value("kept"));
        session.interrupt();
        assertEquals(2, value("1 + 1"), "an interrupt between two cells harms neither");
    }

    @Test
    void whatIsUnfinishedIsToldFromWhatIsWrong() {
        var analysis = session.analysis();
        assertEquals(new Completeness("incomplete", "    "), Completeness.of(analysis, "for (int i = 0; i < 3; i++) {"));
        assertEquals("complete", Completeness.of(analysis, "int a = 1\n").status());
        assertEquals("complete", Completeness.of(analysis, "%magics").status());
        assertEquals("invalid", Completeness.of(analysis, "int a = );").status());
    }

    @Test
    void namesOfTheSameCellComplete() {
        String code = "int learningRate = 1;\nString s = \"\" + learn";
        Completion found = Completion.at(session.analysis(), code, code.length(), NAMES);
        assertEquals("learningRate", found.suggestions().get(0).text());
        assertEquals(code.length() - "learn".length(), found.start());
        assertFalse(Completion.at(session.analysis(), "%ti", 3, NAMES).suggestions().isEmpty());
    }
}
