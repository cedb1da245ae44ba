package org.espalier.study.spark;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Experiment;
import org.espalier.study.sweep.Job;
import org.espalier.study.sweep.Machine;
import org.espalier.study.sweep.Sweep;

/**
 * What an executor does with a job: the same sweep as anywhere else, of this job alone. A run that fails is noted in the store and not tried
 * again; a machine that can't work fails the task, and Spark gives it to another.
 */
record Task(String store, List<String> data) implements VoidFunction<String> {
    private static final long serialVersionUID = 1;

    /** A job as text, which any two releases of Java and Spark can exchange. */
    static String text(Job job) {
        return String.join("\t", job.specs().stream().map(Spec::text).toList());
    }

    @Override
    public void call(String job) throws InterruptedException {
        List<Spec> specs = Stream.of(job.split("\t")).map(Spec::parse).toList();
        TaskContext context = TaskContext.get();
        // Read by the engine when it loads, with the executor's first task.
        System.setProperty("ai.djl.pytorch.num_threads", "" + context.cpus());
        System.setProperty("ai.djl.offline", "true");
        var gpu = context.resources().get("gpu");
        Machine machine = gpu.isDefined() ? Machine.gpu(Integer.parseInt(gpu.get().addresses()[0])) : Machine.here();
        // Tasks that share an executor take turns: its process takes one gradient at a time.
        synchronized (Task.class) {
            try (Store opened = Store.open(Path.of(store))) {
                Sweep.of(specs, opened).run(Experiment.on(machine, opened, DatasetRegistry.of(data.stream().map(Path::of).toList())));
            }
        }
    }
}
