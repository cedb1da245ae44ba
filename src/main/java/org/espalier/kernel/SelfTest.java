package org.espalier.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;

/**
 * Starts the kernel once and runs a few cells, for {@code kernel/install}: it proves that the kernel works on this machine, and lets the
 * JVM write down the classes that a start needs, which makes later starts faster.
 */
public final class SelfTest {
    private static final List<String> CELLS = List.of("1 + 1", "int a = 3\nString b = \"x\";", "int twice(int k) { return 2 * k; }\ntwice(a)",
            "record Point(int x, int y) { }\nnew Point(1, 2)", "for (int i = 0; i < 3; i++) System.out.println(i);", "undeclared + 1",
            "java.util.List.of(3, 1, 2).stream().sorted().toList()",
            "display(tech.tablesaw.api.Table.create(\"t\", tech.tablesaw.api.DoubleColumn.create(\"x\", 1.0, 2.0)));",
            "new tech.tablesaw.plotly.components.Figure(tech.tablesaw.plotly.traces.ScatterTrace.builder(new double[] {1, 2},"
                    + " new double[] {2, 1}).build())", "throw new IllegalStateException(\"on purpose\");");

    private SelfTest() { }

    public static void main(String[] arguments) throws Exception {
        KernelConnectionProperties where = freePorts();
        KernelMain.start(where, Path.of(arguments[0]));
        try (Client client = new Client(where, where.createHMACGenerator())) {
            client.ask("kernel_info_request", new JsonObject());
            client.reply(60_000);
            for (String cell : CELLS) {
                client.execute(cell);
                JsonObject reply = client.reply(60_000).content();
                boolean meant = cell.startsWith("undeclared") || cell.startsWith("throw");
                if (reply.get("status").getAsString().equals("ok") == meant) {
                    throw new IllegalStateException("the kernel starts but fails at " + cell + ": " + reply);
                }
            }
            for (String question : List.of("complete_request", "inspect_request")) {
                JsonObject code = new JsonObject();
                code.addProperty("code", "Math.floorM");
                code.addProperty("cursor_pos", 11);
                client.ask(question, code);
                client.reply(60_000);
            }
        }
        System.exit(0);
    }

    static KernelConnectionProperties freePorts() throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            int[] ports = taken.stream().mapToInt(ServerSocket::getLocalPort).toArray();
            return new KernelConnectionProperties("127.0.0.1", ports[0], ports[1], ports[2], ports[3], ports[4], "tcp", "hmac-sha256",
                    UUID.randomUUID().toString());
        } finally {
            for (ServerSocket one : taken) {
                one.close();
            }
        }
    }
}
