// Texts that Metal's compiler, or our subset, refuses. Each starts with a line `//// name | rule | words of the message`;
// "#include <metal_stdlib>" and "using namespace metal;" are put before it.

//// pointer into another space | ADDRESS_SPACE | a pointer to device memory becomes one to thread memory
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    thread float* p = out;
    p[i] = 1.0f;
}

//// pointer without a space to device memory | ADDRESS_SPACE | a pointer without an address space
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float* p = out;
    p[i] = 1.0f;
}

//// pointer without a space to a local | ADDRESS_SPACE | a pointer without an address space
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float x = 1.0f;
    float* p = &x;
    out[i] = *p;
}

//// parameter without a space | ADDRESS_SPACE | a pointer without an address space
void store(float* p) { *p = 1.0f; }
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float x;
    store(&x);
    out[i] = x;
}

//// reference without a space | ADDRESS_SPACE | a reference without an address space
void twice(float& x) { x = x * 2.0f; }
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float x = 1.0f;
    twice(x);
    out[i] = x;
}

//// argument of another space | ADDRESS_SPACE | a pointer to device memory passed for p
float first(threadgroup const float* p) { return p[0]; }
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = first(out);
}

//// cast into another space | ADDRESS_SPACE | a conversion from device to threadgroup memory
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    threadgroup float* p = (threadgroup float*)out;
    out[i] = p[0];
}

//// write through constant | READ_ONLY | a write to what is const
kernel void k(device float* out [[buffer(0)]], constant float& scale [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    scale = 1.0f;
    out[i] = scale;
}

//// write through a pointer to const | READ_ONLY | a write to what is const
kernel void k(device const float* in [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    in[i] = 1.0f;
}

//// const lost | READ_ONLY | a pointer to const becomes one that may write
kernel void k(device const float* in [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    device float* p = in;
    p[i] = 1.0f;
}

//// double variable | WORD | Metal has no 64-bit floating-point numbers
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    double d = 1;
    out[i] = d;
}

//// double parameter | WORD | Metal has no 64-bit floating-point numbers
kernel void k(device double* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1.0f;
}

//// double literal | LITERAL | 1.5 is of type double
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = out[i] * 1.5;
}

//// double literal with an exponent | LITERAL | 1e-5 is of type double
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = out[i] + 1e-5;
}

//// hexadecimal floating-point literal | LITERAL | C++17
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 0x1.8p3f;
}

//// long long literal | LITERAL | no number of Metal's language
kernel void k(device ulong* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1ull;
}

//// recursion | RECURSION | halve calls itself
float halve(float x) { return x < 1.0f ? x : halve(x * 0.5f); }
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = halve(out[i]);
}

//// recursion in a template | RECURSION | halve calls itself
template <typename T>
T halve(T x) { return x < T(1) ? x : halve(x / T(2)); }
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = halve(out[i]);
}

//// virtual function | WORD | Metal has no virtual functions
struct Base {
    virtual float value() { return 1.0f; }
};
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    Base b;
    out[i] = b.value();
}

//// derived class | GRAMMAR | no derived classes
struct Base { float x; };
struct Derived : Base { float y; };
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    Derived d;
    out[i] = d.x;
}

//// function pointer | GRAMMAR | Metal has no pointers to functions
float square(float x) { return x * x; }
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float (*f)(float) = square;
    out[i] = f(out[i]);
}

//// function as a value | NAME | Metal has no pointers to functions
float square(float x) { return x * x; }
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    auto f = square;
    out[i] = f(out[i]);
}

//// exceptions | WORD | Metal has no exceptions
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    try {
        out[i] = 1.0f;
    } catch (int e) {
    }
}

//// throw | WORD | Metal has no exceptions
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    if (i > 3) throw 1;
    out[i] = 1.0f;
}

//// new | WORD | Metal has no dynamic memory
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    thread float* p = new float[4];
    out[i] = p[0];
}

//// delete | WORD | Metal has no dynamic memory
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    delete out;
}

//// goto | WORD | Metal has no goto
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    goto end;
    end: out[i] = 1.0f;
}

