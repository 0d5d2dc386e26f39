#version 460
// Rotates pairs of elements by the angles of a table (rotary embedding, arXiv:2104.09864), and copies what comes after them. An invocation has a pair, of one
// value or of two that have the same angles, as queries and keys do.
//   KIND 0: neighbours are pairs; 1: element i and element i + pairs.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

struct Rotation {
    View x;
    View y;
    uint heads;
    uint width;
};

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint pairs;
    Floats table; // [rows, 2, pairs]: cosines, then sines
    Rotation first;
    Rotation second; // heads 0: none
};

void rotate(Rotation rotation, uint row, uint head, uint pair) {
    Floats source = row_of(rotation.x, row, head);
    Floats target = row_of(rotation.y, row, head);
    const float cosine = table.at[(2 * row) * pairs + pair];
    const float sine = table.at[(2 * row + 1) * pairs + pair];
    const uint one = KIND == 1 ? pair : 2 * pair;
    const uint other = KIND == 1 ? pair + pairs : 2 * pair + 1;
    const float a = source.at[one];
    const float b = source.at[other];
    target.at[one] = a * cosine - b * sine;
    target.at[other] = a * sine + b * cosine;
    if (rotation.x.data == rotation.y.data) return;
    for (uint i = 2 * pairs + pair; i < rotation.width; i += pairs) target.at[i] = source.at[i];
}

void main() {
    const uint heads = first.heads + second.heads;
    const uint count = rows * heads * pairs;
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint item = gl_GlobalInvocationID.x; item < count; item += stride) {
        const uint pair = item % pairs;
        const uint head = item / pairs % heads;
        const uint row = item / pairs / heads;
        if (head < first.heads) rotate(first, row, head, pair);
        else rotate(second, row, head - first.heads, pair);
    }
}
