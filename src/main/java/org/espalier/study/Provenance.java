package org.espalier.study;

import java.net.InetAddress;
import java.net.UnknownHostException;
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
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
