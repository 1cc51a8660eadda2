import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SUPER;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.attribute.NestMembersAttribute;
import java.lang.classfile.attribute.RuntimeInvisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Replaces what compiled classes leave to be made when they first run: the classes of lambdas, the tests of pattern switches, and the `equals`,
/// `hashCode` and `toString` of records. The JVM makes each with a class file writer of its own, half a millisecond apiece and some eighty to begin
/// with, which is most of what a small program takes. Sources, tests and stack traces stay as they are, and so does every result.
///
///     java Desugar.java DIRECTORY [CLASSPATH]
///
/// rewrites the class files of a directory in place. Running it twice does no more than running it once. What it does not know (lambdas that can be
/// serialized, labels that are not types) it leaves.
public final class Desugar {
    private static final int SERIALIZABLE = 1;
    private static final int MARKERS = 2;
    private static final int BRIDGES = 4;

    /// Between the name of a class and the number of a class that stands for one of its lambdas.
    private static final String MARK = "$$Lambda";

    private static final String FIRST = "INSTANCE";

    private final Path directory;
    private final ClassFile tool;

    /// Class files by path, as far as they are new.
    private final Map<Path, byte[]> written = new TreeMap<>();

    /// Members to add to nests, by host.
    private final Map<ClassDesc, Set<ClassDesc>> nests = new LinkedHashMap<>();

