#version 460
// Products of many rows of x by matrix units (VK_KHR_cooperative_matrix): operands in half precision, sums in single precision. A workgroup has a tile of the
// result, TILE_ROWS rows of a matrix and TILE_TOKENS rows of x, and each of its subgroups PART_ROWS x PART_TOKENS of it, as matrices of M x N. x is what
// half_rows.comp has written. With two planes each number is the sum of two in half precision, and their products are added but for that of the two rests:
// with nearly the precision of single numbers (arXiv:2203.03341).
// In the place of a matrix's bias is the address of two: that of the bias, and that of the powers of two of its rows.
//   KIND 4: these powers, y, of all rows of a matrix
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;
layout(constant_id = 2) const uint ALIGNED = 1;
layout(constant_id = 3) const uint TILE_ROWS = 64;
layout(constant_id = 4) const uint TILE_TOKENS = 64;
layout(constant_id = 5) const uint PART_ROWS = 32;
layout(constant_id = 6) const uint PART_TOKENS = 32;
layout(constant_id = 7) const uint M = 16;
layout(constant_id = 8) const uint N = 16;
layout(constant_id = 9) const uint K = 16;
layout(constant_id = 10) const uint WEIGHT_PLANES = 1;
layout(constant_id = 11) const uint INPUT_PLANES = 1;

#include "weights.glsl"
#include "products.glsl"
#include "groups.glsl"
#include "halves.glsl"

const uint POWERS = 4;

// Of KIND 1, half of the rows are the first matrix's, in the whole tile and in each subgroup's part.
const uint OUTPUTS = KIND == GATED ? TILE_ROWS / 2 : TILE_ROWS;
const uint ROW_MATRICES = PART_ROWS / M, TOKEN_MATRICES = PART_TOKENS / N;
const uint OUTPUT_MATRICES = KIND == GATED ? ROW_MATRICES / 2 : ROW_MATRICES;

#include "tiles.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Details {
    uint64_t bias;
    uint64_t powers;
};

// In pairs; four more than needed, so that rows begin in different banks.
const uint STRIDE = HALF_DEPTH / 2 + 4;
shared f16vec2 weightTile[WEIGHT_PLANES * TILE_ROWS * STRIDE];
shared f16vec2 inputTile[INPUT_PLANES * TILE_TOKENS * STRIDE];
// For each subgroup a matrix of results, and one of the second matrix if KIND is 1.
shared float results[TILE_ROWS / PART_ROWS * (TILE_TOKENS / PART_TOKENS) * 2 * M * N];

// The powers of the tile's rows.
shared float powers[TILE_ROWS];

float power_of(Matrix matrix, uint expert, uint row) {
    return Floats(Details(matrix.bias).powers + 4 * (uint64_t(expert) * matrix.rows + row)).at[0];
}

void load_powers(Matrix matrix, Tokens tokens, uint firstRow) {
    for (uint r = gl_LocalInvocationID.x; r < TILE_ROWS; r += gl_WorkGroupSize.x) {
        const uint row = min(firstRow + r % OUTPUTS, matrix.rows - 1);
        powers[r] = power_of(matrix, tokens.expert, row);
        if (KIND == GATED && r >= OUTPUTS) powers[r] = power_of(second, tokens.expert, row);
    }
}

void load_weights(Matrix matrix, Tokens tokens, uint firstRow, uint begin) {
    const uint pieces = HALF_DEPTH / 8;
    for (uint i = gl_LocalInvocationID.x; i < TILE_ROWS * pieces; i += gl_WorkGroupSize.x) {
        const uint r = i / pieces, at = i % pieces * 8;
        const float power = powers[r];
        float values[8];
        weights8(weights_at(matrix, tokens, firstRow, r), begin + at, values);
        [[unroll]] for (uint j = 0; j < 4; j++) {
            const vec2 pair = vec2(values[2 * j], values[2 * j + 1]) * power;
            const uint place = r * STRIDE + at / 2 + j;
            weightTile[place] = plane_of(pair, 0, WEIGHT_PLANES);
            if (WEIGHT_PLANES > 1) weightTile[TILE_ROWS * STRIDE + place] = plane_of(pair, 1, WEIGHT_PLANES);
        }
    }
}

void load_inputs(Tokens tokens, uint begin) {
    const uint pieces = HALF_DEPTH / 8;
    for (uint i = gl_LocalInvocationID.x; i < TILE_TOKENS * pieces; i += gl_WorkGroupSize.x) {
        const uint t = i / pieces, at = i % pieces * 8;
        const uint64_t row = x_of(item_at(tokens, t), tokens.head) + HALF_HEADER;
        [[unroll]] for (uint plane = 0; plane < INPUT_PLANES; plane++) {
            const uvec4 eight = HalfEights(row + 2ul * (plane * padded_width() + begin + at)).at;
            [[unroll]] for (uint j = 0; j < 4; j++) inputTile[(plane * TILE_TOKENS + t) * STRIDE + at / 2 + j] = unpackFloat2x16(eight[j]);
        }
    }
}

