package org.lazuli.metal.kernels;

import org.jspecify.annotations.Nullable;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.Primitive;

/// Writes the text of an elementwise kernel. Its buffers are the inputs, the outputs, the constants if there are any, and the layout.
final class ElementwiseText {
    private final Program program;
    private final boolean[] needed;
    private final Helpers helpers = new Helpers();
    private final Expressions expressions = new Expressions(helpers);

    ElementwiseText(Program program) {
        this.program = program;
        this.needed = program.needed();
    }

    /// Every operand a run of neighbours or a single element; `perThread` elements a thread. The layout is the number of elements.
    ///
    /// @param uniform for each input, whether it is a single element
    String contiguous(String name, int perThread, boolean[] uniform) {
        String[] places = new String[uniform.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = uniform[i] ? "0" : "i";
        }
        // The whole stretch of a thread goes without tests, so that its loads can be joined.
        String kernel = """

                static inline void %1$s_element(
                %2$s        uint i) {
                %3$s}

                kernel void %1$s(
                %4$s        uint thread_index [[thread_position_in_grid]]) {
                    uint size = layout[0];
                    uint first = thread_index * %5$du;
                    if (first + %5$du <= size) {
                        for (uint k = 0; k < %5$du; ++k) {
                            %1$s_element(%6$sfirst + k);
                        }
                    } else {
                        for (uint i = first; i < size; ++i) {
                            %1$s_element(%6$si);
                        }
                    }
                }
                """.formatted(
                name, parameters(false, null), body(places, "i"), parameters(true, "uint"), perThread, arguments());
        return Msl.PRELUDE + "\n" + helpers.text() + kernel;
    }

    /// Operands of any layout with this many axes; one element a thread. The layout is that of [Collapsed#table], the outputs' last.
    String strided(String name, int rank) {
        int inputs = program.inputs().size();
        @Nullable String[] offsets = new String[inputs + 1];
        String[] places = new String[inputs];
        for (int i = 0; i < inputs; i++) {
            places[i] = "at" + i;
            offsets[i] = needed[i] ? places[i] : null;
        }
        offsets[inputs] = "i";
        String kernel = """

                kernel void %s(
                %s        uint3 at [[thread_position_in_grid]]) {
                %s%s}
                """.formatted(name, parameters(true, "int"), Grid.offsets(rank, offsets), body(places, "i"));
        return Msl.PRELUDE + "\n" + helpers.text() + kernel;
    }

    /// @param layout the type of the layout's numbers, or null for a function that is not given them
    private String parameters(boolean numbered, @Nullable String layout) {
        StringBuilder text = new StringBuilder();
        int index = 0;
        for (int i = 0; i < program.inputs().size(); i++) {
            index = add(
                    text, "device const " + Expressions.storage(program.inputs().get(i)) + "* in" + i, numbered, index);
        }
        for (int i = 0; i < program.outputs().size(); i++) {
            DType type = program.type(program.outputs().get(i));
            index = add(text, "device " + Expressions.storage(type) + "* out" + i, numbered, index);
        }
        if (program.constants().length > 0) {
            index = add(text, "constant ulong* constants", numbered, index);
        }
        if (layout != null) {
            add(text, "constant " + layout + "* layout", numbered, index);
        }
        return text.toString();
    }

    private static int add(StringBuilder text, String parameter, boolean numbered, int index) {
        text.append("        ").append(parameter);
        if (numbered) {
            text.append(" [[buffer(").append(index).append(")]]");
        }
        text.append(",\n");
        return index + 1;
    }

    private String arguments() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < program.inputs().size(); i++) {
            text.append("in").append(i).append(", ");
        }
        for (int i = 0; i < program.outputs().size(); i++) {
            text.append("out").append(i).append(", ");
        }
        return program.constants().length > 0 ? text + "constants, " : text.toString();
    }

    /// Loads, computes and stores one element.
    private String body(String[] places, String output) {
        StringBuilder text = new StringBuilder();
        int inputs = program.inputs().size();
        for (int i = 0; i < inputs; i++) {
            if (needed[i]) {
                DType type = program.inputs().get(i);
                define(text, i, type, Expressions.load(type, "in" + i + "[" + places[i] + "]"));
            }
        }
        int constants = 0;
        for (int i = 0; i < program.instructions().size(); i++) {
            Instruction instruction = program.instructions().get(i);
            boolean isConstant = instruction.op() instanceof Primitive.Constant;
            if (needed[inputs + i]) {
                define(
                        text,
                        inputs + i,
                        instruction.dtype(),
                        isConstant
                                ? Expressions.constant(instruction.dtype(), "constants[" + constants + "]")
                                : compute(instruction));
            }
            constants += isConstant ? 1 : 0;
        }
        for (int i = 0; i < program.outputs().size(); i++) {
            int register = program.outputs().get(i);
            String value = Expressions.store(program.type(register), "r" + register);
            text.append("    out%d[%s] = %s;\n".formatted(i, output, value));
        }
        return text.toString();
    }

    private String compute(Instruction instruction) {
        String[] operands = new String[instruction.operands().size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = "r" + instruction.operands().get(i);
        }
        return expressions.of(instruction.op(), instruction.dtype(), program.typesOf(instruction), operands);
    }

    private static void define(StringBuilder text, int register, DType type, String value) {
        text.append("    %s r%d = %s;\n".formatted(Expressions.register(type), register, value));
    }
}
