#version 460
// Rotates pairs of elements by the angles of a table (rotary embedding, arXiv:2104.09864), and copies what comes after them. An invocation has a pair.
//   KIND 0: neighbours are pairs; 1: element i and element i + pairs.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    uint width;
    uint pairs;
    Floats table; // [rows, 2, pairs]: cosines, then sines
    View x;
    View y;
};

void main() {
    const uint count = rows * heads * pairs;
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint item = gl_GlobalInvocationID.x; item < count; item += stride) {
        const uint pair = item % pairs;
        const uint head = item / pairs % heads;
        const uint row = item / pairs / heads;
        Floats source = row_of(x, row, head);
        Floats target = row_of(y, row, head);
        const float cosine = table.at[(2 * row) * pairs + pair];
        const float sine = table.at[(2 * row + 1) * pairs + pair];
        const uint first = KIND == 1 ? pair : 2 * pair;
        const uint second = KIND == 1 ? pair + pairs : 2 * pair + 1;
        const float a = source.at[first];
        const float b = source.at[second];
        target.at[first] = a * cosine - b * sine;
        target.at[second] = a * sine + b * cosine;
        if (x.data != y.data) {
            for (uint i = 2 * pairs + pair; i < width; i += pairs) target.at[i] = source.at[i];
        }
    }
}
