// Texts that only the compiler's look can tell to be wrong, because a type depends on a template's parameter or on which
// overload is chosen: `//// name | rule | words of the message`.

//// narrowing in a template | COMPILER | an implicit conversion from float to half
template <typename T>
T twice(float x) {
    T y = x;
    return y + y;
}
kernel void k(device half* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = twice<half>(1.0f);
}

//// vector condition in a template | COMPILER | ?: with a condition
template <typename T>
T positive(T x) {
    return x < 0 ? -x : x;
}
kernel void k(device float4* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = positive<float4>(out[i]);
}

//// function that a type lacks | COMPILER | no
struct Pair { float first; };
template <typename T>
float second(T pair) {
    return pair.second;
}
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    Pair p = {1.0f};
    out[i] = second<Pair>(p);
}

//// recursion through a template | COMPILER | calls itself
template <typename T>
T down(T x, int depth) {
    return depth == 0 ? x : down<T>(x, depth - 1);
}
kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    out[i] = down<float>(out[i], 3);
}
