package org.espalier.report;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.train.Run;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

/** Tablesaw tables of this project's values. */
public final class Tables {
    private Tables() {
    }

    /** A row per epoch; accuracies in per cent. */
    public static Table history(Run run) {
        Table table = Table.create(run.toString(), IntColumn.create("epoch"), real("learning rate", 6), real("training loss", 4), real("training accuracy, %", 2),
                real("validation accuracy, %", 2), real("test loss", 4), real("test accuracy, %", 2), real("test top-5, %", 2), real("seconds", 1));
        run.history().forEach(epoch -> append(table, epoch.number(), epoch.learningRate(), epoch.trainLoss(), 100 * epoch.trainAccuracy(),
                100 * epoch.validationAccuracy().orElse(Double.NaN), epoch.testLoss(), 100 * epoch.testAccuracy(),
                100 * epoch.testTopFive().orElse(Double.NaN), epoch.seconds()));
        if (run.lastEpoch().testTopFive().isEmpty()) {
            table.removeColumns("test top-5, %");
        }
        if (run.bestOn().equals("test")) {
            table.removeColumns("validation accuracy, %");
        }
        return table;
    }

    /** A row per run, side by side; accuracies on the test split, in per cent. */
    public static Table runs(List<Run> runs) {
        Table table = Table.create("Runs", StringColumn.create("run"), StringColumn.create("network"), StringColumn.create("data"), IntColumn.create("epochs"),
                LongColumn.create("parameters"), real("start, %", 2), real("last, %", 2), real("best, %", 2), IntColumn.create("best epoch"), real("seconds", 1));
        runs.forEach(run -> append(table, run.name(), run.network().architecture().text(), run.dataset(), run.history().size(),
                run.network().architecture().parameters(), 100 * run.start().accuracy(), 100 * run.last(), 100 * run.best(),
                run.hasBest() ? run.bestEpoch().number() : null, run.seconds()));
        return table;
    }

    /**
     * What networks cost, against the first of them: parameters, multiply-adds of one image, and the measured time of one image in a batch
     * on this machine; where ONNX Runtime is on the class path, its time, too, since that is where networks are deployed.
     *
     * @param height of an image
     */
    public static Table cost(int height, int width, List<Network> networks) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("cost needs at least one network; the others are compared with the first");
        }
        Table table = Table.create("Cost for an image of " + height + " x " + width, StringColumn.create("network"), LongColumn.create("parameters"),
                real("parameters removed, %", 1), real("million MACs", 2), real("MACs removed, %", 1), real("ms per image", 3), real("times faster", 2));
        Architecture first = networks.get(0).architecture();
        double[] latencies = Latency.of(networks, height, width);
        for (int row = 0; row < latencies.length; row++) {
            Architecture architecture = networks.get(row).architecture();
            append(table, architecture.text(), architecture.parameters(), 100 * (1 - (double) architecture.parameters() / first.parameters()),
                    architecture.macs(height, width) / 1e6, 100 * (1 - (double) architecture.macs(height, width) / first.macs(height, width)),
                    1e3 * latencies[row], latencies[0] / latencies[row]);
        }
        Latency.ofOnnxRuntime(networks, height, width).ifPresent(seconds -> {
            DoubleColumn[] columns = {real("ONNX Runtime, ms per image", 3), real("ONNX Runtime, times faster", 2)};
            for (double taken : seconds) {
                columns[0].append(1e3 * taken);
                columns[1].append(seconds[0] / taken);
            }
            table.addColumns(columns);
        });
        return table;
    }

    /** Adds a row, a value of the column's type for each column; null stays empty. */
    static void append(Table table, Object... values) {
        for (int i = 0; i < values.length; i++) {
            table.column(i).appendObj(values[i]);
        }
    }

    /** A column of numbers that shows so many digits behind the point; what isn't known stays empty. */
    public static DoubleColumn real(String name, int digits) {
        DoubleColumn column = DoubleColumn.create(name);
        column.setPrintFormatter(NumberColumnFormatter.fixedWithGrouping(digits));
        return column;
    }
}
