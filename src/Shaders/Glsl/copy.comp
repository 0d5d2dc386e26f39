#version 460
// y[row, head, i] = x[row', head, i]: copies, joins and selections of rows. An invocation has an element.
//   KIND 0: the same row; 1: the row of an output that is wanted.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    uint width;
    Frame frame;
    View x;
    View y;
};

void main() {
    const uint count = rows * heads * width;
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint item = gl_GlobalInvocationID.x; item < count; item += stride) {
        const uint i = item % width;
        const uint head = item / width % heads;
        const uint row = item / width / heads;
        const uint from = KIND == 1 ? frame.outputRows.at[row] : row;
        row_of(y, row, head).at[i] = row_of(x, from, head).at[i];
    }
}
