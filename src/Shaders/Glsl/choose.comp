#version 460
// Chooses among the elements of a row, as routers of mixtures of experts do. A workgroup has a row at a time.
//   KIND 0: the places of the largest elements, the largest first; of equal ones the earlier.
//   KIND 1: keeps the elements of the best groups, whose scores are the sums of their largest elements; the others become minus infinity
//           (DeepSeek-V3, arXiv:2412.19437).
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;

const uint MAX_GROUPS = 256;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint width;
    uint count;    // elements, or groups, to choose
    uint groups;
    uint largest;  // elements of a group that its score is the sum of
    View x;
    View y;
};

shared float scores[MAX_GROUPS];

bool is_nan(float value) {
    return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
}

// Whether element i comes before element j. What is not a number comes last, so that places are always those of elements.
bool is_before(float a, uint i, float b, uint j) {
    if (is_nan(a) != is_nan(b)) return is_nan(b);
    return is_nan(a) || a == b ? i < j : a > b;
}

// How many of an element's fellows come before it.
uint rank(Floats elements, uint n, uint i) {
    uint before = 0;
    const float value = elements.at[i];
    for (uint j = 0; j < n; j++) before += is_before(elements.at[j], j, value, i) ? 1 : 0;
    return before;
}

float score(Floats elements, uint n) {
    float sum = 0;
    uint last = 0;
    for (uint k = 0; k < largest; k++) {
        uint best = 0xffffffffu;
        for (uint i = 0; i < n; i++) {
            const bool is_left = k == 0 || is_before(elements.at[last], last, elements.at[i], i);
            if (is_left && (best == 0xffffffffu || is_before(elements.at[i], i, elements.at[best], best))) best = i;
        }

        sum += elements.at[best];
        last = best;
    }

    return sum;
}

void main() {
    const uint local = gl_LocalInvocationID.x;
    const uint size = gl_WorkGroupSize.x;
    for (uint row = gl_WorkGroupID.x; row < rows; row += gl_NumWorkGroups.x) {
        Floats source = row_of(x, row, 0);
        Floats target = row_of(y, row, 0);
        if (KIND == 0) {
            for (uint i = local; i < width; i += size) {
                const uint place = rank(source, width, i);
                if (place < count) target.at[place] = uintBitsToFloat(i);
            }
        } else {
            const uint n = width / groups;
            for (uint group = local; group < groups; group += size) scores[group] = score(Floats(uint64_t(source) + 4ul * (group * n)), n);
            barrier();
            for (uint i = local; i < width; i += size) {
                const uint group = i / n;
                uint before = 0;
                for (uint other = 0; other < groups; other++) before += is_before(scores[other], other, scores[group], group) ? 1 : 0;
                target.at[i] = before < count ? source.at[i] : uintBitsToFloat(0xff800000u);
            }

            barrier();
        }
    }
}
