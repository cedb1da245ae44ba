package org.espalier.study.sweep;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Failure;
import org.espalier.study.Spec;
import org.espalier.study.store.Row;
import org.espalier.study.store.Store;
import org.espalier.study.store.UnwritableException;

/**
 * The main class of a worker process: does jobs that it reads from its standard input, one line each, the specs separated by tabs. It answers
 * in lines that begin with {@link #MARK}: {@code ready}, {@code share 0.25}, {@code row {...}}, {@code done},
 * {@code failed why}, {@code unwritable why}, {@code unfit why}.
 * When its input ends, whoever gave it work is gone, and it ends at once, in the middle of a training if need be.
 */
public final class Worker {
    static final String MARK = "espalier-worker ";
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private Worker() {
    }

    /** @param args the store's folder, when trainings are evaluated, the number of included CSV files, these files, then folders with data */
    public static void main(String[] args) throws InterruptedException {
        int data = 3 + Integer.parseInt(args[2]);
        serve(() -> {
            Store store = Store.open(Path.of(args[0]));
            Stream.of(args).limit(data).skip(3).map(Path::of).forEach(store::including);
            return Experiment.in(store, DatasetRegistry.of(Stream.of(args).skip(data).map(Path::of).toList())).evaluating(Evaluated.valueOf(args[1]));
        });
    }

    /** Works until the standard input ends; then the process ends. */
    static void serve(Supplier<JobRunner> hired) throws InterruptedException {
        PrintStream out = System.out;
        // Libraries may print what they like; it goes where it can't be taken for an answer.
        System.setOut(System.err);
        BlockingQueue<String> jobs = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(jobs), "espalier-jobs");
        reader.setDaemon(true);
        reader.start();
        try {
            JobRunner work = hired.get();
            say(out, "ready");
            while (true) {
                work(work, jobs.take(), out);
            }
        } catch (RuntimeException | LinkageError e) {
            say(out, "unfit " + Failure.cause(e));
            Runtime.getRuntime().halt(3);
        }
    }

    private static void read(BlockingQueue<String> jobs) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                jobs.add(line);
            }
        } catch (IOException e) {
            // As good as an end.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void work(JobRunner work, String line, PrintStream out) throws InterruptedException {
        try {
            Job job = new Job(Stream.of(line.split("\t")).map(Spec::parse).toList());
            long[] told = {System.nanoTime()};
            var results = work.run(job, share -> {
                if (System.nanoTime() - told[0] > TELL_NANOS) {
                    say(out, "share " + share);
                    told[0] = System.nanoTime();
                }
            });
            results.forEach(result -> say(out, "row " + new String(Row.of(result), StandardCharsets.UTF_8).strip()));
            say(out, "done");
        } catch (UnfitMachineException e) {
            throw e;
        } catch (UnwritableException e) {
            say(out, "unwritable " + e.getMessage());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            say(out, "failed " + Failure.cause(e));
        }
    }

    private static void say(PrintStream out, String line) {
        // One write for the whole line, so that nothing gets into it.
        byte[] bytes = ("\n" + MARK + line + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    /** A job as {@link #main} reads it. */
    static String line(Job job) {
        return String.join("\t", job.specs().stream().map(Spec::text).toList());
    }

    static List<String> arguments(Store store, Evaluated evaluated, List<Path> data) {
        List<Path> included = store.includedFiles();
        return Stream.of(Stream.of(store.folder(), evaluated.name(), included.size()), included.stream(), data.stream())
                .flatMap(part -> part).map(Object::toString).toList();
    }
}
