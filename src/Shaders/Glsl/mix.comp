#version 460
// What is computed from the elements, or experts, that were chosen. An invocation has an element of the result.
//   KIND 0: y[t, i] = x[t, ids[t, i]]
//   KIND 1: each chosen expert's share among those after it whose scores are near its own (GRIN, arXiv:2409.12136)
//   KIND 2: y[t, i] = sum over k of x[t, k, i] * weights[t, k]
#include "addresses.glsl"
#include "exponential.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint width;  // elements of a row of the result
    uint count;  // elements of a row of x, or its heads
    float jitter;
    View x;
    View second; // ids, or weights
    View y;
    uint64_t operands; // of what is applied to the result
};

// Left open for elementwise operations that follow, as in products.glsl.
float after(float value, uint row, uint column, uint64_t extras) { return value; }

bool is_among(Ints ids, uint n, uint i) {
    for (uint k = 0; k < n; k++) {
        if (ids.at[k] == int(i)) return true;
    }

    return false;
}

float share(Floats scores, Ints ids, uint k) {
    const float best = scores.at[ids.at[k]];
    float sum = 0;
    for (uint i = 0; i < count; i++) {
        const float value = scores.at[i];
        const bool is_near = best - value <= 2 * jitter * max(abs(value), best);
        if (is_near && !is_among(ids, k, i)) sum += exact_exp(value - best);
    }

    return 1 / sum;
}

void main() {
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint item = gl_GlobalInvocationID.x; item < rows * width; item += stride) {
        const uint row = item / width;
        const uint i = item % width;
        Ints ids = Ints(uint64_t(row_of(second, row, 0)));
        float value = 0;
        if (KIND == 0) {
            value = row_of(x, row, 0).at[ids.at[i]];
        } else if (KIND == 1) {
            value = share(row_of(x, row, 0), ids, i);
        } else {
            Floats weights = row_of(second, row, 0);
            for (uint k = 0; k < count; k++) value += row_of(x, row, k).at[i] * weights.at[k];
        }

        row_of(y, row, 0).at[i] = after(value, row, i, operands);
    }
}
