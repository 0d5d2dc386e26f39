#version 460
// The state-space recurrence of Mamba-2 (arXiv:2405.21060): state = state * exp(dt * a) + dt * x b^T; y = state c.
// A workgroup has a line of the state of one head, [n], and goes through the tokens of each sequence.
#include "addresses.glsl"
#include "exponential.glsl"
#include "groups.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    uint width;
    uint n;
    uint groups;
    Frame frame;
    Floats state; // [sequences, heads, width, n]
    View x;       // [tokens, heads, width]
    View dt;      // [tokens, heads]
    Floats a;     // [heads]
    View b;       // [tokens, groups, n]
    View c;       // [tokens, groups, n]
    Floats y;     // [tokens, heads, width]
    uint64_t operands; // of what is applied to the result
};

// Left open for elementwise operations that follow, as in products.glsl: their rows are heads.
float after(float value, uint row, uint column, uint64_t extras) { return value; }

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint size = gl_WorkGroupSize.x;
    const uint lines = heads * width;
    for (uint item = gl_WorkGroupID.x; item < lines * frame.spanCount; item += gl_NumWorkGroups.x) {
        const uint line = item % lines;
        const uint span = item / lines;
        const uint head = line / width;
        const uint group = head / (heads / groups);
        const uint start = frame.spanStarts.at[span];
        const uint count = frame.spanCounts.at[span];
        Floats memory = Floats(uint64_t(state) + 4ul * (uint64_t(frame.spanSequences.at[span]) * lines + line) * n);
        for (uint t = 0; t < count; t++) {
            const uint row = frame.order.at[start + t];
            const float dt_ = row_of(dt, row, 0).at[head];
            const float decay = exact_exp(dt_ * a.at[head]);
            const float entering = row_of(x, row, head).at[line % width] * dt_;
            Floats in_ = row_of(b, row, group);
            Floats out_ = row_of(c, row, group);
            float sum = 0;
            for (uint i = local; i < n; i += size) {
                const float s = memory.at[i] * decay + entering * in_.at[i];
                memory.at[i] = s;
                sum += s * out_.at[i];
            }

            sum = group_sum(sum);
            if (local == 0) y.at[row * lines + line] = after(sum, row * heads + head, line % width, operands);
        }
    }
}
