package org.espalier.study;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;

/** What a data set is called where results are shown; its canonical name may be a hash of its files. */
public final class DataTitle {
    private static final Properties TITLES = titles();

    private DataTitle() {
    }

    /** {@code CIFAR-10 (JPEG q75), 2,000 training images a class}; what isn't known keeps its canonical name. */
    public static String of(String canonicalName) {
        List<String> steps = List.of(canonicalName.split("/"));
        StringBuilder title = new StringBuilder(source(canonicalName));
        for (String step : steps.subList(1, steps.size())) {
            String[] taken = step.startsWith("take=") ? step.substring(5).split(",") : new String[0];
            title.append(", ").append(taken.length == 1 ? grouped(taken[0]) + " training images a class"
                    : taken.length == 2 ? grouped(taken[0]) + " training and " + grouped(taken[1]) + " test images a class" : step);
        }
        return title.toString();
    }

    /** Without what was taken of it: {@code CIFAR-10 (JPEG q75)}. */
    public static String source(String canonicalName) {
        String source = canonicalName.split("/")[0];
        return TITLES.getProperty(source, source);
    }

    private static String grouped(String number) {
        return number.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
    }

    private static Properties titles() {
        try (Reader in = new InputStreamReader(DataTitle.class.getResourceAsStream("/org/espalier/study/datasets.properties"), StandardCharsets.UTF_8)) {
            Properties titles = new Properties();
            titles.load(in);
            return titles;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
