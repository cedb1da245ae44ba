package org.espalier.kernel;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
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
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Session.Shown;
import org.espalier.display.Bundle;
import org.espalier.display.Display;

/** Answers Jupyter's requests. Evaluation is {@link Session}'s, which is still being built when the first requests come. */
final class JavaKernel extends BaseKernel {
    private static final String VERSION = "0.1.0";

    private final CompletableFuture<Ready> ready;
    private final Rendering rendering = new Rendering(getRenderer());
    private final CellHistory history = new CellHistory();
    private final NotebookScreen screen = new NotebookScreen();
    private Connection connection;
    private OutputStreams outputs;
    private StdinStream stdin;
    private int count;

    JavaKernel(CompletableFuture<Session> session) {
        super("espalier", VERSION,
                new LanguageInfo("java", Runtime.version().toString(), "text/x-java-source", ".jshell", "java", "text/x-java", "script"),
                List.of(new HelpLink("Java API", "https://docs.oracle.com/en/java/javase/" + Runtime.version().feature() + "/docs/api/")),
                null, new JupyterIO(StandardCharsets.UTF_8), new CommManager(), new Renderer(), null, new MagicsRegistry(), true,
                new StringStyler.Builder().build());
        this.ready = session.thenApply(this::ready);
    }

    @Override
    public void becomeHandlerForConnection(JupyterConnection jupyter) {
        super.becomeHandlerForConnection(jupyter);
        connection = (Connection) jupyter;
        outputs = new OutputStreams(connection.ioPub());
        stdin = new StdinStream(connection.stdin(), connection.ioPub()::flush);
        System.setOut(outputs.stream(StreamType.OUT));
        System.setErr(outputs.stream(StreamType.ERR));
        System.setIn(stdin);
        Display.to(screen, rendering::of);
        connection.whenIdle(this::warmUp);
    }

    private boolean warmUp() {
        if (ready.isDone() && !ready.isCompletedExceptionally()) {
            ready.join().assistant().warmUp();
        }
        return ready.isDone();
    }

    /** Everything that needs the session; waits until it is built. */
    private record Ready(Session session, Magics magics, CodeAssist assistant) { }

    private Ready ready() throws CellFailure {
        try {
            return ready.join();
        } catch (CompletionException e) {
            throw ErrorText.plain("StartFailed", "the kernel could not start Java's shell: " + e.getCause());
        }
    }

    private Ready ready(Session java) {
        Magics all = new Magics(java, this);
        return new Ready(java, all, new CodeAssist(java, all));
    }

    @Override
    protected void handleKernelInfoRequest(ShellReplyEnvironment env, Message<KernelInfoRequest> request) {
        JsonObject content = Replies.ok();
        content.addProperty("protocol_version", "5.3");
        content.addProperty("implementation", getName());
        content.addProperty("implementation_version", getVersion());
        content.add("language_info", Replies.json(getLanguageInfo()));
        content.addProperty("banner", "Espalier's Java kernel " + VERSION + " on Java " + Runtime.version());
        content.add("help_links", Replies.json(getHelpLinks()));
        ((Reply) env).raw(MessageType.KERNEL_INFO_REPLY, content);
    }

    @Override
    protected synchronized void handleExecuteRequest(ShellReplyEnvironment env, Message<ExecuteRequest> message) {
        Reply reply = (Reply) env;
        ExecuteRequest request = message.getContent();
        boolean stored = request.shouldStoreHistory() && !request.isSilent();
        int number = stored ? ++count : count;
        commManager.setMessageContext(message);
        outputs.belongsTo(message);
        screen.belongsTo(reply);
        stdin.belongsTo(message, request.isStdinEnabled());
        if (!request.isSilent()) {
            reply.publish(new PublishExecuteInput(request.getCode(), number));
        }
        String text = "";
        JsonObject answer;
        try {
            Ready java = ready();
            Optional<Shown> value = java.magics().cell(new Cell(number, request.getCode()));
            Optional<Bundle> shown = value.isEmpty() ? Optional.empty() : Optional.of(java.session().show(value.get().value(), rendering::of));
            if (shown.isPresent() && !request.isSilent()) {
                JsonObject result = Replies.bundle(shown.get());
                result.addProperty("execution_count", number);
                reply.publishRaw(MessageType.PUBLISH_EXECUTION_RESULT, result);
                text = shown.get().text();
            }
            answer = Replies.executed(number, java.magics().takePages(), userExpressions(java, number, request));
        } catch (Throwable thrown) {
            CellFailure failure = thrown instanceof CellFailure known ? known
                    : ErrorText.plain(thrown.getClass().getName(), String.valueOf(thrown.getMessage()));
            if (!request.isSilent()) {
                reply.publishRaw(MessageType.PUBLISH_ERROR, Replies.error(failure));
                if (request.shouldStopOnError()) {
                    connection.abortWaitingCells();
                }
            }
            answer = Replies.failed(failure);
            answer.addProperty("execution_count", number);
        }
        if (stored) {
            history.add(number, request.getCode(), text);
        }
        reply.raw(MessageType.EXECUTE_REPLY, answer);
    }

