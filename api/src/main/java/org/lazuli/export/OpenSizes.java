package org.lazuli.export;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.lazuli.graph.OpenRecording;
import org.lazuli.graph.OpenRecording.OfAxis;
import org.lazuli.graph.OpenRecording.OfProduct;
import org.lazuli.graph.OpenRecording.Origin;
import org.lazuli.graph.SizeTrace.Condition;
import org.lazuli.graph.SizeTrace.Is;
import org.lazuli.graph.SizeTrace.Same;

/// The open sizes of a trace, and the conditions under which it holds, as bytes.
///
/// @param examples the value of each size in the example
record OpenSizes(List<Origin> origins, List<Integer> examples, List<Condition> conditions) {
    private static final int AXIS = 0;
    private static final int PRODUCT = 1;
    private static final int IS = 0;
    private static final int SAME = 1;

    static void write(OpenRecording recording, ByteWriter out) throws IOException {
        out.i32(recording.origins().size());
        for (int i = 0; i < recording.origins().size(); i++) {
            switch (recording.origins().get(i)) {
                case OfAxis(int position, int result, int axis) -> {
                    out.u8(AXIS);
                    out.i32(position);
                    out.i32(result);
                    out.i32(axis);
                }
                case OfProduct(int factor, List<Integer> sizes) -> {
                    out.u8(PRODUCT);
                    out.i32(factor);
                    out.ints(sizes.stream().mapToInt(size -> size).toArray());
                }
            }
            out.i32(recording.examples().get(i));
        }
        out.i32(recording.conditions().size());
        for (Condition condition : recording.conditions()) {
            switch (condition) {
                case Is(int size, int value, boolean holds) -> write(IS, size, value, holds, out);
                case Same(int size, int other, boolean holds) -> write(SAME, size, other, holds, out);
            }
        }
    }

    private static void write(int kind, int size, int other, boolean holds, ByteWriter out) throws IOException {
        out.u8(kind);
        out.i32(size);
        out.i32(other);
        out.u8(holds ? 1 : 0);
    }

    static OpenSizes read(ByteReader in) throws Malformed {
        List<Origin> origins = new ArrayList<>();
        List<Integer> examples = new ArrayList<>();
        int count = in.count(13, "sizes");
        for (int i = 0; i < count; i++) {
            origins.add(flag(in) ? product(i, in) : new OfAxis(in.i32("a size"), in.i32("a size"), in.i32("a size")));
            examples.add(in.i32("a size"));
        }
        List<Condition> conditions = new ArrayList<>();
        int conditionCount = in.count(10, "conditions");
        for (int i = 0; i < conditionCount; i++) {
            boolean same = flag(in);
            int size = below(count, in);
            conditions.add(
                    same ? new Same(size, below(count, in), flag(in)) : new Is(size, in.i32("a condition"), flag(in)));
        }
        return new OpenSizes(origins, examples, conditions);
    }

    /// Only of sizes before it, so that nothing goes round in circles.
    private static Origin product(int number, ByteReader in) throws Malformed {
        int factor = in.i32("a size");
        List<Integer> sizes = new ArrayList<>();
        int count = in.count(4, "factors of a size");
        for (int i = 0; i < count; i++) {
            sizes.add(below(number, in));
        }
        return new OfProduct(factor, sizes);
    }

    private static int below(int count, ByteReader in) throws Malformed {
        int number = in.i32("the number of a size");
        if (number < 0 || number >= count) {
            throw new Malformed("it refers to size " + number + " of " + count);
        }
        return number;
    }

    private static boolean flag(ByteReader in) throws Malformed {
        int flag = in.u8("a size");
        if (flag > 1) {
            throw new Malformed("a size or a condition is of kind " + flag + ", which this version does not know");
        }
        return flag == 1;
    }
}
