package org.espalier.kernel;

import org.dflib.jjava.jupyter.messages.MessageType;
import com.google.gson.JsonObject;
import org.espalier.display.Bundle;
import org.espalier.display.Screen;

/** Shows things below the cell that ran last. */
final class NotebookScreen implements Screen {
    private volatile Reply cell;

    void belongsTo(Reply now) {
        cell = now;
    }

    @Override
    public void show(String id, Bundle bundle) {
        send(MessageType.PUBLISH_DISPLAY_DATA, Replies.display(id, bundle));
    }

    @Override
    public void update(String id, Bundle bundle) {
        send(MessageType.PUBLISH_UPDATE_DISPLAY_DATA, Replies.display(id, bundle));
    }

    @Override
    public boolean redraws() {
        return true;
    }

    @Override
    public void clear(boolean wait) {
        JsonObject content = new JsonObject();
        content.addProperty("wait", wait);
        send(MessageType.PUBLISH_CLEAR_OUTPUT, content);
    }

    private void send(MessageType<?> type, JsonObject content) {
        Reply now = cell;
        if (now != null) {
            now.publishRaw(type, content);
        }
    }
}
