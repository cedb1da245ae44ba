package org.espalier.kernel;

import java.util.ArrayList;
import java.util.List;

/** Arguments of a magic, as a shell would split them: quotes and backslashes keep spaces. */
final class Words {
    private Words() { }

    static List<String> of(String arguments) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean begun = false;
        for (int i = 0; i < arguments.length(); i++) {
            char c = arguments.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                begun = true;
            } else if (c == '\\' && i + 1 < arguments.length() && " \"'\\".indexOf(arguments.charAt(i + 1)) >= 0) {
                word.append(arguments.charAt(++i));
                begun = true;
            } else if (Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
