#version 460
// Products of many rows of x. A workgroup has a tile of the result, TILE_ROWS rows of a matrix and TILE_TOKENS rows of x, and keeps DEPTH elements of both in
// shared memory; an invocation has ITEM_ROWS x ITEM_TOKENS results, in registers.
#extension GL_GOOGLE_include_directive : require
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint KIND = 0;
layout(constant_id = 2) const uint ALIGNED = 1;
layout(constant_id = 3) const uint TILE_ROWS = 32;
layout(constant_id = 4) const uint TILE_TOKENS = 32;
layout(constant_id = 5) const uint DEPTH = 32;
layout(constant_id = 6) const uint ITEM_ROWS = 4;
layout(constant_id = 7) const uint ITEM_TOKENS = 4;

#include "weights.glsl"
#include "products.glsl"

// Of KIND 1, half of the rows are the first matrix's.
const uint OUTPUTS = KIND == GATED ? TILE_ROWS / 2 : TILE_ROWS;
const uint ITEM_OUTPUTS = KIND == GATED ? ITEM_ROWS / 2 : ITEM_ROWS;

#include "tiles.glsl"

// An invocation's rows are this far apart, so that neighbours have neighbouring rows.
const uint STEP = TILE_ROWS / ITEM_ROWS;

// One more than needed: invocations that write to the same column meet other banks.
const uint WEIGHT_STRIDE = TILE_ROWS + 1, INPUT_STRIDE = TILE_TOKENS + 1;
shared float weightTile[DEPTH * WEIGHT_STRIDE];
shared float inputTile[DEPTH * INPUT_STRIDE];

float sums[ITEM_ROWS * ITEM_TOKENS];

void load_weights(Matrix matrix, Tokens tokens, uint firstRow, uint begin) {
    const uint pieces = DEPTH / 8;
    for (uint i = gl_LocalInvocationID.x; i < TILE_ROWS * pieces; i += gl_WorkGroupSize.x) {
        const uint r = i / pieces, at = i % pieces * 8;
        float values[8];
        weights8(weights_at(matrix, tokens, firstRow, r), begin + at, values);
        [[unroll]] for (uint j = 0; j < 8; j++) weightTile[(at + j) * WEIGHT_STRIDE + r] = values[j];
    }
}

void load_inputs(Tokens tokens, uint begin) {
    const uint pieces = DEPTH / 4;
    for (uint i = gl_LocalInvocationID.x; i < TILE_TOKENS * pieces; i += gl_WorkGroupSize.x) {
        const uint t = i / pieces, at = i % pieces * 4, element = begin + at;
        const uint64_t address = x_of(item_at(tokens, t), tokens.head);
        vec4 values = vec4(0);
        if (element + 4 <= width) values = load4(address, element);
        else {
            [[unroll]] for (uint j = 0; j < 4; j++) {
                if (element + j < width) values[j] = Floats(address).at[element + j];
            }
        }

        [[unroll]] for (uint j = 0; j < 4; j++) inputTile[(at + j) * INPUT_STRIDE + t] = values[j];
    }
}

void multiply(uint row, uint token) {
    for (uint k = 0; k < DEPTH; k++) {
        float weights[ITEM_ROWS], inputs[ITEM_TOKENS];
        [[unroll]] for (uint i = 0; i < ITEM_ROWS; i++) weights[i] = weightTile[k * WEIGHT_STRIDE + row + i * STEP];
        [[unroll]] for (uint j = 0; j < ITEM_TOKENS; j++) inputs[j] = inputTile[k * INPUT_STRIDE + token + j];
        [[unroll]] for (uint j = 0; j < ITEM_TOKENS; j++) {
            [[unroll]] for (uint i = 0; i < ITEM_ROWS; i++)
                sums[j * ITEM_ROWS + i] = fma(weights[i], inputs[j], sums[j * ITEM_ROWS + i]);
        }
    }
}

void write(Matrix matrix, Tokens tokens, uint firstRow, uint token) {
    [[unroll]] for (uint i = 0; i < ITEM_OUTPUTS; i++) {
        const uint row = firstRow + i * STEP;
        if (row < matrix.rows) {
            const vec2 finish = finish_of(matrix, scale, tokens.expert, row);
            vec2 other = vec2(0);
            if (KIND == GATED) other = finish_of(second, secondScale, tokens.expert, row);
            [[unroll]] for (uint j = 0; j < ITEM_TOKENS; j++) {
                const uint place = tokens.first + token + j;
                if (place < tokens.end) {
                    float value = fma(sums[j * ITEM_ROWS + i], finish.x, finish.y);
                    if (KIND == GATED) value = activate(value) * fma(sums[j * ITEM_ROWS + ITEM_OUTPUTS + i], other.x, other.y);
                    const uint item = item_of(tokens, place);
                    y_of(matrix, item, tokens.head).at[row] = finished(value, item, tokens.head, row);
                }
            }
        }
    }
}

void compute(uint group, Tokens tokens) {
    const Matrix matrix = matrix_of(group, OUTPUTS);
    const uint firstRow = group * OUTPUTS, row = gl_LocalInvocationID.x % STEP, token = gl_LocalInvocationID.x / STEP * ITEM_TOKENS;
    [[unroll]] for (uint i = 0; i < ITEM_ROWS * ITEM_TOKENS; i++) sums[i] = 0;
    for (uint begin = 0; begin < width; begin += DEPTH) {
        load_weights(matrix, tokens, firstRow, begin);
        load_inputs(tokens, begin);
        barrier();
        multiply(row, token);
        barrier();
    }

    write(matrix, tokens, firstRow + row, token);
}

void main() {
    init_tables();
    compute_tiles();
}
