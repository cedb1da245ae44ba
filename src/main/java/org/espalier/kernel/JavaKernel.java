package org.espalier.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.HelpLink;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.publish.PublishStream.StreamType;
import org.dflib.jjava.jupyter.messages.request.CompleteRequest;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.jupyter.messages.request.HistoryRequest;
import org.dflib.jjava.jupyter.messages.request.InspectRequest;
import org.dflib.jjava.jupyter.messages.request.InterruptRequest;
import org.dflib.jjava.jupyter.messages.request.IsCompleteRequest;
import org.dflib.jjava.jupyter.messages.request.KernelInfoRequest;
import org.dflib.jjava.jupyter.messages.request.ShutdownRequest;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.Completion;
import org.espalier.kernel.code.Completeness;
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.Inspection;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Session.Shown;
import org.espalier.kernel.display.Bundle;
import org.espalier.kernel.display.Display;
import org.espalier.kernel.display.Views;

/** Answers Jupyter's requests. Evaluation is {@link Session}'s, which is still being built when the first requests come. */
final class JavaKernel extends BaseKernel {
    private static final String VERSION = "0.1.0";

    private final CompletableFuture<Session> session;
    private final History history = new History();
    private final NotebookScreen screen = new NotebookScreen();
    private Connection connection;
    private Printed printed;
    private Typed typed;
    private int count;

    JavaKernel(CompletableFuture<Session> session) {
        super("espalier", VERSION,
                new LanguageInfo("java", Runtime.version().toString(), "text/x-java-source", ".jshell", "java", "text/x-java", "script"),
                List.of(new HelpLink("Java API", "https://docs.oracle.com/en/java/javase/" + Runtime.version().feature() + "/docs/api/")),
                null, new JupyterIO(StandardCharsets.UTF_8), new CommManager(), new Renderer(), null, new MagicsRegistry(), true,
                new StringStyler.Builder().build());
        this.session = session;
    }

    @Override
    public void becomeHandlerForConnection(JupyterConnection jupyter) {
        super.becomeHandlerForConnection(jupyter);
        connection = (Connection) jupyter;
        printed = new Printed(connection.outbox());
        typed = new Typed(connection.stdin(), connection.outbox()::flush);
        System.setOut(printed.stream(StreamType.OUT));
        System.setErr(printed.stream(StreamType.ERR));
        System.setIn(typed);
        Display.to(screen);
    }

    private Session session() throws CellFailure {
        try {
            return session.join();
        } catch (CompletionException e) {
            throw ErrorText.plain("StartFailed", "the kernel could not start Java's shell: " + e.getCause());
        }
    }

    @Override
    protected void handleKernelInfoRequest(ShellReplyEnvironment env, Message<KernelInfoRequest> request) {
        JsonObject content = Answers.ok();
        content.addProperty("protocol_version", "5.3");
        content.addProperty("implementation", getName());
        content.addProperty("implementation_version", getVersion());
        content.add("language_info", Answers.json(getLanguageInfo()));
        content.addProperty("banner", "Espalier's Java kernel " + VERSION + " on Java " + Runtime.version());
        content.add("help_links", Answers.json(getHelpLinks()));
        ((Reply) env).raw(MessageType.KERNEL_INFO_REPLY, content);
    }

    @Override
    protected synchronized void handleExecuteRequest(ShellReplyEnvironment env, Message<ExecuteRequest> message) {
        Reply reply = (Reply) env;
        ExecuteRequest request = message.getContent();
        boolean stored = request.shouldStoreHistory() && !request.isSilent();
        int number = stored ? ++count : count;
        commManager.setMessageContext(message);
        printed.belongsTo(message);
        screen.belongsTo(reply);
        typed.belongsTo(message, request.isStdinEnabled());
        if (!request.isSilent()) {
            reply.publish(new PublishExecuteInput(request.getCode(), number));
        }
        try {
            Session java = session();
            Optional<Shown> shown = new Magics(java).cell(new Cell(number, request.getCode()));
            String text = "";
            if (shown.isPresent() && !request.isSilent()) {
                Bundle bundle = Views.of(shown.get().value());
                JsonObject result = Answers.bundle(bundle);
                result.addProperty("execution_count", number);
                reply.publishRaw(MessageType.PUBLISH_EXECUTION_RESULT, result);
                text = bundle.text();
            }
            if (stored) {
                history.add(number, request.getCode(), text);
            }
            reply.raw(MessageType.EXECUTE_REPLY, Answers.executed(number, new JsonArray(), userExpressions(java, number, request)));
        } catch (Throwable thrown) {
            CellFailure failure = thrown instanceof CellFailure known ? known
                    : ErrorText.plain(thrown.getClass().getName(), String.valueOf(thrown.getMessage()));
            if (stored) {
                history.add(number, request.getCode(), "");
            }
            if (!request.isSilent()) {
                reply.publishRaw(MessageType.PUBLISH_ERROR, Answers.error(failure));
            }
            if (request.shouldStopOnError() && !request.isSilent()) {
                connection.abortWaitingCells();
            }
            JsonObject content = Answers.failed(failure);
            content.addProperty("execution_count", number);
            reply.raw(MessageType.EXECUTE_REPLY, content);
        }
    }

