package org.espalier.kernel;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.espalier.kernel.code.CellInterrupted;
import org.espalier.kernel.code.Session;

/** Starts the kernel: {@code KernelMain connection-file [start-up-file]}. The sockets answer at once, while Java's shell is being built. */
public final class KernelMain {
    private KernelMain() { }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: KernelMain connection-file [start-up-file]. Jupyter starts this; to install it, run kernel/install");
            System.exit(2);
        }
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            System.err.println("espalier kernel: " + System.getProperty("java.home") + " is a JRE (it has no jdk.jshell module): a notebook needs the"
                    + " compiler too. A JDK, version 17 to 25, is needed. On Debian and Ubuntu: apt-get install openjdk-17-jdk-headless."
                    + " Elsewhere: https://adoptium.net. Then run kernel/install again.");
            System.exit(1);
        }
        endWithTheParent();
        keepQuietAboutInterrupts();
        KernelConnectionProperties where = KernelConnectionProperties.parse(Files.readString(Path.of(arguments[0])));
        start(where, arguments.length == 2 ? Path.of(arguments[1]) : null);
        Thread.currentThread().join();
    }

    /** Opens the sockets, then builds the session; gives back as soon as cells can run. */
    static void start(KernelConnectionProperties where, Path startUp) throws GeneralSecurityException {
        PrintStream terminal = System.err;
        CompletableFuture<Session> session = new CompletableFuture<>();
        Connection connection = new Connection(where);
        JavaKernel kernel = new JavaKernel(session);
        kernel.becomeHandlerForConnection(connection);
        kernel.onStartup();
        connection.connect();
        try {
            Session java = new Session(Agent.instrumentation(), System.err);
            if (startUp != null) {
                startUp(java, startUp);
            }
            session.complete(java);
        } catch (Throwable e) {
            terminal.println("espalier kernel: " + e);
            session.completeExceptionally(e);
        }
    }

    /** Runs the start-up imports; one that fails is named, and the others still count. */
    static void startUp(Session session, Path file) throws IOException {
        List<String> lines = Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("//")).toList();
        session.prepare(lines).forEach((line, problem) -> System.err.println("Start-up: " + line + " failed: " + problem));
    }

    /** A thread that a cell started ends with the interrupted cell; that is no failure to print. */
    private static void keepQuietAboutInterrupts() {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (!(thrown instanceof CellInterrupted)) {
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                thrown.printStackTrace();
            }
        });
    }

    /** A kernel whose Jupyter was killed must not stay behind. */
    private static void endWithTheParent() {
        String given = System.getenv("JPY_PARENT_PID");
        Optional<ProcessHandle> parent = given == null ? ProcessHandle.current().parent() : ProcessHandle.of(Long.parseLong(given));
        Thread watch = new Thread(() -> {
            while (parent.map(ProcessHandle::isAlive).orElse(false)) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException e) {
                    return;
                }
            }
            Runtime.getRuntime().halt(1);
        }, "parent watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Ends the JVM when the last messages have left; what hangs in a shutdown hook is not waited for long. */
    static void exitSoon() {
        Thread exit = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
                Thread last = new Thread(() -> {
                    try {
                        TimeUnit.SECONDS.sleep(2);
                    } catch (InterruptedException e) {
                        // Then at once.
                    }
                    Runtime.getRuntime().halt(0);
                });
                last.setDaemon(true);
                last.start();
                System.exit(0);
            } catch (InterruptedException e) {
                Runtime.getRuntime().halt(0);
            }
        }, "exit");
        exit.setDaemon(true);
        exit.start();
    }
}
