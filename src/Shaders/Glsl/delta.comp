#version 460
// The gated delta rule (arXiv:2412.06464): state = state * exp(decay); state += beta * (v - state k) k^T; y = state q.
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
    View q;       // [tokens, groups, n]
    View k;       // [tokens, groups, n]
    View v;       // [tokens, heads, width]
    View decay;   // [tokens, heads]
    View beta;    // [tokens, heads]
    Floats y;     // [tokens, heads, width]
};

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
            const float kept = exact_exp(row_of(decay, row, 0).at[head]);
            Floats key = row_of(k, row, group);
            Floats query = row_of(q, row, group);
            float known = 0;
            for (uint i = local; i < n; i += size) known += memory.at[i] * key.at[i];
            known = group_sum(known);
            const float correction = row_of(beta, row, 0).at[head] * (row_of(v, row, head).at[line % width] - kept * known);
            float sum = 0;
            for (uint i = local; i < n; i += size) {
                const float s = memory.at[i] * kept + correction * key.at[i];
                memory.at[i] = s;
                sum += s * query.at[i];
            }

            sum = group_sum(sum);
            if (local == 0) y.at[row * lines + line] = sum;
        }
    }
}
