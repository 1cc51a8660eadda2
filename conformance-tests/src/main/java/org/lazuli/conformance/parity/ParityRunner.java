package org.lazuli.conformance.parity;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lazuli.Backends;

/// A program that runs a directory of reference results.
///
/// ```
/// mvn -q -P parity -Dparity="DIR --family F"
/// ```
///
/// The arguments are:
///
/// ```
/// DIR [--family F] [--case NAME] [--backend B] [--markdown FILE] [--unsupported FILE] [--fingerprints]
/// ```
///
/// It prints one line per family, `family: N passed, N failed, N unsupported`, with the first differing element of each failure, and at the
/// end the cases that differ on purpose and the names that are not mapped yet. `--markdown` writes the table of the documentation,
/// `--unsupported` the list of unsupported cases, and `--fingerprints` prints what `exclusions.txt` needs. The exit status is 1 if any case
/// failed, 2 if the arguments make no sense.
public final class ParityRunner {

    private static final String USAGE =
            "usage: ParityRunner DIR [--family F] [--case NAME] [--backend B] [--markdown FILE] [--unsupported FILE]"
                    + " [--fingerprints]";

    private ParityRunner() {}

    /// @param family null for all
    /// @param name of the one case to run, null for all
    private record Arguments(
            Path directory,
            @Nullable String family,
            @Nullable String name,
            @Nullable String backend,
            @Nullable Path markdown,
            @Nullable Path unsupported,
            boolean fingerprints) {

        static Arguments parse(List<String> arguments) {
            Deque<String> rest = new ArrayDeque<>(arguments);
            String directory = null;
            String family = null;
            String name = null;
            String backend = null;
            Path markdown = null;
            Path unsupported = null;
            boolean fingerprints = false;
            while (!rest.isEmpty()) {
                String argument = rest.pop();
                switch (argument) {
                    case "--family" -> family = value(argument, rest);
                    case "--case" -> name = value(argument, rest);
                    case "--backend" -> backend = value(argument, rest);
                    case "--markdown" -> markdown = Path.of(value(argument, rest));
                    case "--unsupported" -> unsupported = Path.of(value(argument, rest));
                    case "--fingerprints" -> fingerprints = true;
                    default -> {
                        if (argument.startsWith("-") || directory != null) {
                            throw new IllegalArgumentException("unknown argument " + argument);
                        }
                        directory = argument;
                    }
                }
            }
            if (directory == null) {
                throw new IllegalArgumentException("no directory");
            }
            return new Arguments(Path.of(directory), family, name, backend, markdown, unsupported, fingerprints);
        }

        private static String value(String option, Deque<String> rest) {
            if (rest.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return rest.pop();
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out));
    }

    /// Does what the program does, and returns its exit status.
    public static int run(List<String> arguments, PrintStream out) {
        try {
            return run(Arguments.parse(arguments), out);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.println(USAGE);
            return 2;
        } catch (IOException e) {
            out.println("cannot read or write: " + e);
            return 2;
        }
    }

    private static int run(Arguments arguments, PrintStream out) throws IOException {
        if (arguments.backend == null) {
            return runFamilies(arguments, out);
        }
        try (Backends.Scope _ = open(arguments.backend)) {
            return runFamilies(arguments, out);
        }
    }

    private static Backends.Scope open(String backend) {
        try {
            return Backends.use(backend);
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static int runFamilies(Arguments arguments, PrintStream out) throws IOException {
        Report report = new Report();
        for (String family : Corpus.families(arguments.directory)) {
            if (arguments.family == null || arguments.family.equals(family)) {
                run(arguments, family, report, out);
            }
        }
        if (report.families().isEmpty()) {
            throw new IllegalArgumentException("no such case in " + arguments.directory);
        }
        summarize(report, out);
        if (arguments.markdown != null) {
            Files.writeString(arguments.markdown, report.markdown());
        }
        if (arguments.unsupported != null) {
            Files.write(arguments.unsupported, report.unsupported());
        }
        return report.total().failed() > 0 ? 1 : 0;
    }

    private static void summarize(Report report, PrintStream out) {
        out.println("total: " + report.total());
        report.excluded()
                .forEach((reason, names) ->
                        out.println("different on purpose: " + reason + " " + String.join(", ", names)));
        if (!report.unmapped().isEmpty()) {
            out.println("not mapped yet: "
                    + report.unmapped().entrySet().stream()
                            .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                            .collect(Collectors.joining(", ")));
        }
    }

    private static void run(Arguments arguments, String family, Report report, PrintStream out) throws IOException {
        Report own = new Report();
        for (Case one : Corpus.family(arguments.directory, family).cases()) {
            if (arguments.name == null || arguments.name.equals(one.name())) {
                Outcome outcome = Outcome.of(one);
                own.add(one, outcome);
                report.add(one, outcome);
                if (arguments.fingerprints) {
                    out.println(family + "/" + one.name() + " " + Exclusions.fingerprint(one));
                }
            }
        }
        own.families().forEach((name, counts) -> out.println(name + ": " + counts));
        own.failures().forEach((name, difference) -> out.println("  FAILED " + name + ": " + difference));
    }

    /// Runs all cases of a directory.
    public static Report run(Path directory) throws IOException {
        Report report = new Report();
        for (String family : Corpus.families(directory)) {
            for (Case one : Corpus.family(directory, family).cases()) {
                report.add(one, Outcome.of(one));
            }
        }
        return report;
    }
}
