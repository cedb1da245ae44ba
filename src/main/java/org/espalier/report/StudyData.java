package org.espalier.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.prune.Plan;
import org.espalier.study.DataTitle;
import org.espalier.study.Grid;
import org.espalier.study.Matched;
import org.espalier.study.Result;
import org.espalier.study.Scale;
import org.espalier.study.Spec;
import org.espalier.study.Treatment;
import org.espalier.study.statistics.Claim;
import org.espalier.study.statistics.Family;
import org.espalier.study.store.Originals;
import org.espalier.study.store.Store;
import org.espalier.data.DatasetRegistry;
import tech.tablesaw.api.Table;

/**
 * A study at a scale: its grid and its claims, read from the text files in {@code notebooks/studies/NAME/}, and the results that there are, from
 * the CSV files of this scale in {@code results/} and from the store in {@code target/studies/NAME-SCALE}.
 *
 * <pre>
 * notebooks/studies/figure-2/laptop.txt      the grid
 * notebooks/studies/figure-2/laptop-*.txt    arms beyond it, which no claim needs
 * notebooks/studies/figure-2/claims.txt      the tests, of scale laptop; claims-SCALE.txt of the others
 * </pre>
 *
 * @param parts  the grid first, then the arms beyond it
 * @param claims empty where no tests were written down
 */
public record StudyData(String name, Scale scale, Path root, List<StudyPart> parts, Optional<Family> claims) {
    public StudyData {
        parts = List.copyOf(parts);
    }

    /**
     * For a notebook: at scale smoke it measures what is missing, a minute's work. At other scales, where that takes hours, it only looks, unless
     * the environment variable {@code ESPALIER_MEASURE} is {@code yes}.
     */
    public static StudyData forNotebook(String name) {
        StudyData there = of(name, Scale.current(), StudyFolder.root(Path.of("").toAbsolutePath()));
        return there.scale == Scale.SMOKE || "yes".equals(System.getenv("ESPALIER_MEASURE")) ? there.measured() : there;
    }

    /**
     * Looks what is there, and runs nothing.
     *
     * @param root of the checkout
     */
    public static StudyData of(String name, Scale scale, Path root) {
        StudyFolder folder = new StudyFolder(name, scale, root);
        try (Store store = folder.store()) {
            List<StudyPart> parts = new ArrayList<>();
            for (Path file : folder.grids()) {
                parts.add(part(root.relativize(file), Files.readString(file), parts, store));
            }
            return new StudyData(name, scale, root, parts, folder.claims().map(Family::read));
        } catch (IOException e) {
            throw new UncheckedIOException("the study " + folder.path() + " can't be read: " + e.getMessage(), e);
        }
    }

    private static StudyPart part(Path file, String text, List<StudyPart> before, Store store) {
        if (!Matched.describes(text)) {
            List<Spec> specs = Grid.parse(text);
            return new StudyPart(file, specs, store.results(Store.withOriginals(specs)));
        }
        Matched matched = Matched.of(text, before.stream().flatMap(part -> part.retrainings().stream()).distinct().toList());
        return new StudyPart(file, matched.specs(), store.results(Store.withOriginals(matched.specs())), matched.names());
    }

    private StudyFolder folder() {
        return new StudyFolder(name, scale, root);
    }

    /** Runs what the grid lacks, then what follows from its rows, and exports all results and their originals to {@code results/}, but for those of scale smoke. */
    public StudyData measured() {
        try (Store store = folder().store()) {
            Watching.sweep(parts.get(0).specs(), store, DatasetRegistry.ofUser()).complete();
            List<StudyPart> now = of(name, scale, root).parts;
            List<Spec> following = now.stream().filter(part -> !part.names().isEmpty()).flatMap(part -> part.specs().stream()).toList();
            if (!following.isEmpty()) {
                Watching.sweep(following, store, DatasetRegistry.ofUser()).complete();
            }
            if (scale != Scale.SMOKE) {
                List<Spec> all = now.stream().flatMap(part -> part.specs().stream()).distinct().toList();
                store.originals().export(store.results(Store.withOriginals(all)), root.resolve("results").resolve(Originals.FOLDER));
                store.export(folder().csv(), all);
            }
        }
        return of(name, scale, root);
    }

    /** Another study at the same scale, as far as it has been measured: nothing is run. */
    public StudyData beside(String other) {
        return of(other, scale, root);
    }

    /** What others have printed about the same, on data whose name begins so. */
    public Table published(String data) {
        return Published.find(name).map(values -> Published.table(values.stream().filter(one -> one.data().startsWith(data)).toList())).orElseGet(() -> Table.create("Nothing published is kept for " + name));
    }

    /** The grid's retrainings, the control included. */
    public List<Result> results() {
        return parts.get(0).retrainings();
    }

    /** Those of all parts. */
    public List<Result> retrainings() {
        return parts.stream().flatMap(part -> part.retrainings().stream()).distinct().toList();
    }

