package org.espalier.study;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where a number comes from. It decides no result (except for the last bits, which threads, layout and device change), so it stands beside
 * the spec and not in it.
 *
 * @param commit   of the source that was built; {@code unknown} outside a build
 * @param djl      version
 * @param libtorch version
 * @param device   for instance {@code cpu} or {@code gpu0}
 * @param threads  that one operation of the run may use
 * @param layout   of the image batches, {@code channels-last} or {@code channels-first}
 * @param processor model and instruction set, for instance {@code AMD EPYC (AVX2)}; {@code unknown} where not known
 * @param host     name of the machine
 * @param started  when the run began, to the second
 */
public record Provenance(String commit, String djl, String libtorch, String device, int threads, String layout, String processor, String host,
        Instant started) {

    public Provenance {
        started = started.truncatedTo(ChronoUnit.SECONDS);
    }

    /** This machine's name, or {@code localhost} where it has none. */
    public static String thisHost() {
        return Host.NAME;
    }

    /** Asked for once: where a machine's name isn't among those that it can look up, as in many containers, the network's answer takes seconds. */
    private static final class Host {
        private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");
        private static final String NAME = name();

        private static String name() {
            try {
                String own = Files.isReadable(LINUX) ? Files.readString(LINUX).strip() : "";
                return own.isEmpty() ? InetAddress.getLocalHost().getHostName() : own;
            } catch (IOException e) {
                return "localhost";
            }
        }
    }
}
