#version 460
// A causal convolution along each sequence, channel by channel (Mamba, arXiv:2312.00752). The state holds the last kernel - 1 inputs.
//   KIND 0: the results; an invocation has a channel of a row.
//   KIND 1: the state after the micro-batch; an invocation has a channel of a sequence.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint channels;
    uint kernel;
    Frame frame;
    Floats state;  // [sequences, kernel - 1, channels]
    View x;
    View y;
    View weight;   // [channels, kernel], channels as heads
    Floats bias;   // [channels]; 0: none
    uint64_t operands; // of what is applied to the result
};

// Left open for elementwise operations that follow, as in products.glsl.
float after(float value, uint row, uint column, uint64_t extras) { return value; }

// Input i of a sequence: first those of the state, then those of the micro-batch.
float input_of(Floats past, uint start, uint i, uint channel) {
    if (i < kernel - 1) return past.at[i * channels + channel];
    return row_of(x, frame.order.at[start + i - (kernel - 1)], 0).at[channel];
}

Floats past_of(uint span) {
    return Floats(uint64_t(state) + 4ul * uint64_t(frame.spanSequences.at[span]) * ((kernel - 1) * channels));
}

void main() {
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    const uint count = (KIND == 0 ? rows : frame.spanCount) * channels;
    for (uint item = gl_GlobalInvocationID.x; item < count; item += stride) {
        const uint channel = item % channels;
        if (KIND == 0) {
            const uint place = item / channels;
            const uint span = frame.spanOfRow.at[place];
            const uint start = frame.spanStarts.at[span];
            Floats past = past_of(span);
            Floats weights = row_of(weight, 0, channel);
            float sum = uint64_t(bias) == 0 ? 0 : bias.at[channel];
            for (uint k = 0; k < kernel; k++) sum += weights.at[k] * input_of(past, start, place - start + k, channel);
            const uint row = frame.order.at[place];
            row_of(y, row, 0).at[channel] = after(sum, row, channel, operands);
        } else {
            const uint span = item / channels;
            Floats past = past_of(span);
            const uint start = frame.spanStarts.at[span];
            const uint length = frame.spanCounts.at[span];
            // Oldest first: each is read before a later one is written over it.
            for (uint k = 0; k < kernel - 1; k++) past.at[k * channels + channel] = input_of(past, start, length + k, channel);
        }
    }
}
