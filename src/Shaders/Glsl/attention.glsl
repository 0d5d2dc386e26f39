// What the shaders of attention share: which keys a query sees, how keys and values are read, and what becomes of a product of query and key.
#include "addresses.glsl"
#include "exponential.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Quads { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer HalfQuads { uvec2 at[]; };

layout(constant_id = 1) const uint ORIGIN = 1;       // keys are 0: rows of the micro-batch; 1: in the cache; 2: rows of the encoder
layout(constant_id = 2) const uint TYPE = 0;         // their elements are 0: F32; 1: F16; 2: Q8_0
layout(constant_id = 3) const uint ALIGNED = 0;      // 1: queries, keys and values can be read in fours
layout(constant_id = 4) const uint WIDTH = 64;       // of queries and keys
layout(constant_id = 5) const uint VALUE_WIDTH = 64;
layout(constant_id = 6) const uint QUERIES = 1;      // that a workgroup has

const uint QUADS = (WIDTH + 3) / 4;
const uint VALUE_QUADS = (VALUE_WIDTH + 3) / 4;
// Below all logits: the softmax of no keys.
const float LOWEST = -1e38;

// The numbers of one attention (AttentionBlock.cs).
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer Attention {
    Frame frame;
    View query;             // [rows, heads, WIDTH]
    View result;            // [rows, heads, VALUE_WIDTH]
    uint64_t keys;          // the first key of the first head
    uint64_t values;
    uint64_t keyHeadStride; // bytes from a head's keys to the next one's
    uint64_t valueHeadStride;
    uint keyStride;         // bytes from a key to the next
    uint valueStride;
    Floats sinks;           // [heads]: a logit that takes weight and has no value; address 0: none
    Floats slopes;          // [heads]: ALiBi's, or none
    Floats bias;            // [buckets, heads]: T5's, or none
    Ints buckets;           // [2 * maxDistance + 1]: the bucket of each distance
    Floats partials;        // [rows, heads, splits, 2 + VALUE_WIDTH]: maximum, sum of weights, weighted values
    uint heads;
    uint group;             // query heads for each head of keys
    uint window;
    int maxDistance;
    float factor;
    float softcap;
    uint64_t operands;      // of what is applied to the result
};

// The keys that a sequence's queries may see.
struct KeyList {
    Ints cells;     // the row of each
    Ints positions; // ascending
    uint count;
};

KeyList keys_of(Frame frame, uint span) {
    if (ORIGIN == 2) return KeyList(Ints(0ul), Ints(0ul), frame.encoderCount);
    if (ORIGIN == 0) {
        const uint64_t start = 4ul * uint(frame.spanStarts.at[span]);
        return KeyList(Ints(uint64_t(frame.order) + start), Ints(uint64_t(frame.orderedPositions) + start), uint(frame.spanCounts.at[span]));
    }

    const uint sequence = uint(frame.spanSequences.at[span]);
    const uint64_t start = 4ul * sequence * frame.cellCapacity;
    return KeyList(Ints(uint64_t(frame.keyCells) + start), Ints(uint64_t(frame.keyPositions) + start), uint(frame.keyCounts.at[sequence]));
}

uint row_of_key(KeyList keys, uint key) {
    return ORIGIN == 2 ? key : uint(keys.cells.at[key]);
}

// The number of keys before a position. Most sequences have no gaps, where it is known at once.
uint before(KeyList keys, int64_t position) {
    if (keys.count == 0) return 0;
    const uint guess = uint(clamp(position - keys.positions.at[0], 0l, int64_t(keys.count)));
    const bool isBelow = guess == 0 || keys.positions.at[guess - 1] < position;
    if (isBelow && (guess == keys.count || keys.positions.at[guess] >= position)) return guess;
    uint low = 0;
    uint high = keys.count;
    while (low < high) {
        const uint middle = (low + high) / 2;
        if (keys.positions.at[middle] < position) low = middle + 1;
        else high = middle;
    }

    return low;
}

// The keys that a query at a position sees: from, and up to.
uvec2 visible(KeyList keys, int position, uint window) {
    if (ORIGIN == 2 || (ORIGIN == 0 && window == 0)) return uvec2(0, keys.count);
    if (ORIGIN == 0) return uvec2(before(keys, position - int64_t(window / 2)), before(keys, position + int64_t(window / 2) + 1));
    return uvec2(window == 0 ? 0 : before(keys, position - int64_t(window) + 1), before(keys, int64_t(position) + 1));
}

