package org.lazuli.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.lazuli.Backends;
import org.lazuli.DType;
import org.lazuli.conformance.report.Outcome;
import org.lazuli.conformance.report.Report;
import org.lazuli.conformance.report.Result;
import org.lazuli.spi.Availability;
import org.lazuli.spi.Backend;
import org.lazuli.spi.BackendProvider;
import org.lazuli.spi.MemoryStats;
import org.opentest4j.AssertionFailedError;

/// The conformance suite: a test class of a backend extends this one and names its provider. There is nothing to configure.
///
/// ```java
/// class MyBackendConformanceTest extends BackendConformance {
///     @Override
///     protected BackendProvider provider() {
///         return new MyBackendProvider();
///     }
/// }
/// ```
///
/// Each check of each operation on each dtype is a test. The table is printed and written to `target/conformance` at the end, as JSON, Markdown and a page.
///
/// | system property | |
/// |---|---|
/// | `lazuli.conformance.only` | which checks to run: `Unary.EXP/float32/values`, `MatMul`, `*/bfloat16`, several parted by commas |
/// | `lazuli.conformance.tries` | how many inputs to try, as a multiple of what is usual: `0.2`, `10` |
/// | `lazuli.conformance.seed` | another number draws other inputs |
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendConformance {
    private final Settings settings = Settings.read();
    private final Map<String, Result> results = new LinkedHashMap<>();
    private final Set<String> gaps = new LinkedHashSet<>();
    private List<Check> demanded = List.of();
    private @Nullable Backend backend;
    private @Nullable Oracle oracle;
    private Backends.@Nullable Scope scope;
    private MemoryStats kernelsBefore = new MemoryStats(0, 0, 0, 0, 0, 0);
    private MemoryStats arraysBefore = kernelsBefore;

    /// The provider of the backend to check. Its availability is a condition: where it is not available all tests fail with the reason.
    protected abstract BackendProvider provider();

    /// The name of the report's files, where the provider's name is not enough.
    protected String reportName() {
        return provider().name();
    }

    /// Why the backend does not support an operation on a dtype, for the report. It does not make anything unsupported: the backend's answer decides, and
    /// its refusal is proved.
    protected String unsupported(String operation, String dtype) {
        return "the backend does not support it";
    }

    /// Checks that fail and are known to, by a pattern as in `lazuli.conformance.only`, each with the reason. One that passes is a failure: then the entry has to go.
    protected Map<String, String> knownGaps() {
        return Map.of();
    }

    @BeforeAll
    final void open() {
        BackendProvider provider = provider();
        if (provider.availability() instanceof Availability.Unavailable(String reason)) {
            throw new IllegalStateException("backend '" + provider.name() + "' is not available: " + reason);
        }
        backend = provider.open();
        oracle = new Oracle();
        scope = Backends.use(provider);
        demanded = table();
        kernelsBefore = backend.memory();
        arraysBefore = Collected.stats();
    }

    /// Every check that there is to make, in order.
    private List<Check> table() {
        Backend device = Objects.requireNonNull(backend);
        Oracle judge = Objects.requireNonNull(oracle);
        String expression = expression();
        List<Check> checks = new ArrayList<>(new BackendChecks(provider(), device, settings).all());
        checks.addAll(new RuntimeChecks(provider(), device).all());
        KernelChecks kernels = new KernelChecks(device, judge, expression, settings);
        for (Row row : Rows.ALL) {
            for (DType dtype : row.dtypes()) {
                checks.addAll(kernels.of(row, dtype));
            }
        }
        checks.addAll(new GraphLevelChecks(device, settings).all());
        return new ArrayList<>(
                checks.stream().filter(check -> settings.selects(check.id())).toList());
    }

    /// A Java expression for the provider.
    private String expression() {
        Class<?> type = provider().getClass();
        return type.isAnonymousClass() || type.isHidden() ? "provider()" : "new " + type.getCanonicalName() + "()";
    }

    /// A container for each operation, in it one for each dtype, in it a test for each check; last whether all memory came back.
    @TestFactory
    final Stream<DynamicNode> conformance() {
        Map<String, Map<String, List<DynamicTest>>> tree = new LinkedHashMap<>();
        for (Check check : demanded) {
            tree.computeIfAbsent(check.operation(), key -> new LinkedHashMap<>())
                    .computeIfAbsent(check.dtype(), key -> new ArrayList<>())
                    .add(DynamicTest.dynamicTest(check.id(), () -> run(check)));
        }
        return tree.entrySet().stream().map(operation -> {
            List<DynamicNode> nodes = new ArrayList<>();
            operation.getValue().forEach((dtype, tests) -> {
                if (dtype.isEmpty()) {
                    nodes.addAll(tests);
                } else {
                    nodes.add(DynamicContainer.dynamicContainer(dtype, tests));
                }
            });
            return DynamicContainer.dynamicContainer(operation.getKey(), leakless(operation.getKey(), nodes));
        });
    }

    /// The tests, and after them that all memory came back.
    private Stream<DynamicNode> leakless(String operation, List<DynamicNode> nodes) {
        Check leaks = new Check(operation, "", "leaks", seed -> leaked());
        demanded.add(leaks);
        List<DynamicNode> all = new ArrayList<>(nodes);
        all.add(DynamicTest.dynamicTest(leaks.id(), () -> run(leaks)));
        return all.stream();
    }

    /// What kernels were run on came back at once; what arrays held, once the garbage collector has looked.
    private Tally leaked() {
        Tally tally = new Tally();
        tally.ran();
        MemoryStats kernels = Objects.requireNonNull(backend).memory();
        MemoryStats arrays = Collected.stats(arraysBefore);
        // Each operation answers for its own.
        MemoryStats kernelsWere = kernelsBefore;
        MemoryStats arraysWere = arraysBefore;
        kernelsBefore = kernels;
        arraysBefore = arrays;
        if (!Collected.isSame(kernels, kernelsWere)) {
            return tally.with(Finding.of(kernels + " after the tests", kernelsWere + " before them", "", ""));
        }
        if (!Collected.isSame(arrays, arraysWere)) {
            return tally.with(Finding.of(arrays + " after the tests of arrays", arraysWere + " before them", "", ""));
        }
        return tally;
    }

    private void run(Check check) {
        Tally tally;
        try {
            tally = check.body().run(settings.seed(check.id()));
        } catch (RuntimeException | AssertionError e) {
            tally = new Tally();
            tally.ran();
            tally = tally.with(Finding.thrown(e, "no exception", "", ""));
        }
        record(check, tally);
    }

    /// Puts down what came of a check, and fails its test if that is wrong.
    private void record(Check check, Tally tally) {
        Result result = result(check, tally);
        results.put(check.id(), result);
        if (result.failure() != null && result.outcome() == Outcome.FAILED) {
            throw new AssertionFailedError(check.id() + "\n" + result.failure());
        }
        if (result.outcome() == Outcome.UNTESTED) {
            throw new AssertionFailedError(check.id() + " is untested: " + result.reason());
        }
    }

    private Result result(Check check, Tally tally) {
        String operation = check.operation();
        String dtype = check.dtype();
        Finding finding = tally.finding();
        String gap = gap(check.id());
        if (gap != null) {
            return finding == null
                    ? Result.failed(
                            operation,
                            dtype,
                            check.name(),
                            tally.inputs(),
                            Finding.of("it passes", "a known gap: " + gap + "; remove the entry", "", "")
                                    .failure(command(check)))
                    : Result.knownGap(
                            operation, dtype, check.name(), tally.inputs(), gap, finding.failure(command(check)));
        }
        if (finding != null) {
            return Result.failed(operation, dtype, check.name(), tally.inputs(), finding.failure(command(check)));
        }
        if (tally.inputs() == 0) {
            return Result.untested(operation, dtype, check.name(), "no input was tried");
        }
        return tally.isRefused()
                ? Result.unsupported(operation, dtype, check.name(), tally.inputs(), unsupported(operation, dtype))
                : Result.passed(operation, dtype, check.name(), tally.inputs());
    }

    private @Nullable String gap(String id) {
        for (Map.Entry<String, String> gap : knownGaps().entrySet()) {
            if (Settings.matches(gap.getKey(), id)) {
                gaps.add(gap.getKey());
                return gap.getValue();
            }
        }
        return null;
    }

    private String command(Check check) {
        return "mvn test -Dtest=" + getClass().getSimpleName() + " -D" + Settings.ONLY + "=\"" + check.id() + "\""
                + (settings.seed() == 0 ? "" : " -D" + Settings.SEED + "=" + settings.seed());
    }

    /// Writes the report, and fails if something was left untested.
    @AfterAll
    final void report() {
        Backend device = backend;
        if (device == null) {
            return;
        }
        String words = device.device();
        Objects.requireNonNull(scope).close();
        device.close();
        Objects.requireNonNull(oracle).close();
        Report report = new Report(reportName(), words, settings.seed());
        int untested = 0;
        for (Check check : demanded) {
            Result result = results.get(check.id());
            if (result == null) {
                result = Result.untested(check.operation(), check.dtype(), check.name(), "its test did not run");
            }
            untested += result.outcome() == Outcome.UNTESTED ? 1 : 0;
            results.put(check.id(), result);
        }
        results.values().forEach(report::add);
        System.out.println(report.table());
        report.write(Path.of("target", "conformance")).forEach(path -> System.out.println(path));
        finished(report);
        if (untested > 0) {
            throw new AssertionFailedError(untested + " checks are untested");
        }
        if (settings.only().isEmpty() && !gaps.containsAll(knownGaps().keySet())) {
            throw new AssertionFailedError(
                    "known gaps that no check has: " + knownGaps().keySet() + " minus " + gaps);
        }
    }

    /// Called with the report when it is complete; does nothing. For a test that reads it.
    protected void finished(Report report) {}
}
