package org.espalier.data.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegSegmentsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ff d8 ff e0 00 03 07 ff ff ff e1 00 02 ff da 00 02 ff e2 00 02 | 2 9",
        "ff d8 ff e0 00 00 ff e1 00 01 ff e2 ff ff 00                   | 2 6 10",
        "ff d8 ff e0 00 02 00 ff e1 00 02                               | 2",
        "ff d8 ff e0 00                                                 | ''",
        "ff d8 ff ff ff ff ff                                           | ''",
        "ff d9 ff e0 00 02                                              | ''",
        "ff                                                             | ''"})
    void theyAreFoundUpToTheImageDataWhateverTheirLengthsSay(String file, String starts) {
        int[] expected = starts.isEmpty() ? new int[0] : Arrays.stream(starts.split(" ")).mapToInt(Integer::parseInt).toArray();
        assertArrayEquals(expected, new JpegSegments(HexFormat.ofDelimiter(" ").parseHex(file)).starts().toArray());
    }

    /** Bytes that are mostly marks and short lengths, with a name here and there, so that the walk gets far. */
    @Property(tries = 500)
    void noFileLeadsBehindItsEnd(@ForAll byte[] noise) {
        StringBuilder text = new StringBuilder("\u00ff\u00d8");
        for (byte b : noise) {
            text.append(switch (b & 7) {
                case 0 -> "\u00ff\u00e2\0\rICC_PROFILE";
                case 1 -> "\u00ff\u00ee\0\7Adobe";
                case 2 -> "\u00ff\u00c0\0\2";
                case 3 -> "\u00ff";
                default -> "\u00ff\u00e1\0" + (char) (b >> 4 & 3);
            });
        }
        byte[] whole = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int length = 0; length <= whole.length; length += 1 + whole.length / 50) {
            byte[] file = Arrays.copyOf(whole, length);
            Cmyk.in(file);
            Cmyk.of(file);
            byte[] hidden = new JpegSegments(file).withoutProfiles();
            assertSame(hidden, new JpegSegments(hidden).withoutProfiles(), "nothing is left to hide");
            assertArrayEquals(new JpegSegments(file).starts().toArray(), new JpegSegments(hidden).starts().toArray());
        }
    }
}
