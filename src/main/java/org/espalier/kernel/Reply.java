package org.espalier.kernel;

import com.google.gson.JsonObject;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.channels.StdinChannel;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageContext;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;

/** The way back to who sent a request. Busy and idle are said by {@link Connection}, around every request. */
final class Reply extends ShellReplyEnvironment {
    private final ShellChannel channel;
    private final IoPubSender ioPub;
    private boolean idle;

    Reply(ShellChannel channel, StdinChannel stdin, IoPubSender ioPub, MessageContext request) {
        super(channel, stdin, ioPub, request);
        this.channel = channel;
        this.ioPub = ioPub;
    }

    void busy() {
        publish(PublishStatus.BUSY);
    }

    void idle() {
        if (!idle) {
            idle = true;
            publish(PublishStatus.IDLE);
        }
    }

    /**
     * Answers with content of our own making. Everything that belongs to the request has been published by then, so that a client which
     * has the answer needn't wait for outputs.
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    void raw(MessageType<?> type, JsonObject content) {
        idle();
        ioPub.flush();
        channel.sendMessage(new Message(getContext(), type, content));
    }

    /** Tells all clients. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    void publishRaw(MessageType<?> type, JsonObject content) {
        ioPub.sendMessage(new Message(getContext(), type, content));
    }

    @Override
    public void setBusyDeferIdle() { }
}
