package org.lazuli.conformance.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The page, opened in a browser, says what the report says: everything at first, and with a filter what was asked for.
@DisabledIfSystemProperty(named = "lazuli.test.vector", matches = "off", disabledReason = "the page knows no vectors")
class HtmlPageTest {
    private static final Pattern ROW =
            Pattern.compile("<tr data-operation=\"([^\"]*)\"( hidden=\"\")?>(.*?)</tr>", Pattern.DOTALL);
    private static final Pattern CELL = Pattern.compile("<td data-dtype=\"([^\"]*)\">(.*?)</td>", Pattern.DOTALL);
    private static final Pattern COUNT =
            Pattern.compile("<span class=\"([^\"]*)\"[^>]*?( hidden=\"\")?><i[^>]*>.</i>(\\d+)<b>");
    private static final Pattern FIGURE = Pattern.compile(
            "<button type=\"button\" data-filter=\"([^\"]*)\" aria-pressed=\"(\\w+)\"[^>]*><strong>(\\d+)</strong>");
    private static final Pattern FAILURE = Pattern.compile(
            "<article data-operation=\"([^\"]*)\" data-dtype=\"([^\"]*)\" data-check=\"([^\"]*)\"( hidden=\"\")?>(.*?)</article>",
            Pattern.DOTALL);
    private static final Pattern PART = Pattern.compile("<dt>(\\w+)</dt><dd><pre>(.*?)</pre>", Pattern.DOTALL);
    private static final Pattern SECTION = Pattern.compile("<section data-outcome=\"([^\"]*)\"[^>]*?( hidden=\"\")?>");

    private final Report report = Samples.mixed();

    @TempDir
    Path directory;

    @Test
    void thePageNeedsNothingElse() {
        String page = report.html();
        for (String reference :
                List.of("http:", "https:", "src=", "href=", "url(", "@import", "<link", "<img", "fetch(")) {
            assertFalse(page.contains(reference), reference);
        }
        assertTrue(page.contains("default-src 'none'"), "the browser is told so");
    }

    @Test
    void theTableReadBackIsTheReports() throws Exception {
        String markup = load("");
        Figures figures = report.figures();
        Map<String, Integer> read = new TreeMap<>();
        all(FIGURE, markup).forEach(match -> read.put(match.group(1), Integer.valueOf(match.group(3))));
        Map<String, Integer> expected = new TreeMap<>(Map.of("", figures.cases()));
        Stream.of(Outcome.values()).forEach(outcome -> expected.put(outcome.key(), figures.count(outcome)));
        assertEquals(expected, read);
        assertEquals(cells(report.results()), cells(markup));
        assertTrue(markup.contains("<output id=\"shown\">8 operations</output>"));
        assertTrue(markup.contains(
                "<tr><th scope=\"col\">operation</th><th scope=\"col\">any</th><th scope=\"col\">bool</th>"
                        + "<th scope=\"col\">int32</th><th scope=\"col\">bfloat16</th><th scope=\"col\">float32</th>"
                        + "<th scope=\"col\">float64</th><th scope=\"col\">complex64</th></tr>"));
    }

    @Test
    void eachFailureHasItsReproduction() throws Exception {
        List<Matcher> articles = all(FAILURE, load(""));
        List<Result> failures = report.results(Outcome.FAILED);
        assertEquals(failures.size(), articles.size());
        for (int i = 0; i < failures.size(); i++) {
            Result result = failures.get(i);
            Matcher article = articles.get(i);
            assertEquals(result.operation(), article.group(1));
            assertEquals(result.dtype(), article.group(2));
            assertEquals(result.check(), article.group(3));
            Map<String, String> parts = new TreeMap<>();
            all(PART, article.group(5)).forEach(part -> parts.put(part.group(1), text(part.group(2))));
            Failure failure = result.failure();
            Map<String, String> expected = new TreeMap<>(Map.of(
                    "got", failure.got(),
                    "reference", failure.reference(),
                    "error", failure.error(),
                    "allowed", failure.allowed(),
                    "input", failure.input(),
                    "Java", failure.java(),
                    "command", failure.command()));
            expected.values().removeIf(String::isEmpty);
            assertEquals(expected, parts);
            assertEquals(
                    2, all(Pattern.compile(">copy</button>"), article.group(5)).size(), "what can be copied");
        }
    }