// The result of a row of the tile and a place, of KIND 1 that of both matrices. The sums are of what was multiplied by powers of two.
void write(Matrix matrix, Tokens tokens, uint firstRow, uint r, uint place, float sum, float secondSum) {
    const uint item = item_of(tokens, place), row = firstRow + r;
    const float inverse = Floats(x_of(item, tokens.head)).at[0];
    Matrix plain = matrix;
    plain.bias = Details(matrix.bias).bias;
    const vec2 finish = finish_of(plain, scale, tokens.expert, row);
    float value = fma(sum * inverse_of(powers[r]) * inverse, finish.x, finish.y);
    if (KIND == GATED) {
        plain = second;
        plain.bias = Details(second.bias).bias;
        const vec2 other = finish_of(plain, secondScale, tokens.expert, row);
        value = activate(value) * fma(secondSum * inverse_of(powers[OUTPUTS + r]) * inverse, other.x, other.y);
    }

    y_of(matrix, item, tokens.head).at[row] = finished(value, item, tokens.head, row);
}

void compute(uint group, Tokens tokens) {
    const Matrix matrix = matrix_of(group, OUTPUTS);
    const uint firstRow = group * OUTPUTS;
    const uint across = TILE_ROWS / PART_ROWS, partRow = gl_SubgroupID % across * OUTPUT_MATRICES * M, partToken = gl_SubgroupID / across * PART_TOKENS;
    coopmat<float, gl_ScopeSubgroup, M, N, gl_MatrixUseAccumulator> sums[ROW_MATRICES * TOKEN_MATRICES];
    [[unroll]] for (uint i = 0; i < ROW_MATRICES * TOKEN_MATRICES; i++) sums[i] = coopmat<float, gl_ScopeSubgroup, M, N, gl_MatrixUseAccumulator>(0);
    // Other subgroups may still need the powers of the tile before.
    barrier();
    load_powers(matrix, tokens, firstRow);
    barrier();
    for (uint begin = 0; begin < width; begin += HALF_DEPTH) {
        load_weights(matrix, tokens, firstRow, begin);
        load_inputs(tokens, begin);
        barrier();
        // The smallest products first.
        [[unroll]] for (uint term = 0; term < 3; term++) {
            if (term == 0 && WEIGHT_PLANES == 1 || term == 1 && INPUT_PLANES == 1) continue;
            const uint weightPlane = term == 0 ? 1 : 0, inputPlane = term == 1 ? 1 : 0;
            [[unroll]] for (uint k = 0; k < HALF_DEPTH; k += K) {
                coopmat<float16_t, gl_ScopeSubgroup, M, K, gl_MatrixUseA> weights[ROW_MATRICES];
                [[unroll]] for (uint i = 0; i < ROW_MATRICES; i++) {
                    const uint row = weightPlane * TILE_ROWS + i / OUTPUT_MATRICES * OUTPUTS + partRow + i % OUTPUT_MATRICES * M;
                    coopMatLoad(weights[i], weightTile, row * STRIDE + k / 2, STRIDE, gl_CooperativeMatrixLayoutRowMajor);
                }

                [[unroll]] for (uint j = 0; j < TOKEN_MATRICES; j++) {
                    coopmat<float16_t, gl_ScopeSubgroup, K, N, gl_MatrixUseB> inputs;
                    const uint token = inputPlane * TILE_TOKENS + partToken + j * N;
                    coopMatLoad(inputs, inputTile, token * STRIDE + k / 2, STRIDE, gl_CooperativeMatrixLayoutColumnMajor);
                    [[unroll]] for (uint i = 0; i < ROW_MATRICES; i++)
                        sums[j * ROW_MATRICES + i] = coopMatMulAdd(weights[i], inputs, sums[j * ROW_MATRICES + i]);
                }
            }
        }

        barrier();
    }

    // Where an invocation has which elements is known to the driver alone, so that they go through shared memory.
    const uint first = gl_SubgroupID * 2 * M * N;
    [[unroll]] for (uint j = 0; j < TOKEN_MATRICES; j++) {
        [[unroll]] for (uint i = 0; i < OUTPUT_MATRICES; i++) {
            coopMatStore(sums[j * ROW_MATRICES + i], results, first, M, gl_CooperativeMatrixLayoutColumnMajor);
            if (KIND == GATED)
                coopMatStore(sums[j * ROW_MATRICES + OUTPUT_MATRICES + i], results, first + M * N, M, gl_CooperativeMatrixLayoutColumnMajor);
            subgroupBarrier();
            for (uint e = gl_SubgroupInvocationID; e < M * N; e += gl_SubgroupSize) {
                const uint r = partRow + i * M + e % M, place = tokens.first + partToken + j * N + e / M;
                if (firstRow + r < matrix.rows && place < tokens.end)
                    write(matrix, tokens, firstRow, r, place, results[first + e], KIND == GATED ? results[first + M * N + e] : 0);
            }

            subgroupBarrier();
        }
    }
}

// The power of two of each row of a matrix.
void compute_powers() {
    for (uint row = gl_WorkGroupID.x; row < first.rows; row += gl_NumWorkGroups.x) {
        const uint64_t address = first.weights + uint64_t(row) * rowBytes;
        float largest = 0;
        for (uint element = 8 * gl_LocalInvocationID.x; element < width; element += 8 * gl_WorkGroupSize.x) {
            float values[8];
            weights8(address, element, values);
            [[unroll]] for (uint j = 0; j < 8; j++) largest = max(largest, abs(values[j]));
        }

        largest = group_max(largest);
        if (gl_LocalInvocationID.x == 0) Floats(first.y).at[row] = power_for(largest);
    }
}

void main() {
    init_tables();
    if (KIND == POWERS) compute_powers();
    else compute_tiles();
}
