package org.espalier.study.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.nio.charset.StandardCharsets;
import org.espalier.study.Provenance;

/**
 * A process that owns a file in the store, told apart from every other: the host's name for people to read; a code of the machine, its boot
 * and its container, within which the process number means something; the process number; and when the process began: on Linux in ticks since
 * the boot, which no correction of the clock changes, elsewhere in milliseconds.
 */
record LeaseOwner(String host, String machine, long pid, long started) {
    private static final Pattern TEXT = Pattern.compile("(.+)-([0-9a-f]{8})-(\\d+)-(\\d+)");
    private static final LeaseOwner THIS = new LeaseOwner(Provenance.thisHost().replaceAll("[^A-Za-z0-9.]", "_"), thisMachine(),
            ProcessHandle.current().pid(), started(ProcessHandle.current()));

    static LeaseOwner thisProcess() {
        return THIS;
    }

    /** Fit for a file's name. */
    String text() {
        return host + "-" + machine + "-" + pid + "-" + started;
    }

    static Optional<LeaseOwner> parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        return parts.matches()
                ? Optional.of(new LeaseOwner(parts.group(1), parts.group(2), Long.parseLong(parts.group(3)), Long.parseLong(parts.group(4))))
                : Optional.empty();
    }

    /** Whether that process is known to have ended. Of a process on another machine nobody here can know. */
    boolean isGone() {
        return machine.equals(THIS.machine)
                && ProcessHandle.of(pid).map(process -> !process.isAlive() || started(process) != started).orElse(true);
    }

    private static long started(ProcessHandle process) {
        try {
            // The 22nd field; the second is the program's name in parentheses, and may hold anything.
            String state = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            return Long.parseLong(state.substring(state.lastIndexOf(')') + 2).split(" ")[19]);
        } catch (IOException | RuntimeException e) {
            // Not Linux, or gone.
        }
        return process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    }

    private static String thisMachine() {
        CRC32 code = new CRC32();
        code.update(Provenance.thisHost().getBytes(StandardCharsets.UTF_8));
        try {
            code.update(Files.readAllBytes(Path.of("/proc/sys/kernel/random/boot_id")));
            code.update(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException | UnsupportedOperationException e) {
            // Not Linux: then the host's name has to do.
        }
        return String.format("%08x", code.getValue());
    }
}