    private JsonObject userExpressions(Ready java, int number, ExecuteRequest request) {
        JsonObject values = new JsonObject();
        Map<String, String> expressions = request.getUserExpr() == null ? Map.of() : request.getUserExpr();
        expressions.forEach((name, expression) -> {
            try {
                Optional<Shown> value = java.session().run(new Cell(number, expression), java.magics());
                JsonObject bundle = Replies.bundle(value.isEmpty() ? Bundle.text("") : java.session().show(value.get().value(), rendering::of));
                bundle.addProperty("status", "ok");
                values.add(name, bundle);
            } catch (CellFailure e) {
                values.add(name, Replies.failed(e));
            }
        });
        return values;
    }

    @Override
    protected void handleCompleteRequest(ShellReplyEnvironment env, Message<CompleteRequest> message) {
        answer(env, MessageType.COMPLETE_REPLY, java -> java.assistant().complete(message.getContent().getCode(), message.getContent().getCursorPos()));
    }

    @Override
    protected void handleInspectRequest(ShellReplyEnvironment env, Message<InspectRequest> message) {
        answer(env, MessageType.INSPECT_REPLY, java -> java.assistant().inspect(message.getContent().getCode(), message.getContent().getCursorPos()));
    }

    @Override
    protected void handleIsCodeCompeteRequest(ShellReplyEnvironment env, Message<IsCompleteRequest> message) {
        answer(env, MessageType.IS_COMPLETE_REPLY, java -> java.assistant().isComplete(message.getContent().getCode()));
    }

    private void answer(ShellReplyEnvironment env, MessageType<?> type, Function<Ready, JsonObject> question) {
        JsonObject content;
        try {
            content = question.apply(ready());
        } catch (CellFailure e) {
            content = Replies.failed(e);
        } catch (RuntimeException e) {
            content = Replies.failed(ErrorText.plain(e.getClass().getName(), String.valueOf(e.getMessage())));
        }
        ((Reply) env).raw(type, content);
    }

    @Override
    protected void handleHistoryRequest(ShellReplyEnvironment env, Message<HistoryRequest> message) {
        ((Reply) env).raw(MessageType.HISTORY_REPLY, history.answer(message.getContent()));
    }

    @Override
    protected void handleInterruptRequest(ShellReplyEnvironment env, Message<InterruptRequest> message) {
        if (ready.isDone() && !ready.isCompletedExceptionally()) {
            ready.join().session().interrupt();
        }
        ((Reply) env).raw(MessageType.INTERRUPT_REPLY, Replies.ok());
    }

    @Override
    protected void handleShutdownRequest(ShellReplyEnvironment env, Message<ShutdownRequest> message) {
        onShutdown(message.getContent().isRestart());
        JsonObject content = Replies.ok();
        content.addProperty("restart", message.getContent().isRestart());
        Reply reply = (Reply) env;
        reply.raw(MessageType.SHUTDOWN_REPLY, content);
        reply.idle();
        connection.ioPub().flush();
        KernelMain.exitSoon();
    }

    @Override
    public Object evalRaw(String source) {
        try {
            Ready java = ready();
            return java.session().within(new Cell("eval", source), java.magics()).map(Shown::value).orElse(null);
        } catch (CellFailure e) {
            throw new IllegalStateException(e.getMessage() + "\n" + String.join("\n", e.lines()), e);
        }
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
