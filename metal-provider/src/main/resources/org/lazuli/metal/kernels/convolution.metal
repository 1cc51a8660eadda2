// What the convolution kernels share: which input element an output position meets at a place of the kernel.
//
// Input and weight may have any strides; the result is row-major. Defined before this text: SPATIAL, the number of spatial axes.

struct Axis {
    int input;         // sizes
    int output;
    int kernel_size;
    int stride;
    int first;         // where output position 0 meets place 0, in the padded and dilated input
    int step;          // and how much further each next place lies: backwards where the kernel is flipped
    int dilation;      // of the input
    int inputStride;   // in elements
    int weightStride;
};

struct Geometry {
    int positions;     // output positions of all samples
    int depth;         // places of the kernel times the channels of a group
    int groupIn;       // channels of a group
    int groupOut;
    int outChannels;
    int inputSample;   // strides
    int inputChannel;
    int weightOut;
    int weightChannel;
    Axis axes[SPATIAL];
};

// A place of the kernel and a channel of the group.
struct Place {
    int at[SPATIAL];
    int channel;
};

inline Place place_of(constant Geometry& g, int depth) {
    Place place;
    place.channel = depth % g.groupIn;
    int rest = depth / g.groupIn;
    for (int axis = SPATIAL - 1; axis >= 0; axis--) {
        place.at[axis] = rest % g.axes[axis].kernel_size;
        rest /= g.axes[axis].kernel_size;
    }
    return place;
}

inline int weight_offset(constant Geometry& g, thread const Place& place) {
    int offset = place.channel * g.weightChannel;
    for (int axis = 0; axis < SPATIAL; axis++) {
        offset += place.at[axis] * g.axes[axis].weightStride;
    }
    return offset;
}

// Where an output position begins: its sample's offset, and along each axis what it meets at place 0.
struct Position {
    int sample;
    int at[SPATIAL];
};

inline Position position_of(constant Geometry& g, int number) {
    Position position;
    for (int axis = SPATIAL - 1; axis >= 0; axis--) {
        position.at[axis] = number % g.axes[axis].output * g.axes[axis].stride + g.axes[axis].first;
        number /= g.axes[axis].output;
    }
    position.sample = number * g.inputSample;
    return position;
}

// Adds to `offset` how far the input element lies along one axis; false where there is none: outside, or between the
// elements of a dilated input.
inline bool meet(constant Axis& axis, int start, int place, thread int& offset) {
    const int coordinate = start + place * axis.step;
    if (coordinate < 0 || coordinate % axis.dilation != 0) {
        return false;
    }
    const int element = coordinate / axis.dilation;
    offset += element * axis.inputStride;
    return element < axis.input;
}
