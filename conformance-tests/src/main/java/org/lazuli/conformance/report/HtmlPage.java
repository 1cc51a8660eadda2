package org.lazuli.conformance.report;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// A report as one page that needs no other file and no network.
///
/// The table, the failures and the reasons are plain markup, so the page says all that matters without its script. The script filters by outcome and
/// name, keeps the choice in the address (`#outcome=failed&name=exp`), and opens the checks of a cell (`#cell=exp/float32`).
final class HtmlPage {
    /// Escapes what would end a script element.
    private static final Gson GSON = new Gson();

    private final Report report;
    private final List<Result> results;
    private final Grid grid;
    private final StringBuilder out = new StringBuilder();

    private HtmlPage(Report report) {
        this.report = report;
        this.results = report.results();
        this.grid = new Grid(results);
    }

    static String of(Report report) {
        return new HtmlPage(report).write();
    }

    private String write() {
        Figures figures = Report.figures(results);
        line("<!doctype html>");
        line("<html lang=\"en\">");
        line("<meta charset=\"utf-8\">");
        line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        line("<meta name=\"color-scheme\" content=\"light dark\">");
        line(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src"
                        + " 'unsafe-inline'\">");
        line("<title>Conformance of " + text(report.backend()) + ": " + text(figures.toString()) + "</title>");
        line("<style>\n" + resource("page.css") + "</style>");
        line("<header>");
        line("<h1>Conformance of " + text(report.backend()) + "</h1>");
        line("<p>" + text(report.device()) + " <span class=\"seed\">seed <code>" + report.seed()
                + "</code></span></p>");
        line("</header>");
        filters(figures);
        line("<main>");
        table();
        failures();
        reasons("Untested", Outcome.UNTESTED);
        reasons("Known gaps", Outcome.KNOWN_GAP);
        reasons("Unsupported", Outcome.UNSUPPORTED);
        line("</main>");
        line(
                "<dialog id=\"checks\" aria-labelledby=\"checks-title\"><form method=\"dialog\"><h2 id=\"checks-title\"></h2>"
                        + "<button aria-label=\"Close\">✕</button></form><table><thead><tr><th scope=\"col\">check</th><th scope=\"col\">"
                        + "outcome</th><th scope=\"col\">inputs</th><th scope=\"col\">reason</th></tr></thead><tbody></tbody></table></dialog>");
        line("<script type=\"application/json\" id=\"data\">" + data() + "</script>");
        line("<script>\n" + resource("page.js") + "</script>");
        return out.toString();
    }

    private void filters(Figures figures) {
        line("<form role=\"search\">");
        line("<div class=\"figures\" role=\"group\" aria-label=\"Filter by outcome\">");
        line("<button type=\"button\" data-filter=\"\" aria-pressed=\"true\"><strong>" + figures.cases()
                + "</strong> cases</button>");
        for (Outcome outcome : Outcome.values()) {
            int count = figures.count(outcome);
            line("<button type=\"button\" data-filter=\"" + outcome.key() + "\" aria-pressed=\"false\" class=\""
                    + outcome.key() + (count == 0 ? " zero" : "") + "\"><strong>" + count
                    + "</strong> <span aria-hidden=\"true\">"
                    + mark(outcome) + "</span> " + plural(outcome, count) + "</button>");
        }
        line("</div>");
        line(
                "<label>Operation <input type=\"search\" id=\"name\" placeholder=\"any\" spellcheck=\"false\" autocomplete=\"off\"></label>");
        line("<output id=\"shown\">" + grid.operations().size() + " operations</output>");
        line("</form>");
    }

    private void table() {
        line("<section aria-labelledby=\"grid-title\">");
        line("<h2 id=\"grid-title\">Operations and dtypes</h2>");
        line("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"grid-title\">");
        line("<table id=\"grid\">");
        line("<caption>The number of checks with each outcome. A cell opens its checks.</caption>");
        out.append("<thead><tr><th scope=\"col\">operation</th>");
        grid.dtypes()
                .forEach(dtype -> out.append("<th scope=\"col\">")
                        .append(text(Grid.heading(dtype)))
                        .append("</th>"));
        line("</tr></thead>");
        line("<tbody>");
        for (String operation : grid.operations()) {
            out.append("<tr data-operation=\"").append(text(operation)).append("\"><th scope=\"row\">");
            out.append(text(operation)).append("</th>");
            for (String dtype : grid.dtypes()) {
                cell(dtype, grid.cell(operation, dtype));
            }
            line("</tr>");
        }
        line("</tbody>");
        line("</table>");
        line("</div>");
        line("</section>");
    }

