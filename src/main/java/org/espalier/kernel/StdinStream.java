package org.espalier.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dflib.jjava.jupyter.channels.StdinChannel;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageContext;
import org.dflib.jjava.jupyter.messages.reply.InputReply;
import org.dflib.jjava.jupyter.messages.request.InputRequest;
import org.zeromq.ZMQ;

/** What the reader types when code reads {@code System.in}: each time the input runs out, the notebook asks for a line. */
final class StdinStream extends InputStream {
    private final StdinChannel channel;
    private final Runnable flushOutput;
    private final ExecutorService asking = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "stdin");
        thread.setDaemon(true);
        return thread;
    });
    private volatile MessageContext cell;
    private volatile boolean allowed;
    private volatile boolean abandoned;
    private volatile boolean stale;
    private byte[] line = new byte[0];
    private int position;

    StdinStream(StdinChannel channel, Runnable flushOutput) {
        this.channel = channel;
        this.flushOutput = flushOutput;
    }

    void belongsTo(MessageContext now, boolean inputAllowed) {
        cell = now;
        allowed = inputAllowed;
        // Not under the lock: a thread of an earlier cell may hold it while it waits for a line that will not come any more.
        stale = true;
        abandoned = true;
    }

    @Override
    public synchronized int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (stale) {
            stale = false;
            line = new byte[0];
            position = 0;
        }
        if (position >= line.length) {
            line = (ask("", false) + "\n").getBytes(StandardCharsets.UTF_8);
            position = 0;
        }
        int taken = Math.min(length, line.length - position);
        System.arraycopy(line, position, into, from, taken);
        position += taken;
        return taken;
    }

    @Override
    public synchronized int available() {
        return stale ? 0 : line.length - position;
    }

    /** Asks the reader for a line. */
    String ask(String prompt, boolean secret) throws IOException {
        if (!allowed) {
            throw new IOException("this client takes no input: nobody is there to type");
        }
        flushOutput.run();
        MessageContext asker = cell;
        Future<String> answer = asking.submit(() -> exchange(asker, prompt, secret));
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(false);
            abandoned = true;
            throw new InterruptedIOException("interrupted while waiting for input");
        } catch (ExecutionException e) {
            throw new IOException("cannot ask for input: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private String exchange(MessageContext asker, String prompt, boolean secret) throws InterruptedException, IOException {
        abandoned = false;
        while ((channel.getEvents() & ZMQ.Poller.POLLIN) != 0) {
            channel.readMessage(); // An answer to a question that was interrupted.
        }
        channel.sendMessage(new Message<>(asker, InputRequest.MESSAGE_TYPE, new InputRequest(prompt, secret)));
        while ((channel.getEvents() & ZMQ.Poller.POLLIN) == 0) {
            if (abandoned) {
                throw new IOException("another cell began before anybody typed");
            }
            Thread.sleep(10);
        }
        return ((InputReply) channel.readMessage().getContent()).getValue();
    }
}
