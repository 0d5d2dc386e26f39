#version 460
// Merges what parts of the keys have given: a workgroup has a head of a row, an invocation some of its elements.
#include "attention.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint splits;
    Attention attention;
};

const uint PARTIAL = 2 + VALUE_WIDTH;

void main() {
    const uint heads = attention.heads;
    for (uint item = gl_WorkGroupID.x; item < rows * heads; item += gl_NumWorkGroups.x) {
        Floats partials = Floats(uint64_t(attention.partials) + 4ul * item * splits * PARTIAL);
        float largest = LOWEST;
        for (uint split = 0; split < splits; split++) largest = max(largest, partials.at[split * PARTIAL]);
        float total = 0;
        for (uint split = 0; split < splits; split++) total += exact_exp(partials.at[split * PARTIAL] - largest) * partials.at[split * PARTIAL + 1];
        const uint head = item % heads;
        const float factor = final_factor(attention, head, largest, total);
        const uint row = uint(attention.frame.order.at[item / heads]);
        Floats target = row_of(attention.result, row, head);
        for (uint i = gl_LocalInvocationID.x; i < VALUE_WIDTH; i += gl_WorkGroupSize.x) {
            float sum = 0;
            for (uint split = 0; split < splits; split++) sum += exact_exp(partials.at[split * PARTIAL] - largest) * partials.at[split * PARTIAL + 2 + i];
            target.at[i] = after(factor * sum, row, head * VALUE_WIDTH + i, attention.operands);
        }
    }
}
