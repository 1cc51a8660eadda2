package org.lazuli.metal.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The allow-list as data: each construct has its source, and the signatures are ones that the lint understands.
class AllowListTest {
    private final AllowList allowed = new AllowList();

    @Test
    void everyConstructHasItsSection() {
        var wrong = allowed.all().stream()
                .filter(x -> !x.section().matches("[1-8]\\.[0-9]+(\\.[0-9]+)*\\.? .+"))
                .toList();
        assertEquals(List.of(), wrong);
        assertTrue(allowed.all().size() > 300, "only " + allowed.all().size());
    }

    @Test
    void everySignatureIsUnderstood() {
        var wrong = allowed.all().stream()
                .filter(x -> x.kind() == AllowList.Kind.FUNCTION)
                .filter(x -> !x.use().matches("\\*|[FGIASBbue]\\(([FGIASBbu](,[FGIASBbu])*)?\\)"))
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyBuiltInTypeIsKnown() {
        var wrong = allowed.all().stream()
                .filter(x -> x.kind() == AllowList.Kind.TYPE
                        && (x.use().equals("-") || x.use().startsWith("Metal 3")))
                .filter(x -> Type.builtIn(x.name()) == null
                        && !List.of("memory_order", "simd_vote").contains(x.name()))
                .toList();
        assertEquals(List.of(), wrong);
    }

    /// No word is both allowed and refused.
    @Test
    void listsDoNotOverlap() {
        var both = allowed.all().stream()
                .filter(x -> allowed.refusal(x.name()) != null)
                .toList();
        assertEquals(List.of(), both);
    }
}
