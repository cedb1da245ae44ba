package org.espalier.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.messages.HMACGenerator;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A small Jupyter client, with which the kernel tests itself and is tested. For one thread. */
final class Client implements AutoCloseable {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);

    private final ZMQ.Context context = ZMQ.context(1);
    private final ZMQ.Socket shell = context.socket(SocketType.DEALER);
    private final ZMQ.Socket control = context.socket(SocketType.DEALER);
    private final ZMQ.Socket stdin = context.socket(SocketType.DEALER);
    private final ZMQ.Socket outputs = context.socket(SocketType.SUB);
    private final HMACGenerator signatures;
    private final String session = UUID.randomUUID().toString();
    private final Gson gson = new Gson();

    /** A message as it came: its header's type, the id of the message that it answers, and what it says. */
    record Answer(String type, String parent, JsonObject content) { }

    Client(KernelConnectionProperties kernel, HMACGenerator signatures) {
        this.signatures = signatures;
        String host = "tcp://" + kernel.getIp() + ":";
        byte[] identity = session.getBytes(StandardCharsets.US_ASCII);
        shell.setIdentity(identity);
        stdin.setIdentity(identity);
        outputs.subscribe("");
        shell.connect(host + kernel.getShellPort());
        control.connect(host + kernel.getControlPort());
        stdin.connect(host + kernel.getStdinPort());
        outputs.connect(host + kernel.getIopubPort());
    }

    /** @return the message's id */
    String ask(String type, JsonObject content) {
        return send(type.startsWith("interrupt") || type.startsWith("shutdown") ? control : shell, type, content);
    }

    String execute(String code) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("silent", false);
        content.addProperty("store_history", true);
        content.add("user_expressions", new JsonObject());
        content.addProperty("allow_stdin", true);
        content.addProperty("stop_on_error", true);
        return ask("execute_request", content);
    }

    void type(String text) {
        JsonObject content = new JsonObject();
        content.addProperty("value", text);
        send(stdin, "input_reply", content);
    }

    private String send(ZMQ.Socket socket, String type, JsonObject content) {
        String id = UUID.randomUUID().toString();
        JsonObject header = new JsonObject();
        header.addProperty("msg_id", id);
        header.addProperty("session", session);
        header.addProperty("username", "reader");
        header.addProperty("date", Instant.now().toString());
        header.addProperty("msg_type", type);
        header.addProperty("version", "5.3");
        byte[][] parts = {bytes(header), bytes(new JsonObject()), bytes(new JsonObject()), bytes(content)};
        socket.sendMore(DELIMITER);
        socket.sendMore(signatures.calculateSignature(parts).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 3; i++) {
            socket.sendMore(parts[i]);
        }
        socket.send(parts[3]);
        return id;
    }

    private byte[] bytes(JsonObject json) {
        return gson.toJson(json).getBytes(StandardCharsets.UTF_8);
    }

    Answer reply(long millis) {
        return receive(shell, millis);
    }

    Answer controlReply(long millis) {
        return receive(control, millis);
    }

    Answer question(long millis) {
        return receive(stdin, millis);
    }

    Answer output(long millis) {
        return receive(outputs, millis);
    }

    /** All outputs that answer this message, up to where the kernel says that it is idle again. */
    List<Answer> outputs(String id, long millis) {
        List<Answer> all = new ArrayList<>();
        while (true) {
            Answer answer = output(millis);
            if (!answer.parent().equals(id)) {
                continue;
            }
            if (answer.type().equals("status")) {
                if (answer.content().get("execution_state").getAsString().equals("idle")) {
                    return all;
                }
            } else {
                all.add(answer);
            }
        }
    }

    private Answer receive(ZMQ.Socket socket, long millis) {
        socket.setReceiveTimeOut((int) millis);
        List<byte[]> frames = new ArrayList<>();
        do {
            byte[] frame = socket.recv();
            if (frame == null) {
                throw new IllegalStateException("the kernel did not answer within " + millis + " ms");
            }
            frames.add(frame);
        } while (socket.hasReceiveMore());
        int delimiter = 0;
        while (!java.util.Arrays.equals(frames.get(delimiter), DELIMITER)) {
            delimiter++;
        }
        byte[][] parts = frames.subList(delimiter + 2, delimiter + 6).toArray(new byte[0][]);
        String signature = new String(frames.get(delimiter + 1), StandardCharsets.US_ASCII);
        if (!signature.equals(signatures.calculateSignature(parts))) {
            throw new SecurityException("an answer with a wrong signature");
        }
        JsonObject header = json(parts[0]);
        JsonObject parent = json(parts[1]);
        return new Answer(header.get("msg_type").getAsString(), parent.has("msg_id") ? parent.get("msg_id").getAsString() : "", json(parts[3]));
    }

    private JsonObject json(byte[] bytes) {
        return gson.fromJson(new String(bytes, StandardCharsets.UTF_8), JsonObject.class);
    }


    @Override
    public void close() {
        for (ZMQ.Socket socket : List.of(shell, control, stdin, outputs)) {
            socket.setLinger(0);
            socket.close();
        }
        context.close();
    }
}
