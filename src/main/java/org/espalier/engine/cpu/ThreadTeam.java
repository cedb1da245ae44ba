package org.espalier.engine.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.device.Libtorch;

/** Runs tasks side by side on threads of its own and the calling one; within each, libtorch and oneDNN have no other threads. */
final class ThreadTeam implements AutoCloseable {
    /** Read before any of its threads tells the engine another number. */
    static final int THREADS = EngineMode.threads();
    /**
     * How long a thread keeps its processor while it waits: longer than between two parts of a step. To wake a processor that fell asleep
     * takes a virtual machine as long as some layers do. OpenMP's setting for this says whether the processors are shared with others.
     */
    private static final long SPIN_NANOS = "PASSIVE".equalsIgnoreCase(System.getenv("OMP_WAIT_POLICY")) ? 0 : 5_000_000;

    private final List<Member> members = new ArrayList<>();

    ThreadTeam(int size) {
        try {
            for (int i = 1; i < size; i++) {
                Member member = new Member("shard-" + i);
                member.start();
                members.add(member);
            }
            // Nobody computes while others still tell the engine how many threads there are.
            rethrow(end(members, null));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Runs numbers 0 to {@code tasks} - 1, each on a thread of its own. Returns, or throws the first failure, when all are through. */
    void run(int tasks, IntConsumer task) {
        List<Member> others = members.subList(0, tasks - 1);
        List<Runnable> works = IntStream.range(1, tasks).mapToObj(number -> (Runnable) () -> task.accept(number)).toList();
        for (int i = 0; i < works.size(); i++) {
            others.get(i).begin(works.get(i));
        }
        Throwable failure = null;
        try {
            task.accept(0);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        rethrow(end(others, failure));
    }

    /** Waits for all, even if interrupted: nobody may free memory that another still computes with. */
    private static Throwable end(List<Member> members, Throwable failure) {
        Throwable first = failure;
        for (Member member : members) {
            Throwable other = member.end();
            if (first == null) {
                first = other;
            } else if (other != null) {
                first.addSuppressed(other);
            }
        }
        return first;
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    @Override
    public void close() {
        members.forEach(Member::dismiss);
    }

    @SuppressWarnings("UnnecessaryLambda") // Made once, see below.
    private static final class Member extends Thread {
        private Thread asking;
        private Throwable failure;
        /** Set by who asks, cleared when it is done; what else is shared is written before and read after. The first is to get ready. */
        private volatile Runnable work = Member::alone;
        private volatile boolean dismissed;
        // Made once: a thread that can't allocate has to be able to wait.
        private final BooleanSupplier done = () -> work == null;
        private final BooleanSupplier asked = () -> work != null || dismissed;

        Member(String name) {
            super(name);
            asking = Thread.currentThread();
            setDaemon(true);
        }

        /** In an engine without other threads, which records no gradients unless told to. */
        private static void alone() {
            // A thread's first operation would set its number of threads otherwise, while others compute.
            Libtorch.threads();
            Libtorch.setThreads(1);
            OneDnn.missing().ifPresentOrElse(why -> { }, () -> OneDnn.setThreads(1));
            Libtorch.recordGradients(false);
        }

        void begin(Runnable next) {
            asking = Thread.currentThread();
            failure = null;
            work = next;
            LockSupport.unpark(this);
        }

        Throwable end() {
            await(done);
            return failure;
        }

        void dismiss() {
            dismissed = true;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            while (true) {
                await(asked);
                if (work == null) {
                    return;
                }
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                Thread waiting = asking;
                work = null;
                LockSupport.unpark(waiting);
            }
        }

        private static void await(BooleanSupplier event) {
            long parking = System.nanoTime() + SPIN_NANOS;
            while (!event.getAsBoolean()) {
                if (System.nanoTime() - parking < 0) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park();
                }
            }
        }
    }
}
