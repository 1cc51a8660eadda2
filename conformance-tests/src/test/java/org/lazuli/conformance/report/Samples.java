package org.lazuli.conformance.report;

/// Reports to show: one with everything that can come of a check.
final class Samples {
    private Samples() {}

    static Report mixed() {
        Report report = new Report("metal", "Apple <M4> & \"friends\" (simulated)", 8_123_456_789_012_345_678L);
        for (String operation : new String[] {"exp", "add", "matmul", "sort", "sin", "erfinv", "gather"}) {
            for (String dtype : new String[] {"float32", "bfloat16", "float64", "int32", "bool"}) {
                if (dtype.equals("float64")) {
                    for (String check : new String[] {"values", "layouts"}) {
                        report.add(
                                Result.unsupported(operation, dtype, check, 3, "the device has no float64 | at all"));
                    }
                } else if (!(operation.equals("exp") && dtype.equals("bool"))) {
                    for (String check : new String[] {"values", "layouts", "gradients", "vmap", "compile"}) {
                        if (!fails(operation, dtype, check)
                                && !(operation.equals("erfinv") && dtype.equals("bfloat16"))) {
                            report.add(Result.passed(operation, dtype, check, 100));
                        }
                    }
                }
            }
        }
        report.add(Result.failed(
                "exp",
                "float32",
                "values",
                17,
                new Failure(
                        "2.7182822",
                        "2.718281828459045",
                        "1.51 ulp",
                        "1 ulp",
                        "float32(1): [1.0]",
                        "Array x = Ops.array(new float[] {1f});\nx.exp().toFloatArray();   // </script><b>&amp;",
                        "mvn test -Dtest=MetalConformance -Dlazuli.conformance.only='exp float32 values'")));
        report.add(Result.failed(
                "gather",
                "int32",
                "errors",
                2,
                new Failure(
                        "no exception",
                        "IndexOutOfBoundsException: gather: index 3 is out of bounds for axis 0 of size 3",
                        "",
                        "",
                        "int32(3): [1, 2, 3], index [3]",
                        "Ops.array(new int[] {1, 2, 3}).take(Ops.array(3), 0).eval();",
                        "mvn test -Dtest=MetalConformance -Dlazuli.conformance.only='gather int32 errors'")));
        for (String check : new String[] {"values", "layouts"}) {
            report.add(Result.knownGap("erfinv", "bfloat16", check, 9, "two ulps off near 1; issue 12", null));
        }
        report.add(Result.untested("sort", "complex64", "values", "no row gives it inputs"));
        report.add(Result.passed("backend", "", "lifetimes", 1));
        report.add(Result.passed("backend", "", "concurrency", 4));
        return report;
    }

    private static boolean fails(String operation, String dtype, String check) {
        return operation.equals("exp") && dtype.equals("float32") && check.equals("values");
    }
}
