package org.espalier.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.messages.request.HistoryRequest;

/** The cells run so far, for clients that offer them again. Nothing is kept beyond the kernel's life. */
final class CellHistory {
    private static final int SESSION = 1;

    private record Entry(int line, String input, String output) { }

    private final List<Entry> entries = new ArrayList<>();

    void add(int line, String input, String output) {
        entries.add(new Entry(line, input, output));
    }

    JsonObject answer(HistoryRequest request) {
        List<Entry> found = switch (request.getAccessType()) {
            case TAIL -> last(entries, ((HistoryRequest.Tail) request).getMaxReturnLength());
            case RANGE -> range((HistoryRequest.Range) request);
            case SEARCH -> search((HistoryRequest.Search) request);
        };
        JsonArray history = new JsonArray();
        for (Entry entry : found) {
            JsonArray row = new JsonArray();
            row.add(SESSION);
            row.add(entry.line());
            if (request.includeOutput()) {
                JsonArray both = new JsonArray();
                both.add(entry.input());
                both.add(entry.output());
                row.add(both);
            } else {
                row.add(entry.input());
            }
            history.add(row);
        }
        JsonObject content = Replies.ok();
        content.add("history", history);
        return content;
    }

    private static List<Entry> last(List<Entry> entries, int n) {
        return entries.subList(Math.max(0, entries.size() - Math.max(n, 0)), entries.size());
    }

    private List<Entry> range(HistoryRequest.Range request) {
        int session = request.getSessionIndex();
        if (session != 0 && session != SESSION) {
            return List.of();
        }
        int stop = request.getStop() <= 0 ? Integer.MAX_VALUE : request.getStop();
        return entries.stream().filter(entry -> entry.line() >= request.getStart() && entry.line() < stop).toList();
    }

    private List<Entry> search(HistoryRequest.Search request) {
        Pattern pattern = glob(request.getPattern() == null ? "*" : request.getPattern());
        List<Entry> found = new ArrayList<>(entries.stream().filter(entry -> pattern.matcher(entry.input()).matches()).toList());
        if (request.filterUnique()) {
            Collections.reverse(found);
            Map<String, Entry> unique = new LinkedHashMap<>();
            found.forEach(entry -> unique.putIfAbsent(entry.input(), entry));
            found = new ArrayList<>(unique.values());
            Collections.reverse(found);
        }
        return request.getMaxReturnLength() > 0 ? last(found, request.getMaxReturnLength()) : found;
    }

    /** A pattern of the protocol's: {@code *} stands for any text, {@code ?} for one character. */
    private static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
