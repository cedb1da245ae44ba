package org.espalier.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.dflib.jjava.jupyter.channels.IOPubChannel;
import org.dflib.jjava.jupyter.messages.HMACGenerator;
import org.dflib.jjava.jupyter.messages.Message;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * What all clients hear: outputs and the kernel's state. Messages from any thread are queued and sent by one thread of its own: a thread
 * that gets interrupted in the middle of a send would otherwise break the socket for good.
 */
final class IoPubSender extends IOPubChannel {
    private sealed interface Entry { }

    private record Letter(Message<?> message) implements Entry { }

    private record Marker(CountDownLatch reached) implements Entry { }

    private final LinkedBlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
    private final Thread sender = new Thread(this::send, "iopub");
    private volatile Runnable beforeMessages = () -> { };

    IoPubSender(ZMQ.Context context, HMACGenerator signatures) {
        super(context, signatures);
        setSndHWM(0); // A slow client must not make others lose outputs; how much may wait is limited where text is printed.
        sender.setDaemon(true);
    }

    void start(String address) {
        bind(address);
        sender.start();
    }

    /** What has to be sent before any other message, so that text and displays keep their order. */
    void beforeMessages(Runnable flush) {
        beforeMessages = flush;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // The queue is made for several threads.
    public void sendMessage(Message<?> message) {
        beforeMessages.run();
        post(message);
    }

    void post(Message<?> message) {
        entries.add(new Letter(message));
    }

    int waiting() {
        return entries.size();
    }

    /** Returns when everything that was posted before has left. */
    void flush() {
        beforeMessages.run();
        CountDownLatch reached = new CountDownLatch(1);
        entries.add(new Marker(reached));
        boolean interrupted = false;
        while (sender.isAlive()) {
            try {
                if (reached.await(1, java.util.concurrent.TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() {
        try {
            while (true) {
                Entry entry = entries.take();
                if (entry instanceof Letter letter) {
                    try {
                        super.sendMessage(letter.message());
                    } catch (ZMQException e) {
                        return;
                    } catch (RuntimeException | OutOfMemoryError e) {
                        System.getLogger("kernel").log(System.Logger.Level.WARNING, "cannot send " + letter.message().getHeader().getType(), e);
                    }
                } else if (entry instanceof Marker marker) {
                    marker.reached().countDown();
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but the end of the JVM.
        }
    }
}
