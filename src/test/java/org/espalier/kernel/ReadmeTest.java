package org.espalier.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code on the README's first page runs in the kernel as it stands, on a smaller network and other data. */
class ReadmeTest {

    @Test
    void theFirstPageRunsInTheKernel(@TempDir Path folder) throws Exception {
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("README.md"))).results()
                .map(match -> match.group(1)).toList();
        assertTrue(blocks.size() >= 2, "two blocks of code: the verbs, and a reader's own idea");
        Session session = new Session(Optional.empty(), System.err);
        KernelMain.startUp(session, Path.of("kernel/imports.jsh"));
        Magics magics = new Magics(session, null);
        magics.cell(new Cell(1, smaller(blocks.get(0), folder)));
        magics.cell(new Cell(2, smaller(blocks.get(1), folder)));
        assertEquals(true, magics.cell(new Cell(3, "own.network().architecture().macs(32, 32) <= net.architecture().macs(32, 32) / 2")).orElseThrow().value());
        assertTrue(Files.size(folder.resolve("r56b-clr.safetensors")) > 0);
    }

    private static String smaller(String code, Path folder) {
        return code.replace("cifar10().normalised(Normalisation.IMAGENET)", "sample().take(10, 5)")
                .replace("loadResNet(Path.of(\"resnet56-4bfd9763.th\"))", "resNet(8, data)").replace("plan(\"R56-B\")", "uniform(.3)")
                .replaceAll("epochs\\(\\d+\\)", "epochs(1)").replace("r56b-clr.safetensors", folder.resolve("r56b-clr.safetensors").toString());
    }
}