    private JsonObject userExpressions(Session java, int number, ExecuteRequest request) {
        JsonObject values = new JsonObject();
        Map<String, String> expressions = request.getUserExpr() == null ? Map.of() : request.getUserExpr();
        expressions.forEach((name, expression) -> {
            try {
                Optional<Shown> value = java.run(new Cell(number, expression), new Magics(java));
                JsonObject bundle = Answers.bundle(value.map(shown -> Views.of(shown.value())).orElse(Bundle.text("")));
                bundle.addProperty("status", "ok");
                values.add(name, bundle);
            } catch (CellFailure e) {
                values.add(name, Answers.failed(e));
            }
        });
        return values;
    }

    @Override
    protected void handleCompleteRequest(ShellReplyEnvironment env, Message<CompleteRequest> message) {
        String code = message.getContent().getCode();
        int cursor = units(code, message.getContent().getCursorPos());
        List<String> matches = List.of();
        int start = cursor;
        try {
            Completion found = Completion.at(session().analysis(), code, cursor);
            matches = found.suggestions();
            start = found.start();
        } catch (CellFailure e) {
            // Without a session there is nothing to suggest.
        }
        JsonObject content = Answers.ok();
        content.add("matches", Answers.strings(matches));
        content.addProperty("cursor_start", code.codePointCount(0, start));
        content.addProperty("cursor_end", code.codePointCount(0, cursor));
        content.add("metadata", new JsonObject());
        ((Reply) env).raw(MessageType.COMPLETE_REPLY, content);
    }

    @Override
    protected void handleInspectRequest(ShellReplyEnvironment env, Message<InspectRequest> message) {
        String code = message.getContent().getCode();
        Optional<String> found = Optional.empty();
        try {
            found = Inspection.at(session().analysis(), code, units(code, message.getContent().getCursorPos()));
        } catch (CellFailure e) {
            // Without a session nothing is known.
        }
        JsonObject content = found.map(text -> Answers.bundle(Bundle.text(text))).orElseGet(() -> {
            JsonObject nothing = new JsonObject();
            nothing.add("data", new JsonObject());
            nothing.add("metadata", new JsonObject());
            return nothing;
        });
        content.addProperty("status", "ok");
        content.addProperty("found", found.isPresent());
        ((Reply) env).raw(MessageType.INSPECT_REPLY, content);
    }

    /** Jupyter counts characters, Java counts UTF-16 units. */
    private static int units(String code, int characters) {
        return code.offsetByCodePoints(0, Math.max(0, Math.min(characters, code.codePointCount(0, code.length()))));
    }

    @Override
    protected void handleIsCodeCompeteRequest(ShellReplyEnvironment env, Message<IsCompleteRequest> message) {
        JsonObject content = new JsonObject();
        try {
            Completeness found = Completeness.of(session().analysis(), message.getContent().getCode());
            content.addProperty("status", found.status());
            if (found.status().equals("incomplete")) {
                content.addProperty("indent", found.indent());
            }
        } catch (CellFailure e) {
            content.addProperty("status", "unknown");
        }
        ((Reply) env).raw(MessageType.IS_COMPLETE_REPLY, content);
    }

    @Override
    protected void handleHistoryRequest(ShellReplyEnvironment env, Message<HistoryRequest> message) {
        ((Reply) env).raw(MessageType.HISTORY_REPLY, history.answer(message.getContent()));
    }

    @Override
    protected void handleInterruptRequest(ShellReplyEnvironment env, Message<InterruptRequest> message) {
        if (session.isDone() && !session.isCompletedExceptionally()) {
            session.join().interrupt();
        }
        ((Reply) env).raw(MessageType.INTERRUPT_REPLY, Answers.ok());
    }

    @Override
    protected void handleShutdownRequest(ShellReplyEnvironment env, Message<ShutdownRequest> message) {
        onShutdown(message.getContent().isRestart());
        JsonObject content = Answers.ok();
        content.addProperty("restart", message.getContent().isRestart());
        Reply reply = (Reply) env;
        reply.raw(MessageType.SHUTDOWN_REPLY, content);
        reply.idle();
        connection.outbox().flush();
        Main.exitSoon();
    }

    @Override
    public Object evalRaw(String source) {
        throw new UnsupportedOperationException("cells run one after the other: code can't be evaluated from within a cell");
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        throw new UnsupportedOperationException("answered by handleInspectRequest");
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        throw new UnsupportedOperationException("answered by handleCompleteRequest");
    }

    @Override
    public String isComplete(String code) {
        throw new UnsupportedOperationException("answered by handleIsCodeCompeteRequest");
    }
}
