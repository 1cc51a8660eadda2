package org.lazuli.metal.objc;

/// The values of Metal's enumerations that are used, all of them.
public enum MetalConstant {
    STORAGE_SHARED("MTLResourceOptions", "MTLResourceStorageModeShared", 0),
    HAZARDS_UNTRACKED("MTLResourceOptions", "MTLResourceHazardTrackingModeUntracked", 256),
    DISPATCH_CONCURRENT("MTLDispatchType", "MTLDispatchTypeConcurrent", 1),
    BARRIER_BUFFERS("MTLBarrierScope", "MTLBarrierScopeBuffers", 1),
    STATUS_COMPLETED("MTLCommandBufferStatus", "MTLCommandBufferStatusCompleted", 4),
    STATUS_ERROR("MTLCommandBufferStatus", "MTLCommandBufferStatusError", 5),
    LANGUAGE_3_1("MTLLanguageVersion", "MTLLanguageVersion3_1", 196_609),
    MATH_SAFE("MTLMathMode", "MTLMathModeSafe", 0),
    MATH_RELAXED("MTLMathMode", "MTLMathModeRelaxed", 1),
    MATH_FAST("MTLMathMode", "MTLMathModeFast", 2),
    /// The first GPUs of Apple silicon in a Mac, the M1's.
    FAMILY_APPLE_7("MTLGPUFamily", "MTLGPUFamilyApple7", 1007);

    private final String type;
    private final String constant;
    private final long value;

    MetalConstant(String type, String constant, long value) {
        this.type = type;
        this.constant = constant;
        this.value = value;
    }

    /// The enumeration.
    public String type() {
        return type;
    }

    /// The name in Apple's headers.
    public String constant() {
        return constant;
    }

    public long value() {
        return value;
    }
}