    private Desugar(Path directory, ClassLoader classPath) {
        this.directory = directory;
        tool = ClassFile.of(
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classPath)
                        .orElse(ClassHierarchyResolver.ofResourceParsing(Desugar::incubating))
                        .cached()));
    }

    /// The class files of the Vector API, whose module is only there for a JVM that asks for it.
    private static InputStream incubating(ClassDesc type) {
        Path file = Path.of(URI.create("jrt:/jdk.incubator.vector/" + internalName(type) + ".class"));
        try {
            return Files.exists(file) ? Files.newInputStream(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String... args) throws IOException {
        List<URL> classPath = new ArrayList<>();
        classPath.add(Path.of(args[0]).toUri().toURL());
        if (args.length > 1) {
            for (String entry : args[1].split(File.pathSeparator)) {
                classPath.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader = new URLClassLoader(classPath.toArray(URL[]::new))) {
            new Desugar(Path.of(args[0]), loader).run();
        }
    }

    private static String internalName(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    private Path file(ClassDesc type) {
        return directory.resolve(internalName(type) + ".class");
    }

    private void run() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(f -> f.toString().endsWith(".class")).sorted().toList();
        }
        for (Path file : files) {
            ClassModel model = tool.parse(Files.readAllBytes(file));
            if (needs(model)) {
                written.put(file, new One(model).rewritten());
            }
        }
        for (Map.Entry<ClassDesc, Set<ClassDesc>> nest : nests.entrySet()) {
            Path file = file(nest.getKey());
            byte[] old = written.containsKey(file) ? written.get(file) : Files.readAllBytes(file);
            written.put(file, withMembers(tool.parse(old), nest.getValue()));
        }
        for (Map.Entry<Path, byte[]> entry : written.entrySet()) {
            Files.write(entry.getKey(), entry.getValue());
        }
        removeOrphans();
    }

    /// Deletes the lambdas of an earlier run that the classes as they are now do not have.
    private void removeOrphans() throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.filter(f -> f.getFileName().toString().contains(MARK)).toList()) {
                ClassModel model = tool.parse(Files.readAllBytes(file));
                ClassDesc host = model.findAttribute(Attributes.nestHost())
                        .orElseThrow()
                        .nestHost()
                        .asSymbol();
                boolean known = Files.exists(file(host))
                        && tool.parse(Files.readAllBytes(file(host)))
                                .findAttribute(Attributes.nestMembers())
                                .stream()
                                .flatMap(a -> a.nestMembers().stream())
                                .anyMatch(m -> m.asSymbol().equals(model.thisClass().asSymbol()));
                if (!known) {
                    Files.delete(file);
                }
            }
        }
    }

    private byte[] withMembers(ClassModel host, Set<ClassDesc> added) {
        Set<ClassDesc> members = new LinkedHashSet<>();
        host.findAttribute(Attributes.nestMembers())
                .ifPresent(a -> a.nestMembers().forEach(m -> members.add(m.asSymbol())));
        members.addAll(added);
        return tool.transformClass(
                host,
                ClassTransform.dropping(e -> e instanceof NestMembersAttribute)
                        .andThen(ClassTransform.endHandler(
                                b -> b.with(NestMembersAttribute.ofSymbols(List.copyOf(members))))));
    }

    private static boolean needs(ClassModel model) {
        return model.methods().stream()
                .flatMap(m -> m.code().stream())
                .flatMap(c -> c.elementStream())
                .anyMatch(e -> e instanceof InvokeDynamicInstruction call && isKnown(call));
    }

    private static boolean isKnown(InvokeDynamicInstruction call) {
        DirectMethodHandleDesc bootstrap = call.bootstrapMethod();
        return switch (internalName(bootstrap.owner()) + "." + bootstrap.methodName()) {
            case "java/lang/invoke/LambdaMetafactory.metafactory", "java/lang/runtime/ObjectMethods.bootstrap" -> true;
            case "java/lang/invoke/LambdaMetafactory.altMetafactory" ->
                ((int) call.bootstrapArgs().get(3) & SERIALIZABLE) == 0;
            case "java/lang/runtime/SwitchBootstraps.typeSwitch" ->
                call.bootstrapArgs().stream().allMatch(a -> a instanceof ClassDesc type && !type.isPrimitive());
            default -> false;
        };
    }

    /// The rewriting of one class.
    private final class One {
        private final ClassModel model;
        private final ClassDesc self;
        private final ClassDesc host;
        private final boolean isInterface;
        private final Map<String, java.util.function.Consumer<ClassBuilder>> helpers = new LinkedHashMap<>();
        private int lambdas;

        One(ClassModel model) {
            this.model = model;
            self = model.thisClass().asSymbol();
            host = model.findAttribute(Attributes.nestHost())
                    .map(a -> a.nestHost().asSymbol())
                    .orElse(self);
            isInterface = model.flags().has(java.lang.reflect.AccessFlag.INTERFACE);
        }

        byte[] rewritten() {
            ClassTransform calls = ClassTransform.transformingMethodBodies(this::element);
            return tool.transformClass(
                    model,
                    calls.andThen(ClassTransform.endHandler(b -> helpers.values().forEach(h -> h.accept(b)))));
        }

        private void element(CodeBuilder code, CodeElement element) {
            if (element instanceof RuntimeVisibleTypeAnnotationsAttribute
                    || element instanceof RuntimeInvisibleTypeAnnotationsAttribute) {
                // Annotations of types inside a method say where by an offset, which is lost with the code around it. Nobody asks for them at run time.
                return;
            }
            if (!(element instanceof InvokeDynamicInstruction call && isKnown(call))) {
                code.with(element);
                return;
            }
            switch (call.bootstrapMethod().methodName()) {
                case "typeSwitch" -> helper(code, "typeSwitch$" + helpers.size(), call.typeSymbol(), c -> typeSwitch(c, call));
                case "bootstrap" -> helper(code, call.name().stringValue() + "$" + helpers.size(), call.typeSymbol(), c -> record(c, call));
                default -> lambda(code, call);
            }
        }

        /// Calls a method that is added to the class.
        private void helper(CodeBuilder code, String name, MethodTypeDesc type, java.util.function.Consumer<CodeBuilder> body) {
            helpers.put(
                    name, b -> b.withMethodBody(name, type, ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC, body::accept));
            code.invokestatic(self, name, type, isInterface);
        }

        /// The number of the first label from `restart` on whose type the object has: -1 for null, the number of labels if there is none.
        private void typeSwitch(CodeBuilder code, InvokeDynamicInstruction call) {
            Label some = code.newLabel();
            code.aload(0).ifnonnull(some).iconst_m1().ireturn().labelBinding(some);
            int count = call.bootstrapArgs().size();
            for (int i = 0; i < count; i++) {
                Label next = code.newLabel();
                code.iload(1).loadConstant(i).if_icmpgt(next).aload(0)
                        .instanceOf((ClassDesc) call.bootstrapArgs().get(i)).ifeq(next);
                code.loadConstant(i).ireturn().labelBinding(next);
            }
            code.loadConstant(count).ireturn();
        }

        // ------------------------------------------------------------------------------------------- records

        private void record(CodeBuilder code, InvokeDynamicInstruction call) {
            List<DirectMethodHandleDesc> fields = call.bootstrapArgs().stream()
                    .skip(2)
                    .map(DirectMethodHandleDesc.class::cast)
                    .toList();
            switch (call.name().stringValue()) {
                case "toString" -> text(code, ((String) call.bootstrapArgs().get(1)).split(";"), fields);
                case "hashCode" -> hash(code, fields);
                case "equals" -> equality(code, fields);
                default -> throw new IllegalArgumentException(call.toString());
            }
        }

        private static ClassDesc type(DirectMethodHandleDesc field) {
            return field.invocationType().returnType();
        }

        private void text(CodeBuilder code, String[] names, List<DirectMethodHandleDesc> fields) {
            ClassDesc builder = ClassDesc.of("java.lang.StringBuilder");
            MethodTypeDesc append = MethodTypeDesc.of(builder, ConstantDescs.CD_String);
            String name = self.displayName();
            code.new_(builder).dup().invokespecial(builder, "<init>", MethodTypeDesc.of(ConstantDescs.CD_void));
            String before = name.substring(name.lastIndexOf('$') + 1) + "[";
            for (int i = 0; i < fields.size(); i++) {
                code.loadConstant(before + names[i] + "=").invokevirtual(builder, "append", append);
                ClassDesc type = type(fields.get(i));
                ClassDesc shown = !type.isPrimitive()
                        ? ConstantDescs.CD_Object
                        : TypeKind.from(type).asLoadable() == TypeKind.INT
                                        && !type.equals(ConstantDescs.CD_boolean)
                                        && !type.equals(ConstantDescs.CD_char)
                                ? ConstantDescs.CD_int
                                : type;
                code.aload(0).getfield(self, fields.get(i).methodName(), type);
                code.invokestatic(ConstantDescs.CD_String, "valueOf", MethodTypeDesc.of(ConstantDescs.CD_String, shown));
                code.invokevirtual(builder, "append", append);
                before = ", ";
            }
            code.loadConstant(fields.isEmpty() ? before + "]" : "]").invokevirtual(builder, "append", append);
            code.invokevirtual(builder, "toString", MethodTypeDesc.of(ConstantDescs.CD_String)).areturn();
        }

        private void hash(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
            code.iconst_0();
            for (DirectMethodHandleDesc field : fields) {
                ClassDesc type = type(field);
                code.loadConstant(31).imul().aload(0).getfield(self, field.methodName(), type);
                ClassDesc owner = type.isPrimitive() ? box(type) : ClassDesc.of("java.util.Objects");
                ClassDesc given = type.isPrimitive() ? type : ConstantDescs.CD_Object;
                code.invokestatic(owner, "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, given)).iadd();
            }
            code.ireturn();
        }

        private void equality(CodeBuilder code, List<DirectMethodHandleDesc> fields) {
            Label different = code.newLabel();
            code.aload(1).instanceOf(self).ifeq(different);
            for (DirectMethodHandleDesc field : fields) {
                ClassDesc type = type(field);
                code.aload(0).getfield(self, field.methodName(), type);
                code.aload(1).checkcast(self).getfield(self, field.methodName(), type);
                if (!type.isPrimitive()) {
                    ClassDesc object = ConstantDescs.CD_Object;
                    code.invokestatic(
                                    ClassDesc.of("java.util.Objects"),
                                    "equals",
                                    MethodTypeDesc.of(ConstantDescs.CD_boolean, object, object))
                            .ifeq(different);
                } else if (TypeKind.from(type).asLoadable() == TypeKind.INT) {
                    code.if_icmpne(different);
                } else {
                    code.invokestatic(box(type), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type))
                            .ifne(different);
                }
            }
            code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
        }

        // ------------------------------------------------------------------------------------------- lambdas

        private void lambda(CodeBuilder code, InvokeDynamicInstruction call) {
            ClassDesc name = ClassDesc.ofInternalName(internalName(self) + MARK + lambdas++);
            MethodTypeDesc captures = call.typeSymbol();
            written.put(file(name), function(name, call));
            nests.computeIfAbsent(host, h -> new LinkedHashSet<>()).add(name);
            if (captures.parameterCount() == 0) {
                code.getstatic(name, FIRST, captures.returnType());
            } else {
                code.invokestatic(name, "of", captures);
            }
        }

        private byte[] function(ClassDesc name, InvokeDynamicInstruction call) {
            MethodTypeDesc captures = call.typeSymbol();
            List<ConstantDesc> args = call.bootstrapArgs();
            List<ClassDesc> interfaces = new ArrayList<>(List.of(captures.returnType()));
            Set<MethodTypeDesc> types = new LinkedHashSet<>(List.of((MethodTypeDesc) args.get(0)));
            extras(args, interfaces, types);
            MethodTypeDesc create = captures.changeReturnType(ConstantDescs.CD_void);
            return tool.build(name, b -> {
                b.withFlags(ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC).withInterfaceSymbols(interfaces);
                b.with(NestHostAttribute.of(host));
                for (int i = 0; i < captures.parameterCount(); i++) {
                    b.withField("f" + i, captures.parameterType(i), ACC_PRIVATE | ACC_FINAL);
                }
                b.withMethodBody("<init>", create, ACC_PRIVATE, c -> {
                    c.aload(0).invokespecial(ConstantDescs.CD_Object, "<init>", MethodTypeDesc.of(ConstantDescs.CD_void));
                    for (int i = 0; i < captures.parameterCount(); i++) {
                        ClassDesc type = captures.parameterType(i);
                        c.aload(0).loadLocal(TypeKind.from(type), c.parameterSlot(i)).putfield(name, "f" + i, type);
                    }
                    c.return_();
                });
                if (captures.parameterCount() == 0) {
                    b.withField(FIRST, captures.returnType(), ACC_STATIC | ACC_FINAL);
                    b.withMethodBody("<clinit>", MethodTypeDesc.of(ConstantDescs.CD_void), ACC_STATIC, c -> c.new_(name)
                            .dup()
                            .invokespecial(name, "<init>", create)
                            .putstatic(name, FIRST, captures.returnType())
                            .return_());
                } else {
                    b.withMethodBody("of", captures, ACC_STATIC, c -> {
                        c.new_(name).dup();
                        for (int i = 0; i < captures.parameterCount(); i++) {
                            c.loadLocal(TypeKind.from(captures.parameterType(i)), c.parameterSlot(i));
                        }
                        c.invokespecial(name, "<init>", create).areturn();
                    });
                }
                for (MethodTypeDesc type : types) {
                    b.withMethodBody(
                            call.name().stringValue(),
                            type,
                            ACC_PUBLIC,
                            c -> body(c, name, captures, type, (DirectMethodHandleDesc) args.get(1), (MethodTypeDesc)
                                    args.get(2)));
                }
            });
        }

        /// The markers and bridges of a lambda that has some.
        private void extras(List<ConstantDesc> args, List<ClassDesc> interfaces, Set<MethodTypeDesc> types) {
            if (args.size() <= 3) {
                return;
            }
            int flags = (int) args.get(3);
            int at = 4;
            if ((flags & MARKERS) != 0) {
                int count = (int) args.get(at++);
                for (int i = 0; i < count; i++) {
                    interfaces.add((ClassDesc) args.get(at++));
                }
            }
            if ((flags & BRIDGES) != 0) {
                int count = (int) args.get(at++);
                for (int i = 0; i < count; i++) {
                    types.add((MethodTypeDesc) args.get(at++));
                }
            }
        }

        private void body(
                CodeBuilder c,
                ClassDesc name,
                MethodTypeDesc captures,
                MethodTypeDesc type,
                DirectMethodHandleDesc target,
                MethodTypeDesc instantiated) {
            boolean creates = target.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR;
            if (creates) {
                c.new_(target.owner()).dup();
            }
            // With the receiver first, where there is one.
            MethodTypeDesc called = target.invocationType();
            int captured = captures.parameterCount();
            for (int i = 0; i < captured; i++) {
                c.aload(0).getfield(name, "f" + i, captures.parameterType(i));
                convert(c, captures.parameterType(i), captures.parameterType(i), called.parameterType(i));
            }
            for (int i = 0; i < type.parameterCount(); i++) {
                c.loadLocal(TypeKind.from(type.parameterType(i)), c.parameterSlot(i));
                convert(c, type.parameterType(i), instantiated.parameterType(i), called.parameterType(captured + i));
            }
            MethodTypeDesc descriptor = MethodTypeDesc.ofDescriptor(target.lookupDescriptor());
            switch (target.kind()) {
                case STATIC, INTERFACE_STATIC ->
                    c.invokestatic(target.owner(), target.methodName(), descriptor, target.isOwnerInterface());
                case CONSTRUCTOR -> c.invokespecial(target.owner(), "<init>", descriptor);
                case VIRTUAL, SPECIAL -> c.invokevirtual(target.owner(), target.methodName(), descriptor);
                case INTERFACE_VIRTUAL, INTERFACE_SPECIAL ->
                    c.invokeinterface(target.owner(), target.methodName(), descriptor);
                default -> throw new IllegalArgumentException("a lambda that is " + target);
            }
            ClassDesc given = creates ? target.owner() : called.returnType();
            ClassDesc returned = type.returnType();
            if (returned.equals(ConstantDescs.CD_void)) {
                if (!given.equals(ConstantDescs.CD_void)) {
                    if (TypeKind.from(given).slotSize() == 2) {
                        c.pop2();
                    } else {
                        c.pop();
                    }
                }
            } else {
                convert(c, given, instantiated.returnType(), returned);
            }
            c.return_(TypeKind.from(returned));
        }

        /// Turns what lies on the stack, of type `from`, known to be a `known`, into a `to`.
        private void convert(CodeBuilder c, ClassDesc from, ClassDesc known, ClassDesc to) {
            if (from.isPrimitive() && to.isPrimitive()) {
                TypeKind source = TypeKind.from(from).asLoadable();
                TypeKind target = TypeKind.from(to).asLoadable();
                if (source != target) {
                    c.conversion(source, target);
                }
            } else if (from.isPrimitive()) {
                ClassDesc boxed = box(from);
                c.invokestatic(boxed, "valueOf", MethodTypeDesc.of(boxed, from));
            } else if (to.isPrimitive()) {
                ClassDesc boxed = !known.isPrimitive() && isBox(known) ? known : box(known.isPrimitive() ? known : to);
                if (!from.equals(boxed)) {
                    c.checkcast(boxed);
                }
                ClassDesc primitive = unboxed(boxed);
                c.invokevirtual(boxed, primitive.displayName() + "Value", MethodTypeDesc.of(primitive));
                convert(c, primitive, primitive, to);
            } else if (!to.equals(ConstantDescs.CD_Object) && !to.equals(from)) {
                c.checkcast(to);
            }
        }
    }

    private static final Map<ClassDesc, ClassDesc> BOXES = Map.of(
            ConstantDescs.CD_boolean, ConstantDescs.CD_Boolean,
            ConstantDescs.CD_byte, ConstantDescs.CD_Byte,
            ConstantDescs.CD_short, ConstantDescs.CD_Short,
            ConstantDescs.CD_char, ConstantDescs.CD_Character,
            ConstantDescs.CD_int, ConstantDescs.CD_Integer,
            ConstantDescs.CD_long, ConstantDescs.CD_Long,
            ConstantDescs.CD_float, ConstantDescs.CD_Float,
            ConstantDescs.CD_double, ConstantDescs.CD_Double);

    private static ClassDesc box(ClassDesc primitive) {
        return BOXES.get(primitive);
    }

    private static boolean isBox(ClassDesc type) {
        return BOXES.containsValue(type);
    }

    private static ClassDesc unboxed(ClassDesc box) {
        return BOXES.entrySet().stream()
                .filter(e -> e.getValue().equals(box))
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
