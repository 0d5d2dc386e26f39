#version 460
// Reductions over each head of each row: a workgroup has one head at a time.
//   KIND 0: softmax; 1: the sum.
#include "addresses.glsl"
#include "exponential.glsl"
#include "groups.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    uint width;
    View x;
    View y;
    uint64_t operands; // of what is applied to the result
};

// Left open for elementwise operations that follow, as in products.glsl: their rows are heads.
float after(float value, uint row, uint column, uint64_t extras) { return value; }

void softmax(Floats source, Floats target, uint item) {
    const uint local = gl_LocalInvocationID.x;
    const uint size = gl_WorkGroupSize.x;
    float largest = uintBitsToFloat(0xff800000u);
    for (uint i = local; i < width; i += size) largest = max(largest, source.at[i]);
    largest = group_max(largest);
    float sum = 0;
    for (uint i = local; i < width; i += size) sum += exact_exp(source.at[i] - largest);
    sum = group_sum(sum);
    for (uint i = local; i < width; i += size)
        target.at[i] = after(exact_exp(source.at[i] - largest) / sum, item, i, operands);
}

void main() {
    for (uint item = gl_WorkGroupID.x; item < rows * heads; item += gl_NumWorkGroups.x) {
        Floats source = row_of(x, item / heads, item % heads);
        Floats target = row_of(y, item / heads, item % heads);
        if (KIND == 0) {
            softmax(source, target, item);
        } else {
            float sum = 0;
            for (uint i = gl_LocalInvocationID.x; i < width; i += gl_WorkGroupSize.x) sum += source.at[i];
            sum = group_sum(sum);
            if (gl_LocalInvocationID.x == 0) target.at[0] = after(sum, item, 0, operands);
        }
    }
}
