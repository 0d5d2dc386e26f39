#version 460
// Norms over each head of each row: a workgroup has one head at a time.
//   KIND 0: x / sqrt(mean(x^2) + epsilon) * weight            (RMSNorm, arXiv:1910.07467)
//   KIND 1: (x - mean) / sqrt(variance + epsilon) * weight + bias  (LayerNorm, arXiv:1607.06450)
//   KIND 2: x / max(|x|, epsilon)
#include "addresses.glsl"
#include "groups.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    uint width;
    float epsilon;
    View x;
    View y;
    View weight;       // data 0: none
    View bias;
    uint weightStride; // from one element to the next: 1, or 0 where one serves all
    uint biasStride;
    uint64_t operands; // of what is applied to the result
};

// Left open for elementwise operations that follow, as in products.glsl: their rows are heads.
float after(float value, uint row, uint column, uint64_t extras) { return value; }

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint size = gl_WorkGroupSize.x;
    for (uint item = gl_WorkGroupID.x; item < rows * heads; item += gl_NumWorkGroups.x) {
        const uint row = item / heads;
        const uint head = item % heads;
        Floats source = row_of(x, row, head);
        Floats target = row_of(y, row, head);
        // As in products.glsl: what is not there is not read.
        Floats weights = row_of(weight.data != 0 ? weight : x, row, head), biases = row_of(bias.data != 0 ? bias : x, row, head);
        float mean = 0;
        if (KIND == 1) {
            float sum = 0;
            for (uint i = local; i < width; i += size) sum += source.at[i];
            mean = group_sum(sum) / width;
        }

        float squares = 0;
        for (uint i = local; i < width; i += size) {
            const float d = source.at[i] - mean;
            squares += d * d;
        }

        squares = group_sum(squares);
        const float scale = KIND == 2 ? 1 / max(sqrt(squares), epsilon) : 1 / sqrt(squares / width + epsilon);
        for (uint i = local; i < width; i += size) {
            float value = (source.at[i] - mean) * scale;
            const float factor = weights.at[i * weightStride], offset = biases.at[i * biasStride];
            if (weight.data != 0) value *= factor;
            if (bias.data != 0) value += offset;
            target.at[i] = after(value, item, i, operands);
        }
    }
}