//// variable at program scope | STORAGE | must be in the constant space
float counter = 1.0f;
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = counter;
}

//// constant without a value | STORAGE | a constant without a value
constant float factor;
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = factor;
}

//// static local variable | STORAGE | a static local variable
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    static int n = 0;
    n++;
    out[i] = n;
}

//// thread_local | WORD | no such storage class
thread_local float g;
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = g;
}

//// vector condition | VECTOR_CONDITION | ?: needs a scalar condition
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float4 x = float4(out[i]);
    float4 y = x < 0.0f ? -x : x;
    out[i] = y.x;
}

//// vector as the condition of if | VECTOR_CONDITION | use any or all
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float2 x = float2(out[i]);
    if (x < 0.0f) out[i] = 1.0f;
}

//// vector of another size | CONVERSION | a float4 becomes float3
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float4 x = float4(1.0f);
    float3 y = x;
    out[i] = y.x;
}

//// vector of another element | CONVERSION | a int4 becomes float4
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    int4 x = int4(1);
    float4 y = x;
    out[i] = y.x;
}

//// vectors of two types added | CONVERSION | float4 + float2
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = (float4(1.0f) + float2(2.0f)).x;
}

//// too many components | CONVERSION | float2 from 3 components
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = float2(1.0f, 2.0f, 3.0f).x;
}

//// float into half | CONVERSION | a float becomes half
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    half h = out[i];
    out[i] = h;
}

//// float into bfloat | CONVERSION | a float assigned to bfloat
kernel void k(device bfloat* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1.0f;
}

//// half and bfloat added | CONVERSION | convert one to float
kernel void k(device bfloat* a [[buffer(0)]], device half* b [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    b[i] = half(a[i] + b[i]);
}

//// remainder of floats | CONVERSION | only for integers
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = out[i] % 2.0f;
}

//// ambiguous maximum | CONVERSION | max of uint and int is ambiguous
kernel void k(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = max(out[i], 1);
}

//// square root of an integer | CONVERSION | sqrt is not defined for int
kernel void k(device int* in [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    out[i] = sqrt(in[i]);
}

//// exponential of bfloat | CONVERSION | exp is not defined for bfloat
kernel void k(device bfloat* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = bfloat(exp(out[i]));
}

//// as_type of another size | CONVERSION | which has another size
kernel void k(device uint* out [[buffer(0)]], device half* in [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    out[i] = as_type<uint>(in[i]);
}

//// threadgroup variable outside a kernel | STORAGE | outside the outermost block of a kernel
void f(uint i) {
    threadgroup float t[4];
    t[i] = 1.0f;
}
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    f(i);
    out[i] = 1.0f;
}

//// threadgroup variable with an initialiser | STORAGE | threadgroup memory has no initialiser
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    threadgroup float t = 1.0f;
    out[i] = t;
}

//// threadgroup variable at program scope | STORAGE | must be in the constant space
threadgroup float t[4];
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = t[0];
}

//// local variable in constant memory | STORAGE | a local variable in constant memory
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    constant float two = 2.0f;
    out[i] = two;
}

//// if constexpr | WORD | C++17
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    if constexpr (sizeof(int) == 4) out[i] = 1.0f;
}

//// structured binding | GRAMMAR | structured bindings are C++17
struct Pair { float a; float b; };
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    Pair p;
    auto [x, y] = p;
    out[i] = x + y;
}

//// unknown function | NAME | frobnicate
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = frobnicate(out[i]);
}

//// function that Metal lacks | NAME | erf
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = erf(out[i]);
}

//// unknown variable | NAME | neither declared nor in the allow-list
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = missing;
}

//// unknown type | NAME | not a type of the allow-list
kernel void k(device quaternion* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1;
}

//// std | WORD | Metal has no std
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = std::max(out[i], 1.0f);
}

//// atomic function on a plain pointer | ATOMIC | which is not atomic
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    atomic_fetch_add_explicit(out, 1.0f, memory_order_relaxed);
}

