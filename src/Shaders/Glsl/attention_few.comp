#version 460
// Attention of few queries, over a part of the keys each (Flash-Decoding; running softmax of arXiv:2205.14135). A workgroup has one row and the query
// heads that share a head of keys, so that each key and each value is read once, by neighbours in fours, and never kept.
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#include "attention.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 7) const uint KEY_LANES = 4;    // invocations that share a key
layout(constant_id = 8) const uint VALUE_LANES = 16; // invocations that share a value
layout(constant_id = 9) const uint KEPT = 1;         // fours of each query that an invocation keeps, if that is its whole part of them

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint splits;
    Attention attention;
};

const uint SIZE = gl_WorkGroupSize.x;
const uint COLUMNS = (VALUE_QUADS + VALUE_LANES - 1) / VALUE_LANES;
const bool KEEPS = KEPT * KEY_LANES >= QUADS;
const uint PRODUCTS = KEY_LANES + 1; // one more, so that they lie in different banks

shared vec4 queries[QUERIES * QUADS];
shared float products[QUERIES * SIZE * PRODUCTS];
shared float weights[SIZE * QUERIES];
shared float subgroups[64 * QUERIES];
shared vec4 columns[SIZE];

uint lane;

// The state of the softmax: the same in all invocations but for the totals and sums, which are each one's part.
vec4 kept[QUERIES * KEPT];
float largest[QUERIES];
float totals[QUERIES];
vec4 sums[QUERIES * COLUMNS];

void load_queries(uint row, uint firstHead, uint heads) {
    for (uint i = lane; i < QUERIES * QUADS; i += SIZE) {
        const uint head = i / QUADS;
        queries[i] = head < heads ? query4(attention, row, firstHead + head, 4 * (i % QUADS)) : vec4(0);
    }
}

// An invocation has the same part of every key: its part of the queries is read once, if it does not need too many registers.
void keep_queries() {
    if (!KEEPS) return;
    [[unroll]] for (uint q = 0; q < QUERIES; q++) {
        [[unroll]] for (uint k = 0; k < KEPT; k++) {
            const uint i = lane % KEY_LANES + k * KEY_LANES;
            kept[q * KEPT + k] = i < QUADS ? queries[q * QUADS + i] : vec4(0);
        }
    }
}

// The products of the queries with a block of keys, each in parts by the invocations that share the key.
void multiply(KeyList keys, uint64_t rows, uint block, uint end) {
    const uint part = lane % KEY_LANES;
    for (uint key = lane / KEY_LANES; key < SIZE; key += SIZE / KEY_LANES) {
        float product[QUERIES];
        [[unroll]] for (uint q = 0; q < QUERIES; q++) product[q] = 0;
        if (block + key < end) {
            const uint64_t row = rows + uint64_t(row_of_key(keys, block + key)) * attention.keyStride;
            if (KEEPS) {
                [[unroll]] for (uint k = 0; k < KEPT; k++) {
                    const vec4 x = load4(row, 4 * (part + k * KEY_LANES), WIDTH);
                    [[unroll]] for (uint q = 0; q < QUERIES; q++) product[q] += dot(x, kept[q * KEPT + k]);
                }
            } else {
                for (uint i = part; i < QUADS; i += KEY_LANES) {
                    const vec4 x = load4(row, 4 * i, WIDTH);
                    [[unroll]] for (uint q = 0; q < QUERIES; q++) product[q] += dot(x, queries[q * QUADS + i]);
                }
            }
        }

        [[unroll]] for (uint q = 0; q < QUERIES; q++) products[(q * SIZE + key) * PRODUCTS + part] = product[q];
    }
}

// The weights of a block of keys, relative to the largest logit so far: an invocation has a key.
void weigh(KeyList keys, uint block, uint end, int position, uint firstHead, uint heads) {
    const bool isKey = block + lane < end;
    float logits[QUERIES];
    [[unroll]] for (uint q = 0; q < QUERIES; q++) {
        float product = 0;
        for (uint part = 0; part < KEY_LANES; part++) product += products[(q * SIZE + lane) * PRODUCTS + part];
        logits[q] = isKey && q < heads ? logit(attention, product, firstHead + q, position, keys, block + lane) : LOWEST;
        const float most = subgroupMax(logits[q]);
        if (subgroupElect()) subgroups[gl_SubgroupID * QUERIES + q] = most;
    }

    barrier();
    [[unroll]] for (uint q = 0; q < QUERIES; q++) {
        float most = largest[q];
        for (uint i = 0; i < gl_NumSubgroups; i++) most = max(most, subgroups[i * QUERIES + q]);
        const float weight = isKey ? exact_exp(logits[q] - most) : 0;
        const float factor = exact_exp(largest[q] - most);
        totals[q] = totals[q] * factor + weight;
        [[unroll]] for (uint c = 0; c < COLUMNS; c++) sums[q * COLUMNS + c] *= factor;
        largest[q] = most;
        weights[lane * QUERIES + q] = weight;
    }
}

