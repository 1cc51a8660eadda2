package org.lazuli.conformance.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.util.List;

/// A report as JSON: the figures, then one line for each result, so that two reports can be compared line by line.
final class JsonText {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private JsonText() {}

    static String of(Report report) {
        List<Result> results = report.results();
        Figures figures = Report.figures(results);
        StringBuilder out = new StringBuilder("{\n");
        member("backend", GSON.toJson(report.backend()), out);
        member("device", GSON.toJson(report.device()), out);
        member("seed", Long.toString(report.seed()), out);
        member("cases", Integer.toString(figures.cases()), out);
        member("passed", Integer.toString(figures.passed()), out);
        member("failed", Integer.toString(figures.failed()), out);
        member("unsupported", Integer.toString(figures.unsupported()), out);
        member("knownGaps", Integer.toString(figures.knownGaps()), out);
        member("untested", Integer.toString(figures.untested()), out);
        out.append("  \"results\": [");
        String separator = "\n    ";
        for (Result result : results) {
            out.append(separator).append(GSON.toJson(json(result)));
            separator = ",\n    ";
        }
        return out.append(results.isEmpty() ? "]\n}\n" : "\n  ]\n}\n").toString();
    }

    private static void member(String name, String value, StringBuilder out) {
        out.append("  \"").append(name).append("\": ").append(value).append(",\n");
    }

    private static JsonObject json(Result result) {
        JsonObject object = new JsonObject();
        object.addProperty("operation", result.operation());
        object.addProperty("dtype", result.dtype());
        object.addProperty("check", result.check());
        object.addProperty("outcome", result.outcome().key());
        object.addProperty("inputs", result.inputs());
        if (result.reason() != null) {
            object.addProperty("reason", result.reason());
        }
        Failure failure = result.failure();
        if (failure != null) {
            object.add("failure", GSON.toJsonTree(failure));
        }
        return object;
    }
}
