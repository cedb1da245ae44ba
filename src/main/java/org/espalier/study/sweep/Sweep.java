package org.espalier.study.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.study.Failure;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Leases;
import org.espalier.study.store.OriginalMismatchException;
import org.espalier.study.store.Originals;
import org.espalier.study.store.Store;
import org.espalier.study.store.UnwritableException;

/**
 * Runs what the store lacks of a list of specs, most expensive first, and the original networks that they need before. It may be ended at any
 * moment and run again; several may run at once on one store, here or on other machines.
 *
 * @param shard     this one's number, from 0
 * @param shards    how many share the specs; each does its part, and they meet in the store
 * @param retry     whether runs that failed before are tried once more
 * @param listener  is told how far it is, from any thread
 */
public record Sweep(List<Spec> specs, Store store, int shard, int shards, boolean retry, Consumer<Progress> listener) {

    public Sweep {
        specs = specs.stream().distinct().toList();
        if (shards < 1 || shard < 0 || shard >= shards) {
            throw new IllegalArgumentException("shard " + shard + " of " + shards + ": shards count from 0 and are fewer than their number");
        }
    }

    public static Sweep of(List<Spec> specs, Store store) {
        return new Sweep(specs, store, 0, 1, false, progress -> { });
    }

    /** Only every {@code shards}-th job, beginning with number {@code shard}, for job arrays. */
    public Sweep shard(int shard, int shards) {
        return new Sweep(specs, store, shard, shards, retry, listener);
    }

    /** Also what failed before. */
    public Sweep again() {
        return new Sweep(specs, store, shard, shards, true, listener);
    }

    public Sweep telling(Consumer<Progress> listener) {
        return new Sweep(specs, store, shard, shards, retry, listener);
    }

    /** All jobs of the specs and of their originals, most expensive first. */
    List<Job> jobs() {
        record Priced(Job job, double cost, String key) {
        }

        return Job.of(specs).stream().map(job -> new Priced(job, job.cost(), job.key()))
                .sorted(Comparator.comparingDouble((Priced priced) -> -priced.cost()).thenComparing(Priced::key)).map(Priced::job).toList();
    }

    /** Those of {@link #jobs} that this shard does, but for the originals that they may need. */
    Set<Job> dealt(List<Job> jobs) {
        Set<Spec> asked = Set.copyOf(specs);
        List<Job> all = jobs.stream().filter(job -> asked.contains(job.longest())).toList();
        return IntStream.range(0, all.size()).filter(i -> i % shards == shard).mapToObj(all::get).collect(Collectors.toSet());
    }

    /** What this shard answers for. */
    public Set<Spec> own() {
        return dealt(jobs()).stream().flatMap(job -> job.specs().stream()).collect(Collectors.toSet());
    }

    /** One after another in the calling thread. */
    public Outcome run(JobRunner work) {
        return run(List.of(work));
    }

    /**
     * Side by side, one job at a time for each of {@code workers}.
     *
     * @throws CancellationException when the thread is interrupted; what is finished is in the store
     * @throws UnwritableException            when the store can't be written
     * @throws OriginalMismatchException before anything is trained, when an original that results name is missing or isn't the named one
     * @throws UnfitMachineException                 when none of the workers can work; as long as one can, it does the others' part
     */
    public Outcome run(List<? extends JobRunner> workers) {
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("a sweep needs somebody to do its work");
        }
        Set<String> taken = requireOriginals();
        try (Leases claims = store.claims()) {
            JobQueue board = new JobQueue(this, claims, taken);
            if (workers.size() == 1) {
                workOff(board, workers.get(0));
            } else {
                sideBySide(board, workers);
            }
            return outcome();
        } catch (InterruptedException e) {
            store.refresh();
            long there = specs.stream().filter(spec -> store.has(spec.id())).count();
            Thread.currentThread().interrupt();
            throw new CancellationException("the sweep was interrupted; " + there + " of " + specs.size()
                    + " results are in the store, and the same sweep goes on from there");
        }
    }

    /**
     * Results that are there already go on from the very networks that they started from, or not at all; so nothing is trained before that is sure.
     *
     * @return the ids of originals that have such results, but none of their own
     */
    private Set<String> requireOriginals() {
        store.refresh();
        Originals originals = store.originals();
        List<Spec> needed = specs.stream().filter(spec -> !spec.isOriginal() && !store.has(spec.id())).map(Spec::parent).distinct()
                .filter(originals::hasRows).toList();
        needed.forEach(originals::require);
        return needed.stream().map(Spec::id).filter(id -> !store.has(id)).collect(Collectors.toSet());
    }

    /** What of it is in the store now. */
    public Outcome outcome() {
        store.refresh();
        List<Result> results = new ArrayList<>();
        List<Spec> lacking = new ArrayList<>();
        for (Spec spec : specs) {
            store.result(spec.id()).ifPresentOrElse(results::add, () -> lacking.add(spec));
        }
        Set<Spec> concerned = specs.stream().flatMap(spec -> Stream.of(spec, spec.parent())).collect(Collectors.toSet());
        List<Failure> failures = store.failures().stream().filter(failure -> concerned.contains(failure.spec())).toList();
        return new Outcome(results, failures, lacking, store.remarks());
    }

    private static void sideBySide(JobQueue board, List<? extends JobRunner> workers) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(workers.size());
        try {
            var ends = new ExecutorCompletionService<Optional<UnfitMachineException>>(threads);
            workers.forEach(work -> ends.submit(() -> {
                try {
                    workOff(board, work);
                    return Optional.empty();
                } catch (UnfitMachineException e) {
                    return Optional.of(e);
                }
            }));
            List<UnfitMachineException> unfit = new ArrayList<>();
            for (int i = 0; i < workers.size(); i++) {
                ends.take().get().ifPresent(unfit::add);
            }
            if (unfit.size() == workers.size()) {
                throw unfit.get(0);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a sweep's thread ended: " + Failure.cause(e.getCause()), e.getCause());
        } finally {
            threads.shutdownNow();
            // Nobody works, and every claim is released, when this returns.
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private static void workOff(JobQueue board, JobRunner work) throws InterruptedException {
        for (Optional<JobQueue.Taken> next = board.take(); next.isPresent(); next = board.take()) {
            try (JobQueue.Taken taken = next.get()) {
                try {
                    taken.progress(0);
                    taken.finished(work.run(taken.job(), taken::progress));
                } catch (CancellationException e) {
                    throw new InterruptedException(e.getMessage());
                } catch (UnwritableException | UnfitMachineException | OriginalMismatchException e) {
                    throw e;
                } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException(e.getMessage());
                    }
                    taken.failed(Failure.cause(e));
                }
            }
        }
    }
}
