package org.espalier.study.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Grid;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Outcome;
import org.espalier.study.sweep.Sweep;
import org.espalier.study.sweep.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master and two workers on loopback, started from the jars of the class path; eight real, tiny retrainings; one worker killed in the middle. */
class SparkSweepTest {
    private static final List<Spec> SPECS = Grid.of("fashion-mnist-sample/take=40,10", "cifar-resnet-8 stages=8,8,8 channels=1").original(1)
            .plans("uniform(0.5)").criteria("l1", "random").schedules("clr", "slr").budgets(4).seeds(1, 2).specs();
    /** What Spark's own scripts open for it. */
    private static final List<String> OPENED = Stream.of("java.lang", "java.lang.invoke", "java.util", "java.util.concurrent", "java.nio",
            "sun.nio.ch", "java.net", "java.io").map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED").toList();

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    Path folder;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endCluster() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    private Process daemon(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-Dspark.master.rest.enabled=false"));
        command.addAll(OPENED);
        command.addAll(List.of(arguments));
        Files.createDirectories(folder.resolve("spark/jars"));
        if (!Files.exists(folder.resolve("spark/RELEASE"))) {
            Files.createFile(folder.resolve("spark/RELEASE"));
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("CLASSPATH", System.getProperty("java.class.path"), "SPARK_HOME", folder.resolve("spark").toString(),
                "SPARK_SCALA_VERSION", "2.13", "SPARK_LOCAL_IP", "127.0.0.1"));
        Process process = builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile()).start();
        processes.add(process);
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void await(String log, String words) throws Exception {
        for (int i = 0; i < 600 && !Files.readString(folder.resolve(log)).contains(words); i++) {
            Thread.sleep(100);
        }
        assertTrue(Files.readString(folder.resolve(log)).contains(words), () -> log + " never said '" + words + "'");
    }

    @Test
    void aSweepThatLosesAWorkerGivesTheResultsOfALocalOne() throws Exception {
        Store local = Store.open(folder.resolve("local"));
        try (Workers workers = Workers.of(local, DatasetRegistry.of(List.of()), 2, 1)) {
            Sweep.of(SPECS, local).run(workers.all()).complete();
        }

        String master = "spark://127.0.0.1:" + freePort();
        daemon("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", master.substring(master.lastIndexOf(':') + 1),
                "--webui-port", "0");
        await("master.log", "New state: ALIVE");
        List<Process> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            workers.add(daemon("worker" + i, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g",
                    "--webui-port", "0", "--work-dir", folder.resolve("work" + i).toString(), master));
            await("worker" + i + ".log", "Successfully registered with master");
        }

        Store store = Store.open(folder.resolve("shared"));
        CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
            // In the middle: two retrainings are there, and others under way.
            while (store.results(spec -> !spec.isOriginal()).size() < 2) {
                pause();
                store.refresh();
            }
            workers.get(0).descendants().forEach(ProcessHandle::destroyForcibly);
            workers.get(0).destroyForcibly();
        });
        SparkConf conf = new SparkConf().setAppName("test").setMaster(master).set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.ui.enabled", "false").set("spark.executor.cores", "1").set("spark.executor.memory", "512m")
                .set("spark.executorEnv.OMP_NUM_THREADS", "1").set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Outcome outcome = SparkSweep.run(spark, SPECS, store.folder(), List.of(), System.out::println);
            assertEquals(8, outcome.complete().size());
        }
        killer.join();
        assertTrue(workers.get(0).waitFor() != 0);
        store.refresh();
        assertEquals(Csv.textOfResults(local.results()), Csv.textOfResults(store.results()));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
