package org.espalier.display;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A screen of text: pictures are written to files, whose paths are printed. */
public final class TextScreen implements Screen {
    @Override
    public void show(String id, Bundle bundle) {
        System.out.println(words(bundle));
    }

    @Override
    public void update(String id, Bundle bundle) {
        show(id, bundle);
    }

    @Override
    public boolean redraws() {
        return false;
    }

    @Override
    public void clear(boolean wait) { }

    /** What stands for this thing in text. */
    public static String words(Bundle bundle) {
        if (!(bundle.data().get(Bundle.PNG) instanceof String png)) {
            return bundle.text();
        }
        try {
            Path file = Files.createTempFile("espalier-", ".png");
            Files.write(file, Base64.getDecoder().decode(png));
            return bundle.text() + " " + file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the picture: " + e.getMessage() + ". Is there room in the temporary folder?", e);
        }
    }
}
