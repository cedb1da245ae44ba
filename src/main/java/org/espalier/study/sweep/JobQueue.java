package org.espalier.study.sweep;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.study.Failure;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Leases;
import org.espalier.study.store.Store;

/** What a sweep still has to do: hands out jobs, takes their results, and knows how far it is. Safe for several threads. */
final class JobQueue {
    private static final long POLL_MILLIS = 300;

    private final Sweep sweep;
    private final Store store;
    private final Leases claims;
    private final Set<Spec> asked;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Entry> originals = new HashMap<>();
    private final Map<String, String> failedBefore = new HashMap<>();
    /** Originals that rows started from though they have no row of their own: their networks are taken as they are. */
    private final Set<String> taken;
    private final long began = System.nanoTime();
    private double paid;

    private enum State {
        WAITING, RUNNING, DONE, FAILED
    }

    /** A job, with what is asked of it again and again while somebody waits. */
    private static final class Entry {
        final Job job;
        final double cost;
        final Map<Spec, String> ids = new LinkedHashMap<>();
        final String original;
        /** Those that start from this one, if it is an original. */
        final List<Entry> children = new ArrayList<>();
        State state = State.WAITING;
        double share;

        Entry(Job job) {
            this.job = job;
            cost = job.cost();
            job.specs().forEach(spec -> ids.put(spec, spec.id()));
            original = job.longest().parent().id();
        }

        boolean isOriginal() {
            return job.longest().isOriginal();
        }
    }

    JobQueue(Sweep sweep, Leases claims, Set<String> taken) {
        this.sweep = sweep;
        this.claims = claims;
        this.taken = taken;
        store = sweep.store();
        asked = Set.copyOf(sweep.specs());
        List<Job> jobs = sweep.jobs();
        Set<Job> mine = sweep.dealt(jobs);
        List<Entry> all = jobs.stream().map(Entry::new).toList();
        Set<String> starts = all.stream().filter(entry -> mine.contains(entry.job)).map(entry -> entry.original).collect(Collectors.toSet());
        all.forEach(entry -> entry.ids.values().forEach(id -> store.failure(id).ifPresent(failure -> failedBefore.put(id, failure))));
        // The originals that these start from come first: others wait for them.
        all.stream().filter(entry -> entry.isOriginal() && starts.contains(entry.original)).forEach(entries::add);
        entries.forEach(entry -> originals.put(entry.original, entry));
        all.stream().filter(entry -> mine.contains(entry.job) && !(entry.isOriginal() && starts.contains(entry.original))).forEach(entries::add);
        entries.stream().filter(entry -> !entry.isOriginal()).forEach(entry -> originals.get(entry.original).children.add(entry));
    }

    /** A job that this thread may do now; waits for one as long as there may be any. */
    final class Taken implements AutoCloseable {
        private final Entry entry;
        private final Job job;
        private final Leases.Lease claim;

        private Taken(Entry entry, Job job, Leases.Lease claim) {
            this.entry = entry;
            this.job = job;
            this.claim = claim;
        }

        Job job() {
            return job;
        }

        void progress(double share) {
            synchronized (JobQueue.this) {
                entry.share = Math.max(0, Math.min(1, share));
            }
            sweep.listener().accept(JobQueue.this.progress());
        }

        void finished(List<Result> results) {
            if (!results.stream().map(Result::spec).toList().equals(job.specs())) {
                throw new IllegalStateException("asked for the results of " + job.specs() + ", but got those of "
                        + results.stream().map(Result::spec).toList());
            }
            results.forEach(store::append);
            // Only now nobody needs to go on from it any more.
            store.delete(store.checkpoint(job.key()));
            end(State.DONE);
        }

        void failed(String cause) {
            store.append(Failure.of(job.longest(), cause));
            end(State.FAILED);
        }

        private void end(State state) {
            synchronized (JobQueue.this) {
                entry.state = state;
                paid += entry.cost;
            }
        }