    /** All that the grid asks for, measured or not, and what is beyond it: by what the arm is called, and by budget. */
    Map<String, Map<Integer, List<Spec>>> arms() {
        List<Spec> own = Stream.concat(parts.stream().limit(1), beyond().stream()).filter(part -> part.names().isEmpty()).flatMap(part -> part.specs().stream()).filter(spec -> !spec.isOriginal())
                .distinct().toList();
        Map<String, Map<Integer, List<Spec>>> arms = new LinkedHashMap<>();
        Studies.namesOf(own).forEach((treatment, called) -> own.stream().filter(spec -> Treatment.of(spec).equals(treatment)).forEach(spec -> add(arms, called, spec)));
        parts.forEach(part -> part.specs().stream().filter(part.names()::containsKey).forEach(spec -> add(arms, part.names().get(spec), spec)));
        return arms;
    }

    private static void add(Map<String, Map<Integer, List<Spec>>> arms, String arm, Spec spec) {
        arms.computeIfAbsent(arm, name -> new TreeMap<>()).computeIfAbsent(spec.epochs(), epochs -> new ArrayList<>()).add(spec);
    }

    /** The budgets of the grid, ascending. */
    public List<Integer> budgets() {
        return parts.get(0).specs().stream().map(Spec::epochs).filter(epochs -> epochs > 0).distinct().sorted().toList();
    }

    /** What this study's rows say about the grid's plan and a budget; those of studies beside it aren't asked. */
    public Recommendation recommend(int epochs) {
        Plan plan = Plan.parse(parts.get(0).specs().stream().filter(spec -> !spec.isOriginal()).findFirst().orElseThrow().plan());
        return Recommendation.of(plan, epochs, retrainings());
    }

    /** Those of pruned networks. */
    public List<Result> pruned() {
        return results().stream().filter(result -> !Treatment.of(result.spec()).isUnpruned()).toList();
    }

    /** Those of networks that nothing was pruned from. */
    public List<Result> control() {
        return results().stream().filter(result -> Treatment.of(result.spec()).isUnpruned()).toList();
    }

    /** The original networks of this study's data and network, however long they were trained. */
    public List<Result> originals() {
        Spec spec = parts.get(0).specs().get(0);
        return parts.stream().flatMap(part -> part.results().stream()).filter(result -> result.spec().isOriginal()
                && result.spec().data().equals(spec.data()) && result.spec().network().equals(spec.network())).distinct().toList();
    }

    /** Arms beyond the grid that have retrainings. */
    public List<StudyPart> beyond() {
        return parts.stream().skip(1).filter(part -> !part.retrainings().isEmpty()).toList();
    }

    /**
     * The tests, corrected for their number, each judged by the results of this study and of those beside it: whatever has the grid's data, original
     * training and recipe.
     */
    public List<Claim> judged(StudyData... beside) {
        Spec grid = parts.get(0).specs().get(0);
        Map<Spec, Result> asked = new LinkedHashMap<>();
        Stream.concat(Stream.of(this), Stream.of(beside)).flatMap(study -> study.retrainings().stream())
                .filter(result -> Stream.of("data", "original", "recipe").allMatch(field -> result.spec().fields().get(field).equals(grid.fields().get(field))))
                .forEach(result -> asked.putIfAbsent(result.spec(), result));
        return claims.map(family -> family.judge(List.copyOf(asked.values()))).orElse(List.of());
    }

    /** The grid's own text, as every other way to run it reads it. */
    public String grid() {
        try {
            return Files.readString(root.resolve(parts.get(0).file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the numbers of a page come from, in a sentence. */
    public String source() {
        String files = folder().measured().stream().map(file -> root.relativize(file).toString()).collect(Collectors.joining(", "));
        return "Java " + Runtime.version() + ". What is measured above follows from " + (scale == Scale.SMOKE ? "the rows of this run."
                : files.isEmpty() ? "no rows: there are none yet." : "rows of " + files + ".");
    }

    /** {@code ResNet-20 on CIFAR-10 (JPEG q75), R20-D, scale laptop}. */
    public String title() {
        Spec spec = parts.get(0).specs().get(0);
        String plans = parts.get(0).specs().stream().filter(other -> !other.isOriginal()).map(Treatment::of).filter(treatment -> !treatment.isUnpruned())
                .map(Treatment::plan).distinct().collect(Collectors.joining(" and "));
        return Studies.network(spec.network()) + " on " + DataTitle.source(spec.data()) + ", " + plans + ", scale " + scale;
    }

    /** The command that measures what these lack. It exports the rows of the others, too: their file is written anew. */
    private String sweep(List<StudyPart> lacking) {
        Path csv = root.relativize(folder().csv());
        return "  environment/espalier sweep " + parts.stream().filter(part -> lacking.contains(part) || !part.retrainings().isEmpty())
                .map(part -> part.file().toString()).collect(Collectors.joining(" "))
                + folder().measured().stream().map(file -> " --include " + root.relativize(file)).collect(Collectors.joining())
                + (parts.get(0).specs().get(0).data().startsWith("folder:") ? " --data FOLDER" : "")
                + " --export " + csv + " --originals " + csv.resolveSibling(Originals.FOLDER);
    }

    /** What is there, and how the rest is measured. */
    @Override
    public String toString() {
        StudyPart grid = parts.get(0);
        List<StudyPart> following = parts.stream().filter(part -> !part.names().isEmpty() && part.missing() > 0).toList();
        String rest = grid.missing() > 0 ? "; this measures the rest:\n" + sweep(List.of(grid))
                : following.isEmpty() ? "" : "; this measures what follows from these rows:\n" + sweep(following);
        return title() + ": " + (grid.specs().size() - grid.missing()) + " of " + grid.specs().size() + " results are there" + rest;
    }
}
