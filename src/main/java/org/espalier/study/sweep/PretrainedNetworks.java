package org.espalier.study.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.text.Sha256;

/** Networks that were trained elsewhere, kept in the store's folder under a hash of their weights. */
public final class PretrainedNetworks {
    private static final String HASH = "sha256:";

    private PretrainedNetworks() {
    }

    /**
     * Puts a network that was trained elsewhere into the store's folder.
     *
     * @return what stands for it in the field {@code weights} of a spec
     */
    public static String to(Store store, Network network) {
        Path folder = store.prepared(file(store, "")).getParent();
        try {
            Path unnamed = Files.createTempFile(folder, ".given", ".tmp");
            try {
                Networks.save(network, unnamed);
                String hash = Sha256.of(unnamed).substring(0, 16);
                Files.move(unnamed, file(store, HASH + hash), StandardCopyOption.ATOMIC_MOVE);
                return HASH + hash;
            } finally {
                Files.deleteIfExists(unnamed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the network can't be put into " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * The same specs with what stands for a file in the place of its name, such as {@code resnet50-0676ba61.pth}, whose network is put into the store's
     * folder.
     *
     * @throws IllegalArgumentException when none of the folders has the file
     */
    public static List<Spec> named(List<Spec> specs, List<Path> folders, Store store) {
        Map<String, String> names = new HashMap<>();
        return specs.stream().map(spec -> spec.weights().isEmpty() || spec.weights().startsWith(HASH) ? spec : spec.with("weights",
                names.computeIfAbsent(spec.weights(), file -> to(store, Networks.load(folders.stream().map(folder -> folder.resolve(file))
                        .filter(Files::exists).findFirst().orElseThrow(() -> new IllegalArgumentException("weights = " + file + " is in none of the folders "
                                + folders + "; --weights FOLDER names one more")))))))
                .toList();
    }

    static Path file(Store store, String weights) {
        return store.folder().resolve("networks").resolve("given-" + weights.replace(HASH, "") + ".safetensors");
    }
}
