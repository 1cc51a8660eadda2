package org.lazuli.metal.objc;

/// The messages that are sent, all of them.
///
/// A shape is written as in the names of the bindings: the result, then the arguments after the receiver and the selector. `p` is a pointer
/// or object, `u` an integer of 64 bits, `b` a boolean, `z` an MTLSize, `v` no result.
public enum Selector {
    RETAIN("NSObject", Kind.INSTANCE, "retain", "p", false),
    RELEASE("NSObject", Kind.INSTANCE, "release", "v", false),
    RESPONDS_TO_SELECTOR("NSObject", Kind.INSTANCE, "respondsToSelector:", "b_p", false),

    STRING_WITH_UTF8("NSString", Kind.CLASS, "stringWithUTF8String:", "p_p", false),
    UTF8_STRING("NSString", Kind.INSTANCE, "UTF8String", "p", false),
    ERROR_DESCRIPTION("NSError", Kind.INSTANCE, "localizedDescription", "p", false),
    ERROR_CODE("NSError", Kind.INSTANCE, "code", "u", false),

    DEVICE_NAME("MTLDevice", Kind.INSTANCE, "name", "p", false),
    DEVICE_ARCHITECTURE("MTLDevice", Kind.INSTANCE, "architecture", "p", false),
    ARCHITECTURE_NAME("MTLArchitecture", Kind.INSTANCE, "name", "p", false),
    SUPPORTS_FAMILY("MTLDevice", Kind.INSTANCE, "supportsFamily:", "b_u", false),
    RECOMMENDED_WORKING_SET("MTLDevice", Kind.INSTANCE, "recommendedMaxWorkingSetSize", "u", false),
    MAX_BUFFER_LENGTH("MTLDevice", Kind.INSTANCE, "maxBufferLength", "u", false),
    NEW_BUFFER("MTLDevice", Kind.INSTANCE, "newBufferWithLength:options:", "p_uu", true),
    NEW_COMMAND_QUEUE("MTLDevice", Kind.INSTANCE, "newCommandQueue", "p", true),
    NEW_SHARED_EVENT("MTLDevice", Kind.INSTANCE, "newSharedEvent", "p", true),
    NEW_LIBRARY("MTLDevice", Kind.INSTANCE, "newLibraryWithSource:options:error:", "p_ppp", true),
    NEW_PIPELINE("MTLDevice", Kind.INSTANCE, "newComputePipelineStateWithFunction:error:", "p_pp", true),

    NEW_COMPILE_OPTIONS("MTLCompileOptions", Kind.CLASS, "new", "p", true),
    SET_LANGUAGE_VERSION("MTLCompileOptions", Kind.INSTANCE, "setLanguageVersion:", "v_u", false),
    SET_MATH_MODE("MTLCompileOptions", Kind.INSTANCE, "setMathMode:", "v_u", false),
    SET_FAST_MATH_ENABLED("MTLCompileOptions", Kind.INSTANCE, "setFastMathEnabled:", "v_b", false),
    NEW_FUNCTION("MTLLibrary", Kind.INSTANCE, "newFunctionWithName:", "p_p", true),
    MAX_THREADS("MTLComputePipelineState", Kind.INSTANCE, "maxTotalThreadsPerThreadgroup", "u", false),
    EXECUTION_WIDTH("MTLComputePipelineState", Kind.INSTANCE, "threadExecutionWidth", "u", false),

    BUFFER_CONTENTS("MTLBuffer", Kind.INSTANCE, "contents", "p", false),

    COMMAND_BUFFER("MTLCommandQueue", Kind.INSTANCE, "commandBufferWithUnretainedReferences", "p", false),
    COMPUTE_ENCODER("MTLCommandBuffer", Kind.INSTANCE, "computeCommandEncoderWithDispatchType:", "p_u", false),
    ENCODE_SIGNAL("MTLCommandBuffer", Kind.INSTANCE, "encodeSignalEvent:value:", "v_pu", false),
    ENCODE_WAIT("MTLCommandBuffer", Kind.INSTANCE, "encodeWaitForEvent:value:", "v_pu", false),
    COMMIT("MTLCommandBuffer", Kind.INSTANCE, "commit", "v", false),
    WAIT_UNTIL_COMPLETED("MTLCommandBuffer", Kind.INSTANCE, "waitUntilCompleted", "v", false),
    STATUS("MTLCommandBuffer", Kind.INSTANCE, "status", "u", false),
    ERROR("MTLCommandBuffer", Kind.INSTANCE, "error", "p", false),

    SET_PIPELINE("MTLComputeCommandEncoder", Kind.INSTANCE, "setComputePipelineState:", "v_p", false),
    SET_BUFFER("MTLComputeCommandEncoder", Kind.INSTANCE, "setBuffer:offset:atIndex:", "v_puu", false),
    SET_BYTES("MTLComputeCommandEncoder", Kind.INSTANCE, "setBytes:length:atIndex:", "v_puu", false),
    SET_THREADGROUP_MEMORY(
            "MTLComputeCommandEncoder", Kind.INSTANCE, "setThreadgroupMemoryLength:atIndex:", "v_uu", false),
    DISPATCH_THREADS(
            "MTLComputeCommandEncoder", Kind.INSTANCE, "dispatchThreads:threadsPerThreadgroup:", "v_zz", false),
    DISPATCH_THREADGROUPS(
            "MTLComputeCommandEncoder", Kind.INSTANCE, "dispatchThreadgroups:threadsPerThreadgroup:", "v_zz", false),
    MEMORY_BARRIER("MTLComputeCommandEncoder", Kind.INSTANCE, "memoryBarrierWithScope:", "v_u", false),
    END_ENCODING("MTLCommandEncoder", Kind.INSTANCE, "endEncoding", "v", false),

    SIGNALED_VALUE("MTLSharedEvent", Kind.INSTANCE, "signaledValue", "u", false),
    SET_SIGNALED_VALUE("MTLSharedEvent", Kind.INSTANCE, "setSignaledValue:", "v_u", false),
    WAIT_UNTIL_SIGNALED("MTLSharedEvent", Kind.INSTANCE, "waitUntilSignaledValue:timeoutMS:", "b_uu", false);

    /// Whether a message goes to an object or to its class.
    public enum Kind {
        INSTANCE,
        CLASS
    }

    private final String type;
    private final Kind kind;
    private final String selector;
    private final String shape;
    private final boolean retained;

    Selector(String type, Kind kind, String selector, String shape, boolean retained) {
        this.type = type;
        this.kind = kind;
        this.selector = selector;
        this.shape = shape;
        this.retained = retained;
    }

    /// The class or protocol that declares it.
    public String type() {
        return type;
    }

    public Kind kind() {
        return kind;
    }

    /// Its name in Objective-C.
    public String selector() {
        return selector;
    }

    /// The shape of the call, such as `v_puu`.
    public String shape() {
        return shape;
    }

    /// True if the caller owns the object that is returned.
    public boolean isRetained() {
        return retained;
    }
}
