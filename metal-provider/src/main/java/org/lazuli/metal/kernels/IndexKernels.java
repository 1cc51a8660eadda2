package org.lazuli.metal.kernels;

import org.lazuli.spi.Tensor;

/// Looks for indices out of bounds: each threadgroup writes the position and the value of the first one in its stretch.
public final class IndexKernels {
    private static final int GROUP = 256;

    /// How many indices a threadgroup looks at.
    private static final int STRETCH = 64 * GROUP;

    private IndexKernels() {}

    /// The number of threadgroups for this many indices, each with an entry of 16 bytes.
    public static int groups(int count) {
        return (count + STRETCH - 1) / STRETCH;
    }

    /// @param findings memory for [#groups] entries: `long value; uint position;` and padding, the position all ones if there is no bad index
    public static void encode(Tensor indices, int size, Tensor findings, Commands commands) {
        String type = Msl.storage(indices.dtype());
        int rank = indices.shape().rank();
        int count = indices.shape().size();
        int[] layout = new int[2 * rank + 3];
        layout[0] = count;
        layout[1] = size;
        layout[2] = rank;
        for (int axis = 0; axis < rank; axis++) {
            layout[3 + axis] = indices.shape().dim(axis);
            layout[3 + rank + axis] = indices.strides().get(axis);
        }
        Dispatch dispatch = commands.kernel("check_indices_" + type, () -> source(type))
                .read(indices)
                .write(findings)
                .ints(layout);
        int group = Math.min(GROUP, dispatch.maxThreads());
        dispatch.groups(groups(count), 1, 1, group, 1, 1);
    }

    private static String source(String type) {
        return Msl.PRELUDE
                + """

                struct Finding {
                    long value;
                    uint position;
                    uint padding;
                };

                static inline int place(uint position, constant int* layout) {
                    int rank = layout[2];
                    int at = 0;
                    for (int axis = rank - 1; axis >= 0; --axis) {
                        uint dim = uint(layout[3 + axis]);
                        at += int(position % dim) * layout[3 + rank + axis];
                        position /= dim;
                    }
                    return at;
                }

                kernel void check_indices_TYPE(
                        device const TYPE* indices [[buffer(0)]],
                        device Finding* findings [[buffer(1)]],
                        constant int* layout [[buffer(2)]],
                        uint group [[threadgroup_position_in_grid]],
                        uint lane [[thread_index_in_threadgroup]],
                        uint width [[threads_per_threadgroup]]) {
                    threadgroup uint firsts[256];
                    uint count = uint(layout[0]);
                    long size = long(layout[1]);
                    uint begin = group * STRETCHu;
                    uint end = min(begin + STRETCHu, count);
                    uint first = 0xFFFFFFFFu;
                    for (uint i = begin + lane; i < end; i += width) {
                        TYPE value = indices[place(i, layout)];
                        bool bad = SIGNED ? long(value) >= size || long(value) < -size : ulong(value) >= ulong(size);
                        if (bad && first == 0xFFFFFFFFu) {
                            first = i;
                        }
                    }
                    firsts[lane] = first;
                    threadgroup_barrier(mem_flags::mem_threadgroup);
                    if (lane == 0) {
                        for (uint i = 1; i < width; ++i) {
                            first = min(first, firsts[i]);
                        }
                        Finding finding;
                        finding.value = first == 0xFFFFFFFFu ? 0 : long(indices[place(first, layout)]);
                        finding.position = first;
                        finding.padding = 0;
                        findings[group] = finding;
                    }
                }
                """.replace("TYPE", type)
                        .replace("STRETCH", Integer.toString(STRETCH))
                        .replace("SIGNED", Boolean.toString(!type.startsWith("u")));
    }
}
