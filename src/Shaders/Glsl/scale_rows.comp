#version 460
// y[row, head, i] = x[row, head, i] * factors[row]. An invocation has an element.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    uint width;
    Floats factors;
    View x;
    View y;
};

void main() {
    const uint count = rows * heads * width;
    for (uint item = gl_GlobalInvocationID.x; item < count; item += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        const uint i = item % width;
        const uint head = item / width % heads;
        const uint row = item / width / heads;
        row_of(y, row, head).at[i] = row_of(x, row, head).at[i] * factors.at[row];
    }
}
