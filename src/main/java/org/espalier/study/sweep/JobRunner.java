package org.espalier.study.sweep;

import java.util.List;
import java.util.function.DoubleConsumer;
import org.espalier.study.Result;

/** What does a job: this JVM, or a worker process. It does one at a time. */
public interface JobRunner extends AutoCloseable {

    /**
     * @param progress is told the share of the job that is done, now and then
     * @return a result for each of the job's specs, in their order
     * @throws InterruptedException when the thread was interrupted; the job can be taken up again
     * @throws RuntimeException     when this job can't be done; others may
     */
    List<Result> run(Job job, DoubleConsumer progress) throws InterruptedException;

    /** Ends what it keeps running. */
    @Override
    default void close() {
    }
}
