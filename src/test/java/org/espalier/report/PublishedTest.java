package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.espalier.report.Published.Flag;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class PublishedTest {

    private static List<String> values(String table, String subject, String network, String quantity) {
        return Published.of(table).stream().filter(one -> one.subject().equals(subject) && one.network().equals(network) && one.quantity().equals(quantity))
                .map(one -> one.value() + ", " + one.flag()).toList();
    }

    @Test
    void everyValueHasASourceAndAFlag() {
        Map<String, Integer> sizes = Map.of("figure-1-schedules", 7, "schedules-by-budget", 96, "table-1-gal", 48, "table-2-taylor", 25, "table-3-random", 123,
                "which-schedule", 19);
        sizes.forEach((name, size) -> {
            List<Published> values = Published.of(name);
            assertEquals(size, values.size(), name);
            values.forEach(one -> assertTrue(!one.source().isBlank() && !one.quantity().isBlank(), () -> name + ": " + one));
        });
        assertThrows(IllegalArgumentException.class, () -> new Published("GAL", "", "", "", "top-1, %", "71.95", "", Flag.QUOTED, ""));
        assertThrows(IllegalArgumentException.class, () -> new Published("GAL", "", "", "", "top-1, %", "not available", "a table", Flag.QUOTED, ""));
    }

    /** The means were taken of the same reading, rounded by hand. */
    @Test
    void theMainFiguresPointsHaveTheMeansThatWereReadOffWithThem() {
        Map<String, Double> means = Published.of("schedules-by-budget").stream()
                .collect(Collectors.groupingBy(Published::subject, Collectors.averagingDouble(one -> one.number().orElseThrow())));
        Map<String, List<Double>> read = Map.of("R56-B", List.of(-.42, -.15, -.13, .17), "R110-B", List.of(-.45, -.40, -.31, .07), "VGG-A",
                List.of(-.12, .12, .19, .24));
        read.forEach((plan, four) -> {
            for (int i = 0; i < 4; i++) {
                assertEquals(four.get(i), means.get(plan + ", l1 + " + List.of("FT", "LRW", "SLR", "CLR").get(i)), .0101, plan + " " + i);
            }
        });
        assertEquals(12, means.size());
        assertTrue(Published.of("schedules-by-budget").stream().allMatch(one -> one.flag() == Flag.READ_OFF && one.note().contains("+-0.0")));
    }

    @Test
    void whatSourcesDisagreeOnStandsThereTwice() {
        assertEquals(List.of("90.36, sources disagree", "91.58, sources disagree"), values("table-1-gal", "GAL-0.8", "ResNet-56", "accuracy, %"));
        assertEquals(List.of("90.82, quoted by others", "89.12, misprint copied"), values("table-1-gal", "GAL-0.5-joint", "ResNet-50", "top-5, %"));
        assertEquals(List.of("93.17, by its authors", "92.17, misprint copied"), values("table-3-random", "HRank", "ResNet-56", "accuracy, %"));
        assertEquals(List.of("32.54, without fine-tuning", "93.78, by its authors"), values("table-3-random", "network slimming, 70 %", "VGG-19", "accuracy, %"));
    }

    @Test
    void whatNobodyPrintsIsNotAvailable() {
        for (String table : List.of("table-1-gal", "table-2-taylor", "table-3-random")) {
            assertTrue(Published.of(table).stream().filter(one -> one.subject().contains("+ CLR")).allMatch(one -> one.number().isEmpty()), table);
        }
        assertEquals(List.of("74.50, quoted by others"), values("table-2-taylor", "Taylor-FO-BN-72", "ResNet-50", "top-1, %"));
        assertEquals(List.of("not available, not available"), values("table-2-taylor", "Taylor-FO-BN-56", "ResNet-50", "top-1, %"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Published.of("table-9")).getMessage().contains("table-1-gal"));
    }

    @Test
    void aTableHasARowForEachSourceAndFlag() {
        Table table = Published.table(Published.of("table-1-gal"));
        assertTrue(table.columnNames().containsAll(List.of("published", "top-1, %", "MACs, G", "source", "flag")), () -> table.columnNames().toString());
        assertEquals(2, table.where(table.stringColumn("published").isEqualTo("GAL-0.5-joint")).rowCount());
    }
}
