package org.espalier.kernel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.channels.StdinChannel;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageContext;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The kernel's five sockets. The library's own loops look for messages twenty times a second; here each socket has a thread that waits on
 * it, so that answers come at once. Only that thread reads and answers on its socket.
 */
final class Connection extends JupyterConnection {
    private static final System.Logger LOG = System.getLogger("kernel");
    private static final long AFTERCOMERS_NANOS = 20_000_000;
    private static final long IDLE_MILLIS = 1_500;

    private final KernelConnectionProperties where;
    private final ZMQ.Context outside = ZMQ.context(1);
    private final IoPubSender ioPub;
    private final Deque<Message<?>> waiting = new ArrayDeque<>();
    private BooleanSupplier whenIdle = () -> true;

    Connection(KernelConnectionProperties where) throws GeneralSecurityException {
        super(where);
        this.where = checked(where);
        this.ioPub = new IoPubSender(outside, where.createHMACGenerator());
    }

    /** Whoever can connect can run code, hence this machine only, and signed messages only. */
    private static KernelConnectionProperties checked(KernelConnectionProperties where) {
        if (where.getKey() == null || where.getKey().isEmpty()) {
            throw new IllegalArgumentException("the connection file has no key: the kernel takes signed messages only. "
                    + "Set Session.key in Jupyter's configuration, or remove the line that empties it");
        }
        if (!"tcp".equals(where.getTransport())) {
            throw new IllegalArgumentException("the connection file asks for the transport '" + where.getTransport() + "': only tcp is spoken");
        }
        try {
            if (!InetAddress.getByName(where.getIp()).isLoopbackAddress()) {
                throw new IllegalArgumentException("the connection file asks for the address " + where.getIp()
                        + ": the kernel listens on this machine's loopback address only (127.0.0.1)");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("the connection file's address is unknown: " + where.getIp(), e);
        }
        return where;
    }

    private String address(int port) {
        return "tcp://" + where.getIp() + ":" + port;
    }

    @Override
    public void connect() {
        heartbeat.bind(address(where.getHbPort()));
        shell.bind(address(where.getShellPort()));
        control.bind(address(where.getControlPort()));
        stdin.bind(address(where.getStdinPort()));
        ioPub.start(address(where.getIopubPort()));
        ioPub.post(new Message<>(null, PublishStatus.MESSAGE_TYPE, PublishStatus.STARTING));
        thread("heartbeat", this::beat);
        thread("control", () -> serve(control));
        thread("shell", () -> {
            idleOnce();
            serve(shell);
        });
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (ZMQException e) {
                LOG.log(System.Logger.Level.DEBUG, name + " socket closed");
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void beat() {
        while (true) {
            heartbeat.send(heartbeat.recv());
        }
    }

    IoPubSender ioPub() {
        return ioPub;
    }

    StdinChannel stdin() {
        return stdin;
    }

    /**
     * Takes what waits on the shell socket: the cells among it are answered as aborted, because the one before them failed. To be called
     * before that one's reply is sent, so that no cell is caught that its sender knew to come after the failure.
     */
    void abortWaitingCells() {
        long until = System.nanoTime() + AFTERCOMERS_NANOS;
        do {
            while ((shell.getEvents() & ZMQ.Poller.POLLIN) != 0) {
                receive(shell).ifPresent(waiting::add);
            }
            LockSupport.parkNanos(1_000_000);
        } while (System.nanoTime() < until);
    }

    private void serve(ShellChannel channel) {
        while (true) {
            answer(channel);
        }
    }

    private void answer(ShellChannel channel) {
        receive(channel).ifPresent(message -> handle(channel, message));
        if (channel == shell) {
            abortWaiting();
        }
    }

    /** Has something done by the shell's own thread when nobody has asked for anything for a while, until it says that it is done. */
    void whenIdle(BooleanSupplier work) {
        whenIdle = work;
    }

    private void idleOnce() {
        ZMQ.Poller requests = outside.poller(1);
        requests.register(shell, ZMQ.Poller.POLLIN);
        for (boolean done = false; !done;) {
            if (requests.poll(IDLE_MILLIS) != 0) {
                answer(shell);
            } else {
                done = whenIdle.getAsBoolean();
            }
        }
    }

    /** The next message, or nothing where what came is no message of Jupyter's or has a wrong signature. */
    private Optional<Message<?>> receive(ShellChannel channel) {
        try {
            return Optional.of(channel.readMessage());
        } catch (ZMQException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.WARNING, "a message that can't be read was dropped: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void abortWaiting() {
        while (!waiting.isEmpty()) {
            Message<?> message = waiting.remove();
            if (MessageType.EXECUTE_REQUEST.equals(message.getHeader().getType())) {
                Reply reply = new Reply(shell, stdin, ioPub, message);
                reply.busy();
                reply.raw(MessageType.EXECUTE_REPLY, Replies.aborted(Replies.NO_COUNT));
                reply.idle();
            } else {
                handle(shell, message);
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void handle(ShellChannel channel, Message<?> message) {
        ShellHandler handler = getHandler((MessageType) message.getHeader().getType());
        if (handler == null) {
            LOG.log(System.Logger.Level.DEBUG, "no answer to " + message.getHeader().getType());
            return;
        }
        Reply reply = new Reply(channel, stdin, ioPub, message);
        reply.busy();
        try {
            handler.handle(reply, message);
        } catch (ZMQException e) {
            throw e;
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.WARNING, "cannot answer " + message.getHeader().getType(), e);
        } finally {
            reply.idle();
        }
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel channel, MessageContext context) {
        return new Reply(channel, stdin, ioPub, context);
    }

    @Override
    public IoPubSender getIOPub() {
        return ioPub;
    }

    @Override
    public void close() {
        ioPub.flush();
        ioPub.setLinger(500);
        control.setLinger(500);
    }
}