//// 64-bit atomic type | NAME | atomic_ulong
kernel void k(device atomic_ulong* out [[buffer(0)]]) {
    atomic_fetch_add_explicit(out, 1ul, memory_order_relaxed);
}

//// 64-bit atomic by its template | ATOMIC | of type ulong
kernel void k(device atomic<ulong>* out [[buffer(0)]]) {
    atomic_fetch_add_explicit(out, 1ul, memory_order_relaxed);
}

//// floating-point atomic in threadgroup memory | ATOMIC | on threadgroup memory of type float
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    threadgroup atomic_float sum;
    atomic_fetch_add_explicit(&sum, 1.0f, memory_order_relaxed);
    out[i] = 1.0f;
}

//// maximum of floating-point atomics | ATOMIC | without min, max and bits
kernel void k(device atomic_float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    atomic_fetch_max_explicit(out, 1.0f, memory_order_relaxed);
}

//// memory order that Metal lacks | NAME | memory_order_seq_cst
kernel void k(device atomic_uint* out [[buffer(0)]]) {
    atomic_fetch_add_explicit(out, 1u, memory_order_seq_cst);
}

//// run-time type information | WORD | no run-time type information
struct S { float x; };
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    S s;
    out[i] = typeid(s).hash_code();
}

//// lambda | GRAMMAR | Metal has no lambda expressions
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    auto f = [](float x) { return x + 1.0f; };
    out[i] = f(out[i]);
}

//// kernel that calls a kernel | KERNEL_CALL | inner is a kernel and cannot be called
kernel void inner(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1.0f;
}
kernel void outer(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    inner(out, i);
}

//// SIMD-group sum of 64-bit integers | CONVERSION | simd_sum is not defined for long
kernel void k(device long* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = simd_sum(out[i]);
}

//// SIMD-group shuffle of bfloat | CONVERSION | simd_shuffle_down is not defined for bfloat
kernel void k(device bfloat* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = simd_shuffle_down(out[i], 1);
}

//// buffer index out of range | BINDING | the last index is 30
kernel void k(device float* out [[buffer(31)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1.0f;
}

//// buffer index twice | BINDING | are both [[buffer(0)]]
kernel void k(device float* a [[buffer(0)]], device float* b [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    b[i] = a[i];
}

//// parameter without an attribute | BINDING | has no attribute
kernel void k(device float* a [[buffer(0)]], device float* b, uint i [[thread_position_in_grid]]) {
    b[i] = a[i];
}

//// unknown attribute | ATTRIBUTE | not in the allow-list
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_the_universe]]) {
    out[i] = 1.0f;
}

//// attribute on a wrong type | ATTRIBUTE | [[thread_position_in_grid]] on a float
kernel void k(device float* out [[buffer(0)]], float i [[thread_position_in_grid]]) {
    out[0] = i;
}

//// value as a buffer | ATTRIBUTE | which is no pointer or reference
kernel void k(device float* out [[buffer(0)]], uint n [[buffer(1)]]) {
    out[0] = n;
}

//// kernel that returns | ATTRIBUTE | must return void
kernel float k(device float* out [[buffer(0)]]) {
    return out[0];
}

//// text without a kernel | GRAMMAR | no kernel in the text
float square(float x) { return x * x; }

//// barrier without flags | CONVERSION | takes one mem_flags
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    threadgroup_barrier();
    out[i] = 1.0f;
}

//// header that Metal lacks | NAME | not a header of the allow-list
#include <cmath>
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1.0f;
}

//// macro that hides a double | LITERAL | 0.5 is of type double
#define HALF_OF(x) ((x) * 0.5)
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = HALF_OF(out[i]);
}

//// inline assembly | WORD | no inline assembly
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    asm("nop");
    out[i] = 1.0f;
}

//// name that is a word of Metal | WORD | only compute functions are compiled
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float2 fragment = float2(1.0f, 2.0f);
    out[i] = fragment.x;
}

//// pragma that is not known | NAME | #pragma once
#pragma once
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1.0f;
}

//// unbalanced condition | GRAMMAR | an #if is not closed
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = 1.0f;
}
#if 0
