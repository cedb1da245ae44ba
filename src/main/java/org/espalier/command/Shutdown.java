package org.espalier.command;

/**
 * As long as it is open, Ctrl-C and SIGTERM (a job scheduler's way to say that time is up) interrupt a thread and give it a while to put its
 * things in order before the process ends.
 */
final class Shutdown implements AutoCloseable {
    private static final long GRACE_MILLIS = 10_000;

    private final Thread hook;
    private volatile boolean over;

    private Shutdown(Thread worker) {
        hook = new Thread(() -> {
            worker.interrupt();
            long end = System.currentTimeMillis() + GRACE_MILLIS;
            while (!over && System.currentTimeMillis() < end) {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }, "espalier-ending");
    }

    static Shutdown interrupts(Thread worker) {
        Shutdown ending = new Shutdown(worker);
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    @Override
    public void close() {
        over = true;
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already.
        }
    }
}
