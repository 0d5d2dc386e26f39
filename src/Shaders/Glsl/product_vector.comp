#version 460
// Products of few rows of x: each weight is read once for TOKENS of them. The invocations of a workgroup share ROWS rows of a matrix, and take neighbouring
// eights of their elements.
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;
layout(constant_id = 2) const uint ALIGNED = 1;
layout(constant_id = 3) const uint ROWS = 4;
layout(constant_id = 4) const uint TOKENS = 1;

#include "weights.glsl"
#include "products.glsl"

// Of KIND 1, half of the rows are the first matrix's.
const uint OUTPUTS = KIND == GATED ? ROWS / 2 : ROWS;
const uint SUMS = ROWS * TOKENS;

// For subgroups of at least four invocations.
shared float partial[(gl_WorkGroupSize.x + 3) / 4 * SUMS];

// Arrays of such sizes cannot be parameters.
uint64_t rowsAt[ROWS];
uint64_t inputsAt[TOKENS];
float inputs[8 * TOKENS];
float sums[SUMS];

void add(uint row, float weights[8]) {
    [[unroll]] for (uint t = 0; t < TOKENS; t++) {
        [[unroll]] for (uint i = 0; i < 8; i++) sums[row * TOKENS + t] = fma(weights[i], inputs[8 * t + i], sums[row * TOKENS + t]);
    }
}

// The sums of the invocation's eights.
void multiply() {
    const uint local = gl_LocalInvocationID.x;
    [[unroll]] for (uint i = 0; i < SUMS; i++) sums[i] = 0;
    for (uint element = 8 * local; element + 8 <= width; element += 8 * gl_WorkGroupSize.x) {
        float weights[8];
        [[unroll]] for (uint t = 0; t < TOKENS; t++) {
            const vec4 low = load4(inputsAt[t], element), high = load4(inputsAt[t], element + 4);
            [[unroll]] for (uint i = 0; i < 4; i++) {
                inputs[8 * t + i] = low[i];
                inputs[8 * t + 4 + i] = high[i];
            }
        }

        [[unroll]] for (uint r = 0; r < ROWS; r++) {
            decode8(rowsAt[r], element, weights);
            add(r, weights);
        }
    }

    if (BLOCK > 1) return;
    for (uint element = (width & ~7u) + local; element < width; element += gl_WorkGroupSize.x) {
        [[unroll]] for (uint r = 0; r < ROWS; r++) {
            const float weight = decode1(rowsAt[r], element);
            [[unroll]] for (uint t = 0; t < TOKENS; t++)
                sums[r * TOKENS + t] = fma(weight, Floats(inputsAt[t]).at[element], sums[r * TOKENS + t]);
        }
    }
}

// The sum of all invocations, of a number that differs from one to the other.
float total(uint index) {
    float sum = 0;
    if (gl_NumSubgroups == 1) {
        [[unroll]] for (uint i = 0; i < SUMS; i++) sum = index == i ? sums[i] : sum;
        return sum;
    }

    for (uint i = 0; i < gl_NumSubgroups; i++) sum += partial[i * SUMS + index];
    return sum;
}

void reduce() {
    [[unroll]] for (uint i = 0; i < SUMS; i++) sums[i] = subgroupAdd(sums[i]);
    if (gl_NumSubgroups == 1) return;
    barrier();
    if (subgroupElect()) {
        [[unroll]] for (uint i = 0; i < SUMS; i++) partial[gl_SubgroupID * SUMS + i] = sums[i];
    }

    barrier();
}

void compute(uint group, uint item, uint count, uint head) {
    const Matrix matrix = matrix_of(group, OUTPUTS);
    const uint firstRow = group * OUTPUTS;
    const uint expert = KIND == HEADS ? head : KIND == EXPERTS ? uint(Ints(ids).at[item / heads * idStride + item % heads]) : 0;
    [[unroll]] for (uint r = 0; r < ROWS; r++) {
        const uint row = min(firstRow + r % OUTPUTS, matrix.rows - 1);
        if (r < OUTPUTS) rowsAt[r] = weights_of(matrix, expert, row);
        else rowsAt[r] = weights_of(second, expert, row);
    }

    [[unroll]] for (uint t = 0; t < TOKENS; t++) inputsAt[t] = x_of(min(item + t, count - 1), head);
    multiply();
    reduce();
    for (uint i = gl_LocalInvocationID.x; i < OUTPUTS * TOKENS; i += gl_WorkGroupSize.x) {
        const uint row = firstRow + i / TOKENS, token = item + i % TOKENS;
        if (row >= matrix.rows || token >= count) continue;
        const vec2 finish = finish_of(matrix, scale, expert, row);
        float value = fma(total(i), finish.x, finish.y);
        if (KIND == GATED) {
            const vec2 other = finish_of(second, secondScale, expert, row);
            value = activate(value) * fma(total(OUTPUTS * TOKENS + i), other.x, other.y);
        }

        y_of(matrix, token, head).at[row] = finished(value, token, head, row);
    }
}

void main() {
    init_tables();
    const uint groups = group_count(OUTPUTS), count = KIND == EXPERTS ? rows * heads : rows, depth = KIND == HEADS ? heads : 1;
    for (uint head = gl_WorkGroupID.z; head < depth; head += gl_NumWorkGroups.z) {
        for (uint group = gl_WorkGroupID.y; group < groups; group += gl_NumWorkGroups.y) {
            for (uint item = TOKENS * gl_WorkGroupID.x; item < count; item += TOKENS * gl_NumWorkGroups.x) compute(group, item, count, head);
        }
    }
}
