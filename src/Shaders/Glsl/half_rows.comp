#version 460
// Rows in half precision, for products by matrix units: a workgroup takes a head of a row at a time. halves.glsl has their layout.
#extension GL_GOOGLE_include_directive : require
#include "addresses.glsl"
#include "groups.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint PLANES = 1; // 2: each number is the sum of two

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint heads;
    uint width;
    uint rowBytes; // from one result to the next
    View x;
    uint64_t y;
};

#include "halves.glsl"

float element_at(Floats source, uint element) { return element < width ? source.at[element] : 0; }

void main() {
    const uint padded = padded_width();
    for (uint item = gl_WorkGroupID.x; item < rows * heads; item += gl_NumWorkGroups.x) {
        Floats source = row_of(x, item / heads, item % heads);
        float largest = 0;
        for (uint i = gl_LocalInvocationID.x; i < width; i += gl_WorkGroupSize.x) largest = max(largest, abs(source.at[i]));
        const float power = power_for(group_max(largest));
        const uint64_t target = y + uint64_t(item) * rowBytes;
        if (gl_LocalInvocationID.x == 0) Floats(target).at[0] = inverse_of(power);
        for (uint i = 8 * gl_LocalInvocationID.x; i < padded; i += 8 * gl_WorkGroupSize.x) {
            uvec4 eight, rest;
            [[unroll]] for (uint j = 0; j < 4; j++) {
                const vec2 pair = vec2(element_at(source, i + 2 * j), element_at(source, i + 2 * j + 1)) * power;
                eight[j] = packFloat2x16(plane_of(pair, 0, PLANES));
                rest[j] = packFloat2x16(plane_of(pair, 1, PLANES));
            }

            HalfEights(target + HALF_HEADER + 2ul * i).at = eight;
            if (PLANES > 1) HalfEights(target + HALF_HEADER + 2ul * (padded + i)).at = rest;
        }
    }
}
