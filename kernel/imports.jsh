// What a notebook and kernel/jshell can name from the start. Whole packages only: a class of the reader's own with the same
// simple name then comes first, as Java has it, and so does the reader's own import.
import java.io.*;
import java.math.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import java.util.prefs.*;
import java.util.regex.*;
import java.util.stream.*;
import tech.tablesaw.api.*;
import tech.tablesaw.columns.*;
import tech.tablesaw.plotly.api.*;
import org.espalier.engine.*;
import org.espalier.data.*;
import org.espalier.model.*;
import org.espalier.prune.*;
import org.espalier.method.*;
import org.espalier.train.*;
import org.espalier.study.*;
import org.espalier.study.statistics.*;
import org.espalier.study.store.*;
import org.espalier.study.sweep.*;
import org.espalier.report.*;
import static org.espalier.Espalier.*;
import static org.espalier.display.Display.*;
import static org.espalier.kernel.NotebookCalls.*;
