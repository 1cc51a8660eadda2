package org.lazuli.metal.lint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The first look at a kernel text, in pure Java: it reads the whole text by the grammar of the subset and reports whatever is
/// not in it.
public final class MslLint {
    private final AllowList allowed = new AllowList();

    /// What is wrong with a text, in the order of its lines; empty where it is in the subset.
    List<Finding> check(String text) {
        var context = new Context(text, allowed);
        try {
            new Declarations(context).program();
            if (context.functions.values().stream().flatMap(List::stream).noneMatch(Context.Function::kernel)) {
                context.report(Rule.GRAMMAR, "no kernel in the text");
            }
        } catch (Context.Unparsed _) {
            // The finding is there; what follows cannot be understood.
        }
        recursion(context);
        var findings = new ArrayList<>(context.findings);
        findings.sort((a, b) -> Integer.compare(a.line(), b.line()));
        return findings;
    }

    private static void recursion(Context context) {
        for (var overloads : context.functions.values()) {
            for (var function : overloads) {
                if (reaches(function)) {
                    context.report(
                            Rule.RECURSION,
                            function.name() + " calls itself, which Metal forbids (1.4.4 Restrictions)");
                }
            }
        }
    }

    private static boolean reaches(Context.Function start) {
        var seen = new HashSet<Context.Function>();
        var queue = new ArrayDeque<>(start.calls());
        while (!queue.isEmpty()) {
            var function = queue.pop();
            if (function == start) {
                return true;
            }
            if (seen.add(function)) {
                queue.addAll(function.calls());
            }
        }
        return false;
    }
}
