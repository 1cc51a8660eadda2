package org.lazuli.conformance;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.lazuli.conformance.report.Report;
import org.lazuli.spi.BackendProvider;

/// Runs the suite within a test, as JUnit would, and says what it found.
public final class SuiteRun {
    private static BackendProvider provider;
    private static String name;
    private static Map<String, String> gaps = Map.of();
    private static Report report;

    private SuiteRun() {}

    /// A backend author's class.
    static final class Conformance extends BackendConformance {
        @Override
        protected BackendProvider provider() {
            return provider;
        }

        @Override
        protected String reportName() {
            return name;
        }

        @Override
        protected Map<String, String> knownGaps() {
            return gaps;
        }

        @Override
        protected void finished(Report finished) {
            report = finished;
        }
    }

    /// The report on a backend.
    ///
    /// @param only the checks to run, as `lazuli.conformance.only` names them
    /// @param tries how many inputs to try, as a multiple of what is usual
    public static synchronized Report of(BackendProvider checked, String reportName, String only, double tries) {
        provider = checked;
        name = reportName;
        report = null;
        with(
                Settings.ONLY,
                only,
                () -> with(Settings.TRIES, Double.toString(tries), () -> {
                    run(Conformance.class);
                    return "";
                }));
        return Objects.requireNonNull(report, "the suite ends without a report");
    }

    /// The report on a backend whose author knows of gaps.
    public static synchronized Report of(BackendProvider checked, String only, Map<String, String> knownGaps) {
        gaps = knownGaps;
        try {
            return of(checked, "mutant-gaps", only, 1);
        } finally {
            gaps = Map.of();
        }
    }

    /// The backend that was checked last: what `provider()` stands for in the Java of its failures.
    public static BackendProvider lastProvider() {
        return provider;
    }

    /// Runs a test class, and keeps what it prints to itself.
    public static void run(Class<?> test) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(test))
                .build();
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            LauncherFactory.create().execute(request);
        } finally {
            System.setOut(out);
        }
    }

    private static String with(String property, String value, Supplier<String> body) {
        String before = System.setProperty(property, value);
        try {
            return body.get();
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }
}
