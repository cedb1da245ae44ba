package org.espalier.kernel;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageContext;
import org.dflib.jjava.jupyter.messages.publish.PublishStream;
import org.dflib.jjava.jupyter.messages.publish.PublishStream.StreamType;

/**
 * What the notebook's code prints. Text is collected for a moment and sent in one message, since a message per line would be too slow by
 * far. Printing outside of any cell, from a thread that an earlier one started, belongs to the cell that ran last.
 */
final class OutputStreams {
    private static final int MOMENT_MILLIS = 50;
    private static final int MUCH = 64 * 1024;
    private static final int WAITING = 64;

    private final IoPubSender ioPub;
    private final Map<StreamType, Stream> streams = new EnumMap<>(StreamType.class);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "output streams");
        thread.setDaemon(true);
        return thread;
    });
    private volatile MessageContext cell;

    OutputStreams(IoPubSender ioPub) {
        this.ioPub = ioPub;
        for (StreamType type : StreamType.values()) {
            streams.put(type, new Stream(type));
        }
        ioPub.beforeMessages(this::flush);
    }

    PrintStream stream(StreamType type) {
        return new PrintStream(streams.get(type), false, StandardCharsets.UTF_8);
    }

    /** Says which cell what is printed from now on belongs to. */
    void belongsTo(MessageContext now) {
        flush();
        cell = now;
    }

    synchronized void flush() {
        streams.values().forEach(Stream::sendWholeCharacters);
    }

    private final class Stream extends OutputStream {
        private final StreamType type;
        private byte[] bytes = new byte[1024];
        private int count;
        private boolean scheduled;

        Stream(StreamType type) {
            this.type = type;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] added, int from, int length) {
            boolean crowded;
            synchronized (OutputStreams.this) {
                streams.values().stream().filter(other -> other != this).forEach(Stream::sendWholeCharacters);
                if (count + length > bytes.length) {
                    bytes = java.util.Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + length));
                }
                System.arraycopy(added, from, bytes, count, length);
                count += length;
                if (count >= MUCH) {
                    sendWholeCharacters();
                } else if (!scheduled) {
                    scheduled = true;
                    Future<?> unused = clock.schedule(OutputStreams.this::flush, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
                }
                crowded = ioPub.waiting() > WAITING;
            }
            if (crowded) {
                waitForTheSender();
            }
        }

        /** Code that prints faster than anybody can read waits here rather than filling the memory. */
        private void waitForTheSender() {
            try {
                while (ioPub.waiting() > WAITING) {
                    Thread.sleep(1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void sendWholeCharacters() {
            scheduled = false;
            int whole = wholeCharacters();
            if (whole == 0 || cell == null) {
                return;
            }
            String text = new String(bytes, 0, whole, StandardCharsets.UTF_8);
            System.arraycopy(bytes, whole, bytes, 0, count - whole);
            count -= whole;
            ioPub.post(new Message<>(cell, PublishStream.MESSAGE_TYPE, new PublishStream(type, text)));
        }

        /** How many bytes make whole UTF-8 characters: all, unless the last character is still incomplete. */
        private int wholeCharacters() {
            for (int back = 1; back <= Math.min(3, count); back++) {
                int b = bytes[count - back] & 0xff;
                if (b >= 0xc0) {
                    int needed = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                    return back < needed ? count - back : count;
                }
                if (b < 0x80) {
                    break;
                }
            }
            return count;
        }
    }
}
