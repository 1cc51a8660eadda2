package org.lazuli.conformance;

import java.util.List;
import org.lazuli.cpu.CpuBackendProvider;
import org.lazuli.spi.Backend;
import org.lazuli.spi.Kernel;
import org.lazuli.spi.TensorSpec;

/// The judge: the reference backend with plain loops.
final class Oracle implements AutoCloseable {
    private final Backend plain = CpuBackendProvider.plain().open();

    /// A kernel's outputs in the dtypes of its operands.
    List<HostTensor> same(Kernel kernel, List<HostTensor> operands) {
        return KernelRun.on(
                plain, kernel, operands.stream().map(HostTensor::rowMajor).toList());
    }

    /// A kernel's outputs computed in float64 from the same numbers.
    List<HostTensor> wide(Kernel kernel, List<HostTensor> operands) {
        return KernelRun.on(
                plain, kernel, operands.stream().map(HostTensor::widened).toList());
    }

    /// What a kernel throws on these operands.
    RuntimeException problem(Kernel kernel, List<HostTensor> operands) {
        try {
            same(kernel, operands);
        } catch (RuntimeException e) {
            return e;
        }
        throw new IllegalStateException("the reference runs " + kernel);
    }

    /// Whether a kernel is defined on operands like these.
    boolean defines(Kernel kernel, List<TensorSpec> operands) {
        return plain.supports(kernel, operands);
    }

    @Override
    public void close() {
        plain.close();
    }
}
