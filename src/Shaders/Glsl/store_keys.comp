#version 460
// Stores the keys and the values of the micro-batch in the cache, [heads, cells, width] each, as its type has them (KvLayer.cs). An invocation has a unit:
// an element, or a block of Q8_0. Raises a flag where a finite element is too large for the type.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint TYPE = 0; // 0: F32; 1: F16; 2: Q8_0

struct Store {
    View x;
    uint64_t target;
    uint64_t headStride; // bytes from a head to the next
    Uints flag;
    uint width;          // 0: nothing is stored
    uint stride;         // bytes from a cell to the next
};

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    Frame frame;
    Store keys;
    Store values;
};

const uint BLOCK = 32;
const uint INFINITY = 0x7f800000u;

// Bits of a number in half precision, rounded to even. What is too large is infinite.
uint to_half(float x) {
    const uint bits = floatBitsToUint(x);
    const uint sign = (bits >> 16) & 0x8000u;
    const uint magnitude = bits & 0x7fffffffu;
    if (magnitude > INFINITY) return sign | 0x7e00u | ((magnitude >> 13) & 0x3ffu);
    if (magnitude >= 0x477ff000u) return sign | 0x7c00u;
    if (magnitude < 0x38800000u) return sign | uint(roundEven(uintBitsToFloat(magnitude) * 16777216.0));
    const uint normal = magnitude - 0x38000000u;
    return sign | ((normal + 0xfffu + ((normal >> 13) & 1u)) >> 13);
}

uint to_half_that_fits(float x, Uints flag) {
    const uint stored = to_half(x);
    if ((stored & 0x7fffu) == 0x7c00u && (floatBitsToUint(x) & 0x7fffffffu) < INFINITY) flag.at[0] = 1;
    return stored;
}

// Not a number stays one: a maximum may ignore it.
float magnitude_of(Floats source, uint first, uint count) {
    uint largest = 0;
    for (uint i = first; i < first + count; i++) largest = max(largest, floatBitsToUint(source.at[i]) & 0x7fffffffu);
    return uintBitsToFloat(largest);
}

uint quant(Floats source, uint i, uint width, float inverse) {
    return i < width ? uint(int(roundEven(source.at[i] * inverse))) & 0xffu : 0;
}

void store_block(Store store, Floats source, uint first, Halves block) {
    const float scale = magnitude_of(source, first, min(BLOCK, store.width - first)) / 127;
    const float inverse = scale > 0 ? 1 / scale : 0;
    block.at[0] = uint16_t(to_half_that_fits(scale, store.flag));
    for (uint i = 0; i < BLOCK; i += 2)
        block.at[1 + i / 2] = uint16_t(quant(source, first + i, store.width, inverse) | (quant(source, first + i + 1, store.width, inverse) << 8));
}

uint units_of(Store store) { return TYPE == 2 ? (store.width + BLOCK - 1) / BLOCK : store.width; }

void put(Store store, uint row, uint head, uint unit) {
    Floats source = row_of(store.x, row, head);
    const uint64_t cell = store.target + head * store.headStride + uint64_t(uint(frame.cells.at[row])) * store.stride;
    if (TYPE == 0) Floats(cell).at[unit] = source.at[unit];
    else if (TYPE == 1) Halves(cell).at[unit] = uint16_t(to_half_that_fits(source.at[unit], store.flag));
    else store_block(store, source, unit * BLOCK, Halves(cell + 34ul * unit));
}

void main() {
    const uint unitsOfKey = units_of(keys);
    const uint units = unitsOfKey + units_of(values);
    const uint count = rows * heads * units;
    for (uint item = gl_GlobalInvocationID.x; item < count; item += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        const uint unit = item % units;
        const uint head = item / units % heads;
        const uint row = item / units / heads;
        if (unit < unitsOfKey) put(keys, row, head, unit);
        else put(values, row, head, unit - unitsOfKey);
    }
}
