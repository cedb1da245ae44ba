package org.espalier.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param peer    a python that has torch; without one Espalier is measured alone
 * @param only    the parts to measure; empty means all
 * @param rounds  how often each side has its turn
 * @param threads on both sides
 * @param batch   the most images in a batch, where a part's own batch is too large for the time there is
 * @param workers of PyTorch's loader
 * @param anyway  measures on a busy machine, too
 */
record Options(boolean quick, Optional<Path> peer, List<Part> only, int rounds, int threads, int batch, int workers, boolean compile, boolean anyway, Path output) {

    Options {
        int cores = Runtime.getRuntime().availableProcessors();
        require(rounds >= 1 && rounds <= 1000, "--rounds is 1 to 1000, not " + rounds);
        require(threads >= 1 && threads <= cores, "--threads is 1 to " + cores + ", the processors here, not " + threads);
        require(batch >= 2, "--batch is 2 or more, not " + batch);
        require(workers >= 0 && workers <= 64, "--workers is 0 to 64, not " + workers);
    }

    static Options parse(String... args) {
        boolean quick = Arrays.asList(args).contains("--quick");
        Optional<Path> peer = Optional.empty();
        List<Part> only = new ArrayList<>();
        int rounds = quick ? 3 : 9;
        int threads = Runtime.getRuntime().availableProcessors();
        int batch = quick ? 32 : 128;
        int workers = 2;
        boolean compile = false;
        boolean anyway = false;
        Path output = Path.of("target", "benchmark");
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--compile" -> compile = true;
                case "--anyway" -> anyway = true;
                case "--peer" -> peer = Optional.of(Path.of(value(args, ++i)));
                case "--rounds" -> rounds = number(args, ++i);
                case "--threads" -> threads = number(args, ++i);
                case "--batch" -> batch = number(args, ++i);
                case "--workers" -> workers = number(args, ++i);
                case "--output" -> output = Path.of(value(args, ++i));
                case "--only" -> {
                    require(i + 1 < args.length && !args[i + 1].startsWith("--"), "--only needs a name: " + Part.names());
                    while (i + 1 < args.length && !args[i + 1].startsWith("--")) {
                        only.add(Part.named(args[++i]));
                    }
                }
                default -> throw new IllegalArgumentException("no option '" + args[i] + "'; see --help");
            }
        }
        return new Options(quick, peer, List.copyOf(only), rounds, threads, batch, workers, compile, anyway, output);
    }

    /** Beside others, and with a single thread, the time on the clock says less than the processor's. */
    boolean processorTime() {
        return anyway && threads == 1;
    }

    boolean wants(Part part) {
        return only.isEmpty() || only.contains(part);
    }

    private static String value(String[] args, int i) {
        require(i < args.length, args[i - 1] + " needs a value");
        return args[i];
    }

    private static int number(String[] args, int i) {
        try {
            return Integer.parseInt(value(args, i));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(args[i - 1] + " needs a whole number, not '" + args[i] + "'", e);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
