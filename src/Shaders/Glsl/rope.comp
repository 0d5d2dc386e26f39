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
    uint64_t firstOperands; // of what is applied to the results
    uint64_t secondOperands;
};

// Left open for elementwise operations that follow, as in products.glsl: their rows are heads. A result that overwrites its operand has none.
float after_first(float value, uint row, uint column, uint64_t extras) { return value; }
float after_second(float value, uint row, uint column, uint64_t extras) { return value; }

float finished(bool isFirst, float value, uint row, uint column) {
    if (isFirst) return after_first(value, row, column, firstOperands);
    return after_second(value, row, column, secondOperands);
}

void rotate(bool isFirst, Rotation rotation, uint row, uint head, uint pair) {
    Floats source = row_of(rotation.x, row, head);
    Floats target = row_of(rotation.y, row, head);
    const float cosine = table.at[(2 * row) * pairs + pair];
    const float sine = table.at[(2 * row + 1) * pairs + pair];
    const uint one = KIND == 1 ? pair : 2 * pair;
    const uint other = KIND == 1 ? pair + pairs : 2 * pair + 1;
    const float a = source.at[one];
    const float b = source.at[other];
    const uint place = row * rotation.heads + head;
    target.at[one] = finished(isFirst, a * cosine - b * sine, place, one);
    target.at[other] = finished(isFirst, a * sine + b * cosine, place, other);
    if (rotation.x.data == rotation.y.data) return;
    for (uint i = 2 * pairs + pair; i < rotation.width; i += pairs) target.at[i] = finished(isFirst, source.at[i], place, i);
}

void main() {
    const uint heads = first.heads + second.heads;
    const uint count = rows * heads * pairs;
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint item = gl_GlobalInvocationID.x; item < count; item += stride) {
        const uint pair = item % pairs;
        const uint head = item / pairs % heads;
        const uint row = item / pairs / heads;
        if (head < first.heads) rotate(true, first, row, head, pair);
        else rotate(false, second, row, head - first.heads, pair);
    }
}
