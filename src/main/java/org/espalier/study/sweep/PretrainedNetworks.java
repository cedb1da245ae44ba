package org.espalier.study.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.espalier.text.Sha256;

/** Networks that were trained elsewhere, kept in the store's folder under a hash of their weights. */
public final class PretrainedNetworks {
    private static final Logger LOG = LoggerFactory.getLogger(PretrainedNetworks.class);
    private static final String HASH = "sha256:";

    private PretrainedNetworks() {
    }

    /**
     * Puts a network that was trained elsewhere into the store's folder.
     *
     * @return what stands for it in the field {@code weights} of a spec
     */
    public static String to(Store store, Network network) {
        return kept(store, network, hash -> true);
    }

    /** @return the hash, of a network that is kept only where its hash is wanted */
    private static String kept(Store store, Network network, Predicate<String> wanted) {
        Path folder = store.prepared(file(store, "")).getParent();
        try {
            Path unnamed = Files.createTempFile(folder, ".given", ".tmp");
            try {
                Networks.save(network, unnamed);
                String hash = HASH + Sha256.of(unnamed).substring(0, 16);
                if (wanted.test(hash)) {
                    Files.move(unnamed, file(store, hash), StandardCopyOption.ATOMIC_MOVE);
                }
                return hash;
            } finally {
                Files.deleteIfExists(unnamed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the network can't be put into " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * The same specs with what stands for a file in the place of its name, such as {@code resnet50-0676ba61.pth}. Its network is put into the store's
     * folder; so is one that a spec names by its hash, as an exported row does, where one of the folders has it.
     *
     * @throws IllegalArgumentException when none of the folders has a file of that name
     */
    public static List<Spec> named(List<Spec> specs, List<Path> folders, Store store) {
        Map<String, String> names = new HashMap<>();
        return specs.stream().map(spec -> spec.weights().isEmpty() ? spec : spec.with("weights", names.computeIfAbsent(spec.weights(),
                weights -> weights.startsWith(HASH) ? byHash(weights, folders, store) : to(store, Networks.load(folders.stream().map(folder -> folder.resolve(weights))
                        .filter(Files::exists).findFirst().orElseThrow(() -> new IllegalArgumentException("weights = " + weights + " is in none of the folders "
                                + folders + "; --weights FOLDER names one more"))))))).toList();
    }

    private static String byHash(String hash, List<Path> folders, Store store) {
        for (Path file : folders.stream().flatMap(PretrainedNetworks::checkpoints).toList()) {
            if (!Files.exists(file(store, hash))) {
                try {
                    kept(store, Networks.load(file), hash::equals);
                } catch (IllegalArgumentException | UncheckedIOException e) {
                    LOG.debug("{} holds no network: {}", file, e.getMessage());
                }
            }
        }
        return hash;
    }

    private static Stream<Path> checkpoints(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(th|pth|pt|safetensors)")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The file of a network that was put into the store. @throws IllegalArgumentException when it wasn't */
    static Path require(Store store, String weights) {
        Path file = file(store, weights);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("the network with weights = " + weights + " isn't in the store: " + file
                    + " is missing; --weights FOLDER names the folder that holds the checkpoint");
        }
        return file;
    }

    private static Path file(Store store, String weights) {
        return store.folder().resolve("networks").resolve("given-" + weights.replace(HASH, "") + ".safetensors");
    }
}
