// What the attention kernels share: the operands' layout and what a query sees.
//
// Defined before this text: ELEMENT; MASK (0: none, 1: boolean, 2: added to the scores); CAUSAL; LOWEST, the lowest finite number of
// ELEMENT, which is the score of a key that a query does not see.

#if MASK == 1
typedef uchar MaskElement;
#else
typedef ELEMENT MaskElement;
#endif

struct Attention {
    int queries;
    int keys;
    int size;        // of a query and a key
    int valueSize;
    int heads;
    int group;       // query heads that share keys and values
    int q[4];        // strides: batch, head, length, size
    int k[4];
    int v[4];
    int mask[4];
    float scale;
};

// Where a running maximum starts: finite, so that scores of -infinity weigh nothing beside a larger one.
constant constexpr float LOWEST_FLOAT = -3.402823466e+38f;

// A hidden key's score, LOWEST, adds nothing beside one that is larger by this much.
constant constexpr float NEGLIGIBLE = 200.0f;

// The score of one query and key from their scaled product.
inline float seen(constant Attention& a, device const MaskElement* mask, int query, int key, float product) {
#if MASK == 1
    if (mask[query * a.mask[2] + key * a.mask[3]] == 0) {
        return LOWEST;
    }
#elif MASK == 2
    product += float(mask[query * a.mask[2] + key * a.mask[3]]);
#endif
#if CAUSAL
    if (key > query + a.keys - a.queries) {
        return LOWEST;
    }
#endif
    return product;
}
