package org.espalier.study.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.espalier.study.Grid;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Job;
import org.espalier.study.sweep.Outcome;
import org.espalier.study.sweep.Sweep;

/**
 * A sweep on a Spark cluster, one task per training. The executors write the results to the store themselves, in a folder that all machines see;
 * so a driver that is lost loses nothing, and a sweep may be submitted again, or go on elsewhere without Spark.
 *
 * <p>A task computes in the executor's process, which takes one gradient at a time: give an executor as many cores as a task
 * ({@code spark.executor.cores = spark.task.cpus}). Where executors have GPUs, Spark deals them to the tasks
 * ({@code spark.task.resource.gpu.amount}).
 */
public final class SparkSweep {
    private SparkSweep() {
    }

    /** {@code spark-submit --class org.espalier.study.spark.SparkSweep espalier.jar GRID STORE [DATA...]}; 0 when all results are there, else 1. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: spark-submit ... --class org.espalier.study.spark.SparkSweep espalier.jar GRID STORE [DATA...]\n"
                    + "GRID is a grid file, STORE a folder that driver and executors share, DATA folders with data on every machine");
            System.exit(2);
        }
        List<Spec> specs = Grid.parse(Files.readString(Path.of(args[0])));
        List<String> data = Stream.of(args).skip(2).toList();
        boolean complete;
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("espalier sweep"))) {
            Outcome outcome = run(spark, specs, Path.of(args[1]), data, System.out::println);
            outcome.remarks().forEach(System.err::println);
            outcome.failures().forEach(failure -> System.err.println("failed: " + failure.spec() + "\n  " + failure.cause()));
            System.out.println(outcome.results().size() + " of " + specs.size() + " results are there");
            complete = outcome.lacking().isEmpty();
        }
        // YARN takes an exit for a failure, whatever its code.
        if (!complete) {
            System.exit(1);
        }
    }

    /**
     * Runs what the store lacks: first the original networks, then what starts from them, most expensive first.
     *
     * @param store a folder that driver and executors see under the same path
     * @param data  folders with data, on every machine
     * @param told  of each stage
     */
    public static Outcome run(JavaSparkContext spark, List<Spec> specs, Path store, List<String> data, Consumer<String> told) {
        Map<Boolean, List<Job>> jobs;
        try (Store before = Store.open(store)) {
            jobs = Job.of(specs).stream().filter(job -> job.specs().stream().anyMatch(spec -> !before.has(spec.id())))
                    .collect(Collectors.partitioningBy(job -> job.longest().isOriginal()));
        }
        List<Job> originals = jobs.get(true);
        List<Job> retrainings = jobs.get(false);
        told.accept(originals.size() + " original networks and " + retrainings.size() + " retrainings to do");
        Task task = new Task(store.toAbsolutePath().toString(), List.copyOf(data));
        for (List<Job> stage : List.of(originals, retrainings)) {
            if (!stage.isEmpty()) {
                // As many slices as jobs: one task each. Spark begins with the first.
                spark.parallelize(stage.stream().sorted(Comparator.comparingDouble(Job::cost).reversed()).map(Task::text).toList(), stage.size())
                        .foreach(task);
            }
        }
        try (Store after = Store.open(store)) {
            return Sweep.of(specs, after).outcome();
        }
    }
}