    private void cell(String dtype, List<Result> cell) {
        if (cell.isEmpty()) {
            out.append("<td></td>");
            return;
        }
        out.append("<td data-dtype=\"").append(text(dtype)).append("\"><button type=\"button\">");
        Figures figures = Report.figures(cell);
        for (Outcome outcome : Outcome.values()) {
            int count = figures.count(outcome);
            if (count > 0) {
                out.append("<span class=\"")
                        .append(outcome.key())
                        .append("\" title=\"")
                        .append(count)
                        .append(' ');
                out.append(plural(outcome, count))
                        .append("\"><i aria-hidden=\"true\">")
                        .append(mark(outcome));
                out.append("</i>")
                        .append(count)
                        .append("<b> ")
                        .append(plural(outcome, count))
                        .append("</b></span>");
            }
        }
        out.append("</button></td>");
    }

    private void failures() {
        List<Result> failures = results.stream()
                .filter(result -> result.outcome() == Outcome.FAILED)
                .toList();
        if (failures.isEmpty()) {
            return;
        }
        line("<section data-outcome=\"failed\" aria-labelledby=\"failed-title\">");
        line("<h2 id=\"failed-title\">Failures</h2>");
        for (Result result : failures) {
            failure(result);
        }
        line("</section>");
    }

    private void failure(Result result) {
        Failure failure = result.failure();
        if (failure == null) {
            return;
        }
        line("<article data-operation=\"" + text(result.operation()) + "\" data-dtype=\"" + text(result.dtype())
                + "\" data-check=\"" + text(result.check()) + "\">");
        line("<h3>" + text(result.operation()) + " <small>" + text(result.dtype()) + "</small> " + text(result.check())
                + "</h3>");
        line("<dl>");
        part("got", failure.got());
        part("reference", failure.reference());
        part("error", failure.error());
        part("allowed", failure.allowed());
        part("input", failure.input());
        part("Java", failure.java());
        part("command", failure.command());
        line("</dl>");
        line("</article>");
    }

    private void part(String name, String value) {
        if (!value.isEmpty()) {
            line("<dt>" + name + "</dt><dd><pre>" + text(value.strip()) + "</pre></dd>");
        }
    }

    private void reasons(String title, Outcome outcome) {
        var reasons = Grid.reasons(results, outcome);
        if (reasons.isEmpty()) {
            return;
        }
        String id = outcome.key() + "-title";
        line("<section data-outcome=\"" + outcome.key() + "\" aria-labelledby=\"" + id + "\">");
        line("<h2 id=\"" + id + "\">" + title + "</h2>");
        reasons.forEach((reason, operations) -> {
            line("<article><h3>" + text(reason) + "</h3><ul>");
            operations.forEach((operation, dtypes) -> line("<li data-operation=\"" + text(operation) + "\">"
                    + text(operation)
                    + " <small>"
                    + dtypes.stream().map(Grid::heading).map(HtmlPage::text).collect(Collectors.joining(", "))
                    + "</small></li>"));
            line("</ul></article>");
        });
        line("</section>");
    }

    /// The checks of each cell, for the script: operation → dtype → [check, outcome, inputs, reason].
    private String data() {
        JsonObject operations = new JsonObject();
        for (String operation : grid.operations()) {
            JsonObject row = new JsonObject();
            for (String dtype : grid.dtypes()) {
                JsonArray checks = new JsonArray();
                for (Result result : grid.cell(operation, dtype)) {
                    JsonArray check = new JsonArray();
                    check.add(result.check());
                    check.add(result.outcome().key());
                    check.add(result.inputs());
                    String reason = result.reason();
                    if (reason != null) {
                        check.add(reason);
                    }
                    checks.add(check);
                }
                if (!checks.isEmpty()) {
                    row.add(dtype, checks);
                }
            }
            operations.add(operation, row);
        }
        return GSON.toJson(operations);
    }

    /// A sign that tells an outcome without its colour.
    private static String mark(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> "✓";
            case FAILED -> "✗";
            case UNSUPPORTED -> "–";
            case KNOWN_GAP -> "△";
            case UNTESTED -> "?";
        };
    }

    private static String plural(Outcome outcome, int count) {
        return outcome == Outcome.KNOWN_GAP && count != 1 ? "known gaps" : outcome.toString();
    }

    private void line(String markup) {
        out.append(markup).append('\n');
    }

    private static String text(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the suite's jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
