package org.lazuli.conformance;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lazuli.spi.Kernel;

/// A kernel and operands to run it on.
///
/// @param judge what its outputs have to be
record Case(Kernel kernel, List<HostTensor> operands, Judge judge) {
    Case with(List<HostTensor> others) {
        return new Case(kernel, others, judge);
    }

    String input() {
        return kernel + "\n" + operands.stream().map(HostTensor::toString).collect(Collectors.joining("\n"));
    }

    /// Statements that run it on the provider with this expression.
    String java(String provider) {
        if (operands.stream().mapToInt(HostTensor::capacity).sum() > 4096) {
            return "// The operands are too large to print: the command below draws them again.";
        }
        String names =
                IntStream.range(0, operands.size()).mapToObj(i -> "x" + i).collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < operands.size(); i++) {
            text.append("var x")
                    .append(i)
                    .append(" = ")
                    .append(operands.get(i).java())
                    .append(";\n");
        }
        return text + "var kernel = " + JavaText.of(kernel) + ";\n"
                + "System.out.println(KernelRun.on(" + provider + ", kernel, List.of(" + names + ")));\n"
                + "System.out.println(KernelRun.on(CpuBackendProvider.plain(), kernel, List.of(" + names + ")));";
    }
}