// Four elements of a query, key or value of 32-bit floats, those beyond its width 0.
vec4 floats4(uint64_t row, uint element, uint width) {
    if (element >= width) return vec4(0);
    if (ALIGNED == 1) return Quads(row + 4ul * element).at[0];
    Floats source = Floats(row);
    vec4 x = vec4(source.at[element], 0, 0, 0);
    if (element + 1 < width) x.y = source.at[element + 1];
    if (element + 2 < width) x.z = source.at[element + 2];
    if (element + 3 < width) x.w = source.at[element + 3];
    return x;
}

vec4 halves4(uint64_t row, uint element, uint width) {
    if (element >= width) return vec4(0);
    if (ALIGNED == 1) {
        const uvec2 x = HalfQuads(row + 2ul * element).at[0];
        return vec4(unpackHalf2x16(x.x), unpackHalf2x16(x.y));
    }

    Halves source = Halves(row);
    uvec2 x = uvec2(uint(source.at[element]), 0);
    if (element + 1 < width) x.x |= uint(source.at[element + 1]) << 16;
    if (element + 2 < width) x.y = uint(source.at[element + 2]);
    if (element + 3 < width) x.y |= uint(source.at[element + 3]) << 16;
    return vec4(unpackHalf2x16(x.x), unpackHalf2x16(x.y));
}

// Blocks of 34 bytes: a scale in half precision, 32 signed bytes. The last one of a row is padded with zeros.
vec4 q8_0_4(uint64_t row, uint element, uint width) {
    if (element >= width) return vec4(0);
    Halves block = Halves(row + 34ul * (element / 32));
    const uint first = 1 + element % 32 / 2;
    const int x = int(uint(block.at[first]) | (uint(block.at[first + 1]) << 16));
    return unpackHalf2x16(uint(block.at[0])).x * vec4((x << 24) >> 24, (x << 16) >> 24, (x << 8) >> 24, x >> 24);
}

vec4 load4(uint64_t row, uint element, uint width) {
    return TYPE == 0 ? floats4(row, element, width) : TYPE == 1 ? halves4(row, element, width) : q8_0_4(row, element, width);
}

// Four elements of a query, times the factor of products.
vec4 query4(Attention a, uint row, uint head, uint element) {
    return a.factor * floats4(uint64_t(row_of(a.query, row, head)), element, WIDTH);
}

// What a product of query and key becomes before the softmax.
float logit(Attention a, float product, uint head, int position, KeyList keys, uint key) {
    // Beyond 20, the hyperbolic tangent is 1, and some devices have it overflow.
    if (a.softcap > 0) product = a.softcap * tanh(clamp(product / a.softcap, -20, 20));
    const bool hasBias = uint64_t(a.bias) != 0;
    const bool hasSlopes = uint64_t(a.slopes) != 0;
    if (ORIGIN == 2 || !(hasBias || hasSlopes)) return product;
    const int distance = keys.positions.at[key] - position;
    if (hasBias) product += a.bias.at[uint(a.buckets.at[clamp(distance, -a.maxDistance, a.maxDistance) + a.maxDistance]) * a.heads + head];
    if (hasSlopes) product -= a.slopes.at[head] * abs(float(distance));
    return product;
}

// What a sum of weighted values is multiplied by, the weights being relative to the largest logit.
float final_factor(Attention a, uint head, float largest, float total) {
    if (uint64_t(a.sinks) == 0) return total > 0 ? 1 / total : 0;
    const float sink = a.sinks.at[head];
    const float larger = max(largest, sink);
    const float factor = exact_exp(largest - larger);
    return factor / (total * factor + exact_exp(sink - larger));
}

// Left open for elementwise operations that follow, as in products.glsl; the column is that of the heads side by side.
float after(float value, uint row, uint column, uint64_t extras) { return value; }

// The same of four elements of a head; those beyond its width are not written.
vec4 after4(Attention a, vec4 x, uint row, uint head, uint element) {
    [[unroll]] for (uint i = 0; i < 4; i++) {
        if (element + i < VALUE_WIDTH) x[i] = after(x[i], row, head * VALUE_WIDTH + element + i, a.operands);
    }

    return x;
}

// Writes four elements of a result, but those beyond its width.
void write4(Floats target, uint element, vec4 x) {
    if (element < VALUE_WIDTH) target.at[element] = x.x;
    if (element + 1 < VALUE_WIDTH) target.at[element + 1] = x.y;
    if (element + 2 < VALUE_WIDTH) target.at[element + 2] = x.z;
    if (element + 3 < VALUE_WIDTH) target.at[element + 3] = x.w;
}
