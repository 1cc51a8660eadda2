package org.lazuli.conformance.parity;

import java.util.Map;

/// What one kind of case computes and compares.
@FunctionalInterface
interface Kind {

    Map<String, Kind> ALL = Map.ofEntries(
            Map.entry("program", new ProgramKind()),
            Map.entry("dtype_table", new DtypeTableKind()),
            Map.entry("value", new ValueKind()),
            Map.entry("random_state", new RandomStateKind()),
            Map.entry("repr", new ReprKind()),
            Map.entry("tree", new TreeKind()),
            Map.entry("file", new FileKind()),
            Map.entry("file_save_error", new FileSaveErrorKind()),
            Map.entry("init", new InitKind()),
            Map.entry("module", new ModuleKind()),
            Map.entry("module_tree", new ModuleTreeKind()),
            Map.entry("nn_value_and_grad", new ValueAndGradKind()),
            Map.entry("optimizer", new OptimizerKind()),
            Map.entry("clip_grad_norm", new ClipGradNormKind()),
            Map.entry("schedule", new ScheduleKind()));

    /// Runs a case to its end.
    ///
    /// @throws Mismatch if a part of it gives something else than expected
    /// @throws Unmapped if it needs something that is not offered
    void run(Case one) throws Exception;
}