        /** Gives the job back if it neither finished nor failed. */
        @Override
        public void close() {
            claim.close();
            synchronized (JobQueue.this) {
                if (entry.state == State.RUNNING) {
                    entry.state = State.WAITING;
                }
                JobQueue.this.notifyAll();
            }
            sweep.listener().accept(JobQueue.this.progress());
        }
    }

    /** Empty when nothing is left that this sweep could do. */
    synchronized Optional<Taken> take() throws InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            store.refresh();
            Map<String, Boolean> there = new HashMap<>();
            boolean open = false;
            for (Entry entry : entries) {
                if (entry.state == State.WAITING && !isSettled(entry)) {
                    Optional<Leases.Lease> claim = isReady(entry, there) ? claims.take(entry.job.key()) : Optional.empty();
                    if (claim.isPresent()) {
                        store.refresh();
                        if (!isSettled(entry)) {
                            entry.state = State.RUNNING;
                            entry.share = 0;
                            return Optional.of(new Taken(entry, entry.job.only(lacking(entry)), claim.get()));
                        }
                        claim.get().close();
                    }
                    open |= entry.state == State.WAITING;
                }
                // Who works on it may turn out unable to; then somebody has to be there.
                open |= entry.state == State.RUNNING;
            }
            if (!open) {
                return Optional.empty();
            }
            sweep.listener().accept(progress());
            wait(POLL_MILLIS);
        }
    }

    /** Whether a look into the store ends this job: it is done, it failed before, or what it starts from failed. */
    private boolean isSettled(Entry entry) {
        Entry original = originals.get(entry.original);
        List<Spec> lacking = lacking(entry);
        if (lacking.isEmpty()) {
            entry.state = State.DONE;
        } else if (lacking.stream().map(entry.ids::get).anyMatch(this::counts)
                || original != null && original != entry && original.state == State.FAILED) {
            entry.state = State.FAILED;
        }
        return entry.state != State.WAITING;
    }

    /** Whether a failure of this spec settles it: any does, unless it was there before and shall be tried again. */
    private boolean counts(String id) {
        return store.failure(id).map(failure -> !(sweep.retry() && failure.equals(failedBefore.get(id)))).orElse(false);
    }

    /**
     * An original is lacking when it was asked for, or while others wait to start from it. One that has a row is never trained again; its
     * network has to be here while others wait.
     */
    private List<Spec> lacking(Entry entry) {
        if (!entry.isOriginal()) {
            return entry.job.specs().stream().filter(spec -> !store.has(entry.ids.get(spec))).toList();
        }
        boolean awaited = entry.children.stream().anyMatch(child -> child.state == State.WAITING && !lacking(child).isEmpty());
        Spec spec = entry.job.longest();
        if (store.has(entry.original)) {
            if (awaited && !Files.exists(store.network(spec))) {
                store.originals().require(spec);
            }
            return List.of();
        }
        return awaited && !taken.contains(entry.original) || asked.contains(spec) ? entry.job.specs() : List.of();
    }

    /** @param there which originals' networks were found in this look */
    private boolean isReady(Entry entry, Map<String, Boolean> there) {
        return entry.isOriginal() || there.computeIfAbsent(entry.original, id -> (store.has(id) || taken.contains(id))
                && Files.exists(store.network(entry.job.longest().parent())));
    }

    synchronized Progress progress() {
        double open = 0;
        double underWay = 0;
        for (Entry entry : entries) {
            open += entry.state == State.WAITING || entry.state == State.RUNNING ? entry.cost * (1 - entry.share) : 0;
            underWay += entry.state == State.RUNNING ? entry.cost * entry.share : 0;
        }
        long elapsed = System.nanoTime() - began;
        double spent = paid + underWay;
        return new Progress(entries.size(), count(State.DONE), count(State.FAILED),
                entries.stream().filter(entry -> entry.state == State.RUNNING).map(entry -> new Progress.Running(entry.job, entry.share)).toList(),
                Duration.ofNanos(elapsed), spent > 0 ? Optional.of(Duration.ofNanos((long) (elapsed * open / spent))) : Optional.empty());
    }

    private int count(State state) {
        return (int) entries.stream().filter(entry -> entry.state == state).count();
    }
}
