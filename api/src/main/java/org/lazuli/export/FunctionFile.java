package org.lazuli.export;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.lazuli.Array;
import org.lazuli.graph.Graph;
import org.lazuli.graph.Node;
import org.lazuli.graph.OpenRecording;
import org.lazuli.graph.ReadSizes;
import org.lazuli.graph.Recording;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.TensorSpec;

/// The format, which `docs/exported-functions.md` describes: metadata, constants, and the traces of one function.
///
/// @param traces one for each signature
record FunctionFile(SequencedMap<String, String> metadata, List<Trace> traces) {
    /// The latest version; a file without open sizes is written as version 1, which has none.
    static final int VERSION = 2;

    private static final int WITHOUT_OPEN_SIZES = 1;

    private static final byte[] MAGIC = {'L', 'A', 'Z', 'U', 'L', 'I', 'F', 'N'};

    private static final int CHUNK = 1 << 20;

    // ------------------------------------------------------------------------------------------------ writing

    void write(OutputStream stream) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
        ByteWriter out = new ByteWriter(checked);
        out.bytes(MAGIC);
        boolean open = traces.stream().anyMatch(trace -> trace.open() != null);
        out.i32(open ? VERSION : WITHOUT_OPEN_SIZES);
        out.i32(metadata.size());
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            out.text(entry.getKey());
            out.text(entry.getValue());
        }
        Map<Node, Integer> numbers = new HashMap<>();
        List<Array> constants = new ArrayList<>();
        for (Trace trace : traces) {
            for (Array constant : trace.recording().captured()) {
                if (numbers.putIfAbsent(Graph.node(constant), constants.size()) == null) {
                    constants.add(constant);
                }
            }
        }
        out.i32(constants.size());
        for (Array constant : constants) {
            Constants.write(constant, out);
        }
        out.i32(traces.size());
        for (Trace trace : traces) {
            OpenRecording sizes = trace.open();
            if (open) {
                out.u8(sizes == null ? 0 : 1);
            }
            write(trace, numbers, out);
        }
        int checksum = (int) checked.getChecksum().getValue();
        out.i32(checksum);
    }

    private static void write(Trace trace, Map<Node, Integer> numbers, ByteWriter out) throws IOException {
        Recording recording = trace.recording();
        List<TensorSpec> arguments = recording.arguments();
        out.i32(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            out.text(trace.names().get(i));
            out.text(arguments.get(i).dtype().toString());
            out.ints(OpenRecording.example(arguments.get(i).shape()));
        }
        OpenRecording open = trace.open();
        if (open != null) {
            OpenSizes.write(open, out);
        }
        out.ints(recording.captured().stream()
                .mapToInt(array -> numbers.getOrDefault(Graph.node(array), -1))
                .toArray());
        List<Primitive> table = new ArrayList<>();
        Map<Primitive, Integer> places = new HashMap<>();
        int[] references = new int[recording.instructions().size()];
        for (int i = 0; i < references.length; i++) {
            Primitive primitive = recording.instructions().get(i).primitive();
            // Those with open sizes are not compared: that two sizes are the same in the example says nothing.
            Integer place = open == null ? places.putIfAbsent(primitive, table.size()) : null;
            references[i] = place == null ? table.size() : place;
            if (place == null) {
                table.add(primitive);
            }
        }
        out.i32(table.size());
        for (Primitive primitive : table) {
            Instructions.write(primitive, out);
        }
        out.i32(references.length);
        for (int i = 0; i < references.length; i++) {
            out.i32(references[i]);
            out.ints(recording.instructions().get(i).inputs());
        }
        out.ints(recording.outputs());
    }

    // ------------------------------------------------------------------------------------------------ reading

    static FunctionFile read(MemorySegment bytes) throws Malformed {
        ByteReader in = new ByteReader(bytes);
        for (byte expected : MAGIC) {
            if (bytes.byteSize() < MAGIC.length || (byte) in.u8("the format's name") != expected) {
                throw new Malformed("it is no exported function: it does not begin with 'LAZULIFN'");
            }
        }
        int version = in.i32("the version");
        if (version > VERSION) {
            throw new Malformed(
                    "it has version " + version + " of the format, this library reads up to version " + VERSION);
        }
        if (version < 1) {
            throw new Malformed("it claims version " + version + " of the format, which never was");
        }
        long length = bytes.byteSize() - Integer.BYTES;
        if (checksum(bytes.asSlice(0, length)) != new ByteReader(bytes.asSlice(length)).i32("the checksum")) {
            throw new Malformed("its checksum is wrong");
        }
        return new Contents(new ByteReader(bytes.asSlice(0, length)), version).read();
    }

    private static int checksum(MemorySegment bytes) {
        CRC32C checksum = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
            checksum.update(
                    bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
        }
        return (int) checksum.getValue();
    }

    /// What is between the version and the checksum.
    private record Contents(ByteReader in, int version) {
        FunctionFile read() throws Malformed {
            in.slice(MAGIC.length + Integer.BYTES, "the format's name");
            SequencedMap<String, String> metadata = new LinkedHashMap<>();
            int entries = in.count(8, "entries of metadata");
            for (int i = 0; i < entries; i++) {
                if (metadata.put(in.text("a name in the metadata"), in.text("metadata")) != null) {
                    throw new Malformed("its metadata has a name twice");
                }
            }
            List<Array> constants = new ArrayList<>();
            int count = in.count(8, "constants");
            for (int i = 0; i < count; i++) {
                constants.add(Constants.read(in));
            }
            List<Trace> traces = new ArrayList<>();
            int functions = in.count(20, "traces");
            for (int i = 0; i < functions; i++) {
                traces.add(trace(constants));
            }
            if (!in.isAtEnd()) {
                throw new Malformed("it goes on after its last trace");
            }
            return new FunctionFile(metadata, traces);
        }

        private Trace trace(List<Array> constants) throws Malformed {
            int kind = version == WITHOUT_OPEN_SIZES ? 0 : in.u8("a trace");
            if (kind > 1) {
                throw new Malformed("it has a trace of kind " + kind + ", which this version does not know");
            }
            List<String> names = new ArrayList<>();
            List<TensorSpec> arguments = new ArrayList<>();
            int count = in.count(12, "arguments");
            for (int i = 0; i < count; i++) {
                names.add(in.text("an argument's name"));
                arguments.add(new TensorSpec(Constants.dtype(in), Instructions.shape(in, "an argument's shape")));
            }
            OpenSizes open = kind == 0 ? null : OpenSizes.read(in);
            in.sizes(open == null ? null : new ReadSizes(open.examples()));
            List<Array> captured = new ArrayList<>();
            for (int number : in.ints("a trace's constants")) {
                captured.add(get(constants, number, "constant"));
            }
            List<Primitive> table = new ArrayList<>();
            int distinct = in.count(5, "distinct instructions");
            for (int i = 0; i < distinct; i++) {
                table.add(Instructions.read(in));
            }
            List<Primitive> primitives = new ArrayList<>();
            List<int[]> inputs = new ArrayList<>();
            int instructions = in.count(8, "instructions");
            for (int i = 0; i < instructions; i++) {
                primitives.add(get(table, in.i32("an instruction"), "distinct instruction"));
                inputs.add(in.ints("an instruction's operands"));
            }
            int[] outputs = in.ints("the results");
            try {
                if (open == null) {
                    Recording recording = Recording.read(arguments, captured, primitives, inputs, outputs);
                    return new Trace(List.copyOf(names), recording, null);
                }
                OpenRecording recording = OpenRecording.read(
                        arguments,
                        captured,
                        primitives,
                        inputs,
                        outputs,
                        open.origins(),
                        open.examples(),
                        open.conditions());
                return new Trace(List.copyOf(names), recording.recording(), recording);
            } catch (RuntimeException e) {
                throw new Malformed("its graph does not hold together: " + e.getMessage(), e);
            }
        }

        private static <T> T get(List<T> list, int number, String what) throws Malformed {
            if (number < 0 || number >= list.size()) {
                throw new Malformed("it refers to " + what + " " + number + " of " + list.size());
            }
            return list.get(number);
        }
    }
}
