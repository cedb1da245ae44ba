package org.espalier.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes the resource of {@link Datasets#sample()} from the full dataset; how to run it stands in the README beside the resource. */
final class SampleTool {
    private SampleTool() {
    }

    public static void main(String[] arguments) throws IOException {
        Dataset sample = FashionMnist.in(Path.of(arguments[0])).take(200, 50);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[1]))) {
            {
                def.setLevel(9);
            }
        }) {
            for (Split part : new Split[] {sample.train(), sample.test()}) {
                for (int i = 0; i < part.size(); i++) {
                    out.write(part.label(i));
                }
            }
            for (Split part : new Split[] {sample.train(), sample.test()}) {
                for (int i = 0; i < part.size(); i++) {
                    out.write(part.image(i));
                }
            }
        }
    }
}
