// How an update meets an element.
//
// Defined before this text: ELEMENT; UPDATE (0: set, 1: add, 2: multiply, 3: maximum, 4: minimum); and, but for set, KIND of the
// elements (0: bool, 1: integer, with WIDE an unsigned type of 4 or 8 bytes, 2: floating point, 3: complex, with TIES where a minimum takes the
// second of two that compare equal). Setting only moves: ELEMENT may be any type of the size.

#if UPDATE != 0
#if KIND == 2
// NaN if there is one; of zeros the positive one is larger.
inline float extreme(float a, float b) {
    if (isnan(a) || isnan(b)) {
        return isnan(a) ? a : b;
    }
    if (a == b) {
#if UPDATE == 3
        return as_type<float>(as_type<uint>(a) & as_type<uint>(b));
#else
        return as_type<float>(as_type<uint>(a) | as_type<uint>(b));
#endif
    }
#if UPDATE == 3
    return a > b ? a : b;
#else
    return a < b ? a : b;
#endif
}
#endif

#if KIND == 3
// The order of complex numbers: by real part, then by imaginary part.
inline bool precedes(float2 a, float2 b) {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
#endif
#endif

// The element with the update combined into it, rounded to its type.
inline ELEMENT combine(ELEMENT element, ELEMENT update) {
#if UPDATE == 0
    return update;
#elif KIND == 0
#if UPDATE == 1 || UPDATE == 3
    return ELEMENT(element | update);
#else
    return ELEMENT(element & update);
#endif
#elif KIND == 1
    // Sums and products wrap: as unsigned numbers, in which they are defined to.
#if UPDATE == 1
    return ELEMENT(WIDE(element) + WIDE(update));
#elif UPDATE == 2
    return ELEMENT(WIDE(element) * WIDE(update));
#elif UPDATE == 3
    return element < update ? update : element;
#else
    return update < element ? update : element;
#endif
#elif KIND == 2
#if UPDATE == 1
    return ELEMENT(float(element) + float(update));
#elif UPDATE == 2
    return ELEMENT(float(element) * float(update));
#else
    return ELEMENT(extreme(float(element), float(update)));
#endif
#else
#if UPDATE == 1
    return element + update;
#elif UPDATE == 2
    return float2(
            element.x * update.x - element.y * update.y,
            element.x * update.y + element.y * update.x);
#else
    if (isnan(element.x) || isnan(element.y)) {
        return element;
    }
    if (isnan(update.x) || isnan(update.y)) {
        return update;
    }
#if UPDATE == 3
    if (precedes(element, update)) {
        return update;
    }
#elif TIES
    if (!precedes(element, update)) {
        return update;
    }
#else
    if (precedes(update, element)) {
        return update;
    }
#endif
    return element;
#endif
#endif
}