    @Test
    void aFilterLeavesOneOutcome() throws Exception {
        for (Outcome outcome : Outcome.values()) {
            String markup = load("outcome=" + outcome.key());
            assertEquals(cells(report.results(outcome)), cells(markup), outcome.toString());
            for (Matcher figure : all(FIGURE, markup)) {
                assertEquals(String.valueOf(figure.group(1).equals(outcome.key())), figure.group(2), "pressed");
            }
            for (Matcher section : all(SECTION, markup)) {
                assertEquals(section.group(1).equals(outcome.key()), section.group(2) == null, section.group(1));
            }
        }
    }

    @Test
    void aNameLeavesItsOperations() throws Exception {
        String markup = load("name=ERF");
        assertEquals(
                cells(report.results().stream()
                        .filter(result -> result.operation().equals("erfinv"))
                        .toList()),
                cells(markup));
        assertTrue(markup.contains("<output id=\"shown\">1 of 8 operations</output>"));
        assertEquals(
                0,
                all(FAILURE, markup).stream()
                        .filter(article -> article.group(4) == null)
                        .count());
        assertEquals(
                cells(report.results(Outcome.FAILED).stream()
                        .filter(result -> result.operation().equals("exp"))
                        .toList()),
                cells(load("outcome=failed&name=exp")));
    }

    @Test
    void aCellOpensItsChecks() throws Exception {
        String markup = load("cell=exp/float32");
        int dialog = markup.indexOf("<dialog");
        String checks = markup.substring(dialog, markup.indexOf("</dialog>"));
        assertTrue(checks.startsWith("<dialog id=\"checks\" aria-labelledby=\"checks-title\" open=\"\">"), checks);
        assertTrue(checks.contains("<h2 id=\"checks-title\">exp float32</h2>"), checks);
        List<String> read = new ArrayList<>();
        for (Matcher row :
                all(Pattern.compile("<tr><td>(.*?)</td><td class=\"(.*?)\">(.*?)</td><td>(\\d+)</td>"), checks)) {
            read.add(row.group(1) + " " + row.group(2) + " " + row.group(3) + " " + row.group(4));
        }
        assertEquals(
                List.of(
                        "compile passed passed 100",
                        "gradients passed passed 100",
                        "layouts passed passed 100",
                        "values failed failed 17",
                        "vmap passed passed 100"),
                read);
        assertFalse(load("").contains("open=\"\""), "and without being asked none is open");
    }

    private String load(String fragment) throws IOException, InterruptedException {
        Chromium browser = Chromium.orAbort(HtmlPageTest.class);
        Path page = report.write(directory.resolve("conformance")).getLast();
        return browser.load(page, fragment, Files.createTempDirectory(directory, "browser"));
    }

    /// What is to be seen in the table: how many results of each outcome a cell has.
    private static Map<String, Integer> cells(String markup) {
        Map<String, Integer> cells = new TreeMap<>();
        for (Matcher row : all(ROW, markup)) {
            if (row.group(2) == null) {
                for (Matcher cell : all(CELL, row.group(3))) {
                    for (Matcher count : all(COUNT, cell.group(2))) {
                        if (count.group(2) == null) {
                            cells.put(
                                    row.group(1) + " " + cell.group(1) + " " + count.group(1),
                                    Integer.valueOf(count.group(3)));
                        }
                    }
                }
            }
        }
        return cells;
    }

    private static Map<String, Integer> cells(List<Result> results) {
        Map<String, Integer> cells = new TreeMap<>();
        for (Result result : results) {
            cells.merge(
                    result.operation() + " " + result.dtype() + " "
                            + result.outcome().key(),
                    1,
                    Integer::sum);
        }
        return cells;
    }

    private static List<Matcher> all(Pattern pattern, String text) {
        List<Matcher> matches = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            Matcher match = pattern.matcher(text);
            match.find(matcher.start());
            matches.add(match);
        }
        return matches;
    }

    private static String text(String markup) {
        return markup.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
