package org.lazuli.cpu;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.lazuli.DType;
import org.lazuli.spi.FusedElementwise;
import org.lazuli.spi.FusedElementwise.Instruction;
import org.lazuli.spi.Primitive;
import org.lazuli.spi.Primitive.BinaryOp;
import org.lazuli.spi.Primitive.UnaryOp;
import org.lazuli.spi.TensorSpec;

/// Writes the class of a [FusedLoop]: one loop of vectors and one for what does not fill a vector, or the latter alone, which the JIT compiler turns into
/// vectors by itself.
///
/// Only operations that round once, as IEEE 754 says, are taken: so the bits are those of the instructions one by one, and it does not matter when a chain
/// is handed over.
final class LoopCompiler {
    private static final ClassDesc LOOP = ClassDesc.of("org.lazuli.cpu.CompiledLoop");
    private static final ClassDesc INTERFACE = ClassDesc.of("org.lazuli.cpu.FusedLoop");
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc FLOATS = CD_float.arrayType();
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(CD_void, FLOATS.arrayType(), CD_int.arrayType(), FLOATS, CD_int, CD_int);

    private final FusedElementwise chain;
    private final boolean[] isScalar;
    private final int lanes;

    private LoopCompiler(FusedElementwise chain, boolean[] isScalar, int lanes) {
        this.chain = chain;
        this.isScalar = isScalar;
        this.lanes = lanes;
    }