void add_values(KeyList keys, uint64_t rows, uint block, uint end) {
    const uint count = min(SIZE, end - block);
    for (uint key = lane / VALUE_LANES; key < count; key += SIZE / VALUE_LANES) {
        const uint64_t row = rows + uint64_t(row_of_key(keys, block + key)) * attention.valueStride;
        [[unroll]] for (uint c = 0; c < COLUMNS; c++) {
            const vec4 x = load4(row, 4 * (lane % VALUE_LANES + c * VALUE_LANES), VALUE_WIDTH);
            [[unroll]] for (uint q = 0; q < QUERIES; q++) sums[q * COLUMNS + c] += weights[key * QUERIES + q] * x;
        }
    }
}

// Adds up what the invocations have; the first ones that share a value have it all.
void merge_lanes() {
    barrier();
    [[unroll]] for (uint q = 0; q < QUERIES; q++) {
        const float total = subgroupAdd(totals[q]);
        if (subgroupElect()) subgroups[gl_SubgroupID * QUERIES + q] = total;
    }

    barrier();
    [[unroll]] for (uint q = 0; q < QUERIES; q++) {
        totals[q] = 0;
        for (uint i = 0; i < gl_NumSubgroups; i++) totals[q] += subgroups[i * QUERIES + q];
    }

    if (VALUE_LANES == SIZE) return;
    [[unroll]] for (uint i = 0; i < QUERIES * COLUMNS; i++) {
        columns[lane] = sums[i];
        barrier();
        for (uint other = lane + VALUE_LANES; lane < VALUE_LANES && other < SIZE; other += VALUE_LANES) sums[i] += columns[other];
        barrier();
    }
}

void write(uint place, uint row, uint split, uint firstHead, uint heads) {
    if (lane >= VALUE_LANES) return;
    [[unroll]] for (uint q = 0; q < QUERIES; q++) {
        if (q >= heads) continue;
        const uint head = firstHead + q;
        Floats target = row_of(attention.result, row, head);
        float factor = 1;
        if (splits == 1) {
            factor = final_factor(attention, head, largest[q], totals[q]);
        } else {
            const uint64_t partial = (uint64_t(place) * attention.heads + head) * splits + split;
            target = Floats(uint64_t(attention.partials) + 4ul * (2 + VALUE_WIDTH) * partial);
            if (lane == 0) {
                target.at[0] = largest[q];
                target.at[1] = totals[q];
            }

            target = Floats(uint64_t(target) + 8ul);
        }

        [[unroll]] for (uint c = 0; c < COLUMNS; c++) {
            const uint element = 4 * (lane + c * VALUE_LANES);
            vec4 value = factor * sums[q * COLUMNS + c];
            if (splits == 1) value = after4(attention, value, row, head, element);
            write4(target, element, value);
        }
    }
}

void attend(uint place, uint tile, uint split) {
    Frame frame = attention.frame;
    const uint headTiles = (attention.group + QUERIES - 1) / QUERIES;
    const uint kvHead = tile / headTiles;
    const uint first = tile % headTiles * QUERIES;
    const uint firstHead = kvHead * attention.group + first;
    const uint heads = min(QUERIES, attention.group - first);
    const uint row = uint(frame.order.at[place]);
    const int position = frame.orderedPositions.at[place];
    KeyList keys = keys_of(frame, uint(frame.spanOfRow.at[place]));
    const uvec2 range = visible(keys, position, attention.window);
    const uint length = max(range.x, range.y) - range.x;
    const uint part = (length + splits - 1) / splits;
    const uint begin = range.x + min(length, split * part);
    const uint end = range.x + min(length, (split + 1) * part);
    load_queries(row, firstHead, heads);
    [[unroll]] for (uint q = 0; q < QUERIES; q++) {
        largest[q] = LOWEST;
        totals[q] = 0;
        [[unroll]] for (uint c = 0; c < COLUMNS; c++) sums[q * COLUMNS + c] = vec4(0);
    }

    barrier();
    keep_queries();
    for (uint block = begin; block < end; block += SIZE) {
        multiply(keys, attention.keys + kvHead * attention.keyHeadStride, block, end);
        barrier();
        weigh(keys, block, end, position, firstHead, heads);
        barrier();
        add_values(keys, attention.values + kvHead * attention.valueHeadStride, block, end);
    }

    merge_lanes();
    write(place, row, split, firstHead, heads);
}

void main() {
    lane = gl_LocalInvocationID.x;
    const uint tiles = attention.heads / attention.group * ((attention.group + QUERIES - 1) / QUERIES);
    const uint count = rows * tiles * splits;
    for (uint item = gl_WorkGroupID.x; item < count; item += gl_NumWorkGroups.x) {
        attend(item / splits / tiles, item / splits % tiles, item % splits);
        barrier();
    }
}
