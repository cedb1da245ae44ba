package org.espalier.data.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A {@code .tar.gz} from somewhere else. Only folders and plain files come out of it, nothing lands outside the folder given, and it may hold no
 * more than the limits say, however well it is packed.
 */
public record Archive(Path file, int maxEntries, long maxBytes) {

    /** @throws IOException naming the archive and the entry that is refused; what came out before it stays for the caller to delete */
    public void unpack(Path folder) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        int entries = 0;
        long left = maxBytes;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(raw, 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (++entries > maxEntries) {
                    throw new IOException("it has more than " + maxEntries + " entries");
                }
                Path target = root.resolve(entry.getName()).normalize();
                if (!target.startsWith(root) || Path.of(entry.getName()).isAbsolute()) {
                    throw new IOException("its entry '" + entry.getName() + "' would lie outside of the folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.getLinkFlag() == TarConstants.LF_NORMAL || entry.getLinkFlag() == TarConstants.LF_OLDNORM) {
                    Files.createDirectories(target.getParent());
                    left = copy(tar, target, left);
                } else {
                    throw new IOException("its entry '" + entry.getName() + "' is neither a file nor a folder");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("the archive " + file + " can't be unpacked: " + e.getMessage() + "; delete it, to have it downloaded again", e);
        }
    }

    /** Counts what really comes out, not what the entry claims. A file that is there is not written over: two entries may not share a name. */
    private long copy(InputStream in, Path target, long allowed) throws IOException {
        long left = allowed;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                left -= n;
                if (left < 0) {
                    throw new IOException("it unpacks to more than " + maxBytes + " bytes");
                }
                out.write(buffer, 0, n);
            }
        }
        return left;
    }
}