    /// @param chain one that [#takes]
    /// @param isScalar which operands are the same for all elements
    /// @param lanes how many elements a vector holds; 0 without the Vector API
    static FusedLoop compile(FusedElementwise chain, boolean[] isScalar, int lanes) {
        byte[] bytes = new LoopCompiler(chain, isScalar, lanes).write();
        try {
            return (FusedLoop) MethodHandles.lookup()
                    .defineHiddenClass(bytes, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a loop that was written does not start", e);
        }
    }

    /// True if every instruction works on float32, rounds once, and is worth a loop of its own.
    ///
    /// @param vectors whether there is the Vector API: the JIT compiler does not turn choices into vectors by itself
    static boolean takes(FusedElementwise chain, List<TensorSpec> inputs, boolean vectors) {
        for (TensorSpec input : inputs) {
            if (input.dtype() != DType.FLOAT32) {
                return false;
            }
        }
        for (Instruction instruction : chain.instructions()) {
            boolean known = switch (instruction.op()) {
                case Primitive.Constant(DType dtype, long _) -> dtype == DType.FLOAT32;
                case Primitive.Unary(UnaryOp op) ->
                    instruction.dtype() == DType.FLOAT32
                            && (op == UnaryOp.ABS || op == UnaryOp.NEGATIVE || op == UnaryOp.SQRT);
                case Primitive.Binary(BinaryOp op) ->
                    switch (op) {
                        case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM -> instruction.dtype() == DType.FLOAT32;
                        case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL -> vectors;
                        default -> false;
                    };
                case Primitive.Select() ->
                    vectors
                            && instruction.dtype() == DType.FLOAT32
                            && instruction.operands().get(0) >= chain.inputs();
                case Primitive.Cast(DType dtype) ->
                    vectors
                            && dtype == DType.FLOAT32
                            && instruction.operands().get(0) >= chain.inputs()
                            && type(chain, instruction.operands().get(0)) == DType.BOOL;
            };
            if (!known) {
                return false;
            }
        }
        for (int i = 0; i < chain.outputs().size(); i++) {
            int register = chain.outputs().get(i);
            if (register < chain.inputs() || type(chain, register) != DType.FLOAT32) {
                return false;
            }
        }
        return true;
    }

    private byte[] write() {
        return ClassFile.of()
                .build(
                        LOOP,
                        type -> type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withInterfaceSymbols(INTERFACE)
                                .withMethodBody(
                                        INIT_NAME,
                                        MTD_void,
                                        0,
                                        code -> code.aload(0)
                                                .invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void)
                                                .return_())
                                .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::run));
    }

    private void run(CodeBuilder code) {
        int inputs = chain.inputs();
        int outputs = chain.outputs().size();
        int[] array = new int[inputs + outputs];
        int[] offset = new int[inputs + outputs];
        int arrays = 0;
        for (int i = 0; i < inputs + outputs; i++) {
            if (i >= inputs || !isScalar[i]) {
                array[i] = code.allocateLocal(TypeKind.REFERENCE);
                code.aload(1).loadConstant(arrays).aaload().astore(array[i]);
                offset[i] = code.allocateLocal(TypeKind.INT);
                code.aload(2).loadConstant(arrays).iaload().istore(offset[i]);
                arrays++;
            }
        }
        int index = code.allocateLocal(TypeKind.INT);
        code.iload(4).istore(index);
        if (lanes > 0) {
            int limit = code.allocateLocal(TypeKind.INT);
            code.iload(5).loadConstant(lanes - 1).isub().istore(limit);
            loop(code, new VectorElements(code), array, offset, index, limit, lanes);
        }
        loop(code, new SingleElements(code), array, offset, index, 5, 1);
        code.return_();
    }

    private void loop(CodeBuilder code, Elements elements, int[] array, int[] offset, int index, int limit, int step) {
        int inputs = chain.inputs();
        int[] register = new int[inputs + chain.instructions().size()];
        int scalars = 0;
        for (int i = 0; i < register.length; i++) {
            boolean same = i < inputs
                    ? isScalar[i]
                    : chain.instructions().get(i - inputs).op() instanceof Primitive.Constant;
            register[i] = code.allocateLocal(elements.kind(i < inputs ? DType.FLOAT32 : type(chain, i)));
            if (same) {
                code.aload(3).loadConstant(scalars++).faload();
                elements.repeat();
                elements.store(register[i], DType.FLOAT32);
            }
        }
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top).iload(index).iload(limit).if_icmpge(end);
        for (int i = 0; i < register.length; i++) {
            if (i < inputs) {
                if (!isScalar[i]) {
                    elements.read(array[i], offset[i], index);
                    elements.store(register[i], DType.FLOAT32);
                }
            } else if (!(chain.instructions().get(i - inputs).op() instanceof Primitive.Constant)) {
                Instruction instruction = chain.instructions().get(i - inputs);
                elements.compute(instruction, register);
                elements.store(register[i], instruction.dtype());
            }
        }
        for (int i = 0; i < chain.outputs().size(); i++) {
            elements.write(register[chain.outputs().get(i)], array[inputs + i], offset[inputs + i], index);
        }
        code.iinc(index, step).goto_(top).labelBinding(end);
    }

    private static DType type(FusedElementwise chain, int register) {
        return chain.instructions().get(register - chain.inputs()).dtype();
    }

    /// How the values of a loop's registers are written.
    private interface Elements {
        TypeKind kind(DType type);

        /// Turns the float on the stack into a register's value.
        void repeat();

        /// Puts the elements of an array on the stack.
        void read(int array, int offset, int index);

        /// Stores what is on the stack to a register.
        void store(int register, DType type);

        /// Stores a register to an array.
        void write(int register, int array, int offset, int index);

        /// Puts an instruction's result on the stack.
        void compute(Instruction instruction, int[] register);
    }

    /// One float at a time; a bool is an int.
    private record SingleElements(CodeBuilder code) implements Elements {
        @Override
        public TypeKind kind(DType type) {
            return type == DType.BOOL ? TypeKind.INT : TypeKind.FLOAT;
        }

        @Override
        public void repeat() {}

        @Override
        public void read(int array, int offset, int index) {
            code.aload(array).iload(offset).iload(index).iadd().faload();
        }

        @Override
        public void store(int register, DType type) {
            code.storeLocal(kind(type), register);
        }

        @Override
        public void write(int register, int array, int offset, int index) {
            code.aload(array).iload(offset).iload(index).iadd().fload(register).fastore();
        }

        @Override
        public void compute(Instruction instruction, int[] register) {
            switch (instruction.op()) {
                case Primitive.Unary(UnaryOp op) -> {
                    code.fload(register[instruction.operands().get(0)]);
                    switch (op) {
                        case NEGATIVE -> code.fneg();
                        case ABS -> code.invokestatic(MATH, "abs", MethodTypeDesc.of(CD_float, CD_float));
                        case SQRT ->
                            code.f2d()
                                    .invokestatic(
                                            MATH,
                                            "sqrt",
                                            MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double))
                                    .d2f();
                        default -> throw new AssertionError(op);
                    }
                }
                case Primitive.Binary(BinaryOp op) -> {
                    code.fload(register[instruction.operands().get(0)])
                            .fload(register[instruction.operands().get(1)]);
                    switch (op) {
                        case ADD -> code.fadd();
                        case SUBTRACT -> code.fsub();
                        case MULTIPLY -> code.fmul();
                        case DIVIDE -> code.fdiv();
                        case MAXIMUM -> code.invokestatic(MATH, "max", MethodTypeDesc.of(CD_float, CD_float, CD_float));
                        case MINIMUM -> code.invokestatic(MATH, "min", MethodTypeDesc.of(CD_float, CD_float, CD_float));
                        case EQUAL -> choose(code.fcmpl(), CodeBuilder::ifeq);
                        case NOT_EQUAL -> choose(code.fcmpl(), CodeBuilder::ifne);
                        // What is compared with NaN counts as greater here, so that the answer is no.
                        case LESS -> choose(code.fcmpg(), CodeBuilder::iflt);
                        case LESS_EQUAL -> choose(code.fcmpg(), CodeBuilder::ifle);
                        default -> throw new AssertionError(op);
                    }
                }
                case Primitive.Select() -> {
                    Label other = code.newLabel();
                    Label done = code.newLabel();
                    code.iload(register[instruction.operands().get(0)])
                            .ifeq(other)
                            .fload(register[instruction.operands().get(1)])
                            .goto_(done)
                            .labelBinding(other)
                            .fload(register[instruction.operands().get(2)])
                            .labelBinding(done);
                }
                case Primitive.Cast _ ->
                    code.iload(register[instruction.operands().get(0)]).i2f();
                default -> throw new AssertionError(instruction);
            }
        }

        private interface Jump {
            CodeBuilder to(CodeBuilder code, Label label);
        }

        private static void choose(CodeBuilder code, Jump jump) {
            Label yes = code.newLabel();
            Label done = code.newLabel();
            jump.to(code, yes)
                    .iconst_0()
                    .goto_(done)
                    .labelBinding(yes)
                    .iconst_1()
                    .labelBinding(done);
        }
    }

    /// A vector at a time; a bool is a mask.
    private record VectorElements(CodeBuilder code) implements Elements {
        private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
        private static final ClassDesc FLOAT_VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
        private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
        private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
        private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
        private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
        private static final ClassDesc FUNCTIONS = ClassDesc.of("org.lazuli.cpu.VectorFunctions");

        @Override
        public TypeKind kind(DType type) {
            return TypeKind.REFERENCE;
        }

        private CodeBuilder species() {
            return code.getstatic(FUNCTIONS, "SPECIES", SPECIES);
        }

        @Override
        public void repeat() {
            species()
                    .swap()
                    .invokestatic(FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float));
        }

        @Override
        public void read(int array, int offset, int index) {
            species()
                    .aload(array)
                    .iload(offset)
                    .iload(index)
                    .iadd()
                    .invokestatic(FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int));
        }

        @Override
        public void store(int register, DType type) {
            code.astore(register);
        }

        @Override
        public void write(int register, int array, int offset, int index) {
            code.aload(register)
                    .aload(array)
                    .iload(offset)
                    .iload(index)
                    .iadd()
                    .invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
        }

        @Override
        public void compute(Instruction instruction, int[] register) {
            switch (instruction.op()) {
                case Primitive.Unary(UnaryOp op) ->
                    code.aload(register[instruction.operands().get(0)])
                            .invokevirtual(
                                    FLOAT_VECTOR,
                                    switch (op) {
                                        case NEGATIVE -> "neg";
                                        case ABS -> "abs";
                                        case SQRT -> "sqrt";
                                        default -> throw new AssertionError(op);
                                    },
                                    MethodTypeDesc.of(FLOAT_VECTOR));
                case Primitive.Binary(BinaryOp op) -> {
                    code.aload(register[instruction.operands().get(0)]);
                    if (op.isComparison()) {
                        code.getstatic(
                                        OPERATORS,
                                        switch (op) {
                                            case EQUAL -> "EQ";
                                            case NOT_EQUAL -> "NE";
                                            case LESS -> "LT";
                                            case LESS_EQUAL -> "LE";
                                            default -> throw new AssertionError(op);
                                        },
                                        COMPARISON)
                                .aload(register[instruction.operands().get(1)])
                                .invokevirtual(FLOAT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
                        return;
                    }
                    code.aload(register[instruction.operands().get(1)])
                            .invokevirtual(
                                    FLOAT_VECTOR,
                                    switch (op) {
                                        case ADD -> "add";
                                        case SUBTRACT -> "sub";
                                        case MULTIPLY -> "mul";
                                        case DIVIDE -> "div";
                                        case MAXIMUM -> "max";
                                        case MINIMUM -> "min";
                                        default -> throw new AssertionError(op);
                                    },
                                    MethodTypeDesc.of(FLOAT_VECTOR, VECTOR));
                }
                case Primitive.Select() ->
                    code.aload(register[instruction.operands().get(2)])
                            .aload(register[instruction.operands().get(1)])
                            .aload(register[instruction.operands().get(0)])
                            .invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
                case Primitive.Cast _ -> {
                    code.fconst_0();
                    repeat();
                    code.fconst_1();
                    repeat();
                    code.aload(register[instruction.operands().get(0)])
                            .invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
                }
                default -> throw new AssertionError(instruction);
            }
        }
    }
}
