package org.espalier.study.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.study.store.Store;

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
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(unnamed));
                String hash = HexFormat.of().formatHex(digest, 0, 8);
                Files.move(unnamed, file(store, HASH + hash), StandardCopyOption.ATOMIC_MOVE);
                return HASH + hash;
            } finally {
                Files.deleteIfExists(unnamed);
            }
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new UncheckedIOException("the network can't be put into " + folder + ": " + e.getMessage(), new IOException(e));
        }
    }

    static Path file(Store store, String weights) {
        return store.folder().resolve("networks").resolve("given-" + weights.replace(HASH, "") + ".safetensors");
    }
}
