#version 460
// y[row, i] = table[id, i], the row of a table for each token. An invocation has eight elements.
//   KIND 0: the id is the token; 1: its position; 2: 0, as all tokens are of the first segment.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;
#include "weights.glsl"

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint width;
    Frame frame;
    uint64_t table;
    uint64_t rowBytes;
    View y;
    uint64_t operands; // of what is applied to the result
};

// Left open for elementwise operations that follow, as in products.glsl.
float after(float value, uint row, uint column, uint64_t extras) { return value; }

void main() {
    init_tables();
    const uint eights = (width + 7) / 8;
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint item = gl_GlobalInvocationID.x; item < rows * eights; item += stride) {
        const uint row = item / eights;
        const uint first = item % eights * 8;
        const int id = KIND == 0 ? frame.tokens.at[row] : KIND == 1 ? frame.positions.at[row] : 0;
        const uint64_t source = table + uint64_t(id) * rowBytes;
        Floats target = row_of(y, row, 0);
        if (first + 8 <= width) {
            float values[8];
            decode8(source, first, values);
            [[unroll]] for (uint i = 0; i < 8; i++) target.at[first + i] = after(values[i], row, first + i, operands);
        } else {
            for (uint i = first; i < width; i++) target.at[i] = after(decode1(source, i), row, i, operands);
        }
    }
}
