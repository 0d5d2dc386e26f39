#version 460
// Attention of many queries by blocks of keys with a running softmax (FlashAttention, arXiv:2205.14135). A workgroup has a tile of queries: some tokens of
// one sequence times the query heads that share a head of keys. Keys and values go through shared memory, as floats.
#include "attention.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 7) const uint QUERY_QUADS = 8; // of each query that are kept: all, or a chunk

// Here the rows are tiles, of all sequences.
layout(push_constant, scalar) uniform Push {
    uint rows;
    Attention attention;
};

const uint SIZE = gl_WorkGroupSize.x;
const uint KEYS = 32;
const uint LANES = 8;                         // invocations that share a query
const uint LANE_QUERIES = QUERIES * LANES / SIZE;
const uint LANE_KEYS = KEYS / LANES;
const uint QUERY_STEP = SIZE / LANES;
const uint CHUNK = 8;                         // fours of elements
const uint STRIDE = CHUNK + 1;                // one more, so that rows lie in different banks
const uint QUERY_STRIDE = QUERY_QUADS + 1;
const uint VALUE_CHUNKS = (VALUE_QUADS + CHUNK - 1) / CHUNK;
const bool KEEPS_QUERIES = QUERY_QUADS >= QUADS;

shared vec4 query_tile[QUERIES * QUERY_STRIDE];
shared vec4 key_tile[KEYS * STRIDE];
shared float weights[QUERIES * (KEYS + 1)];
shared float lanes[QUERIES * LANES];

// Which of the invocations that share a query, and which query.
uint column;
uint first;

// Some tokens of a sequence times some query heads.
struct Tile {
    uint place;     // of the first token in the order of rows
    uint tokens;
    uint kvHead;
    uint firstHead;
    uint heads;
    uint span;
};

float largest[LANE_QUERIES];
float totals[LANE_QUERIES];
vec4 sums[LANE_QUERIES * VALUE_CHUNKS];
float scores[LANE_QUERIES * LANE_KEYS];
uvec2 ranges[LANE_QUERIES];
int positions[LANE_QUERIES];

uint query_of(uint q) { return first + q * QUERY_STEP; }

Tile locate(Frame frame, uint tile) {
    const uint group = attention.group;
    const uint tokensPerTile = max(1, QUERIES / group);
    const uint headTiles = (group + QUERIES - 1) / QUERIES;
    const uint perTokens = attention.heads / group * headTiles;
    uint span = 0;
    uint count = uint(frame.spanCounts.at[0]);
    for (uint tiles; tile >= (tiles = (count + tokensPerTile - 1) / tokensPerTile * perTokens); tile -= tiles) count = uint(frame.spanCounts.at[++span]);
    const uint kvHead = tile / headTiles % (attention.heads / group);
    const uint token = tile / perTokens * tokensPerTile;
    const uint head = tile % headTiles * QUERIES;
    return Tile(
        uint(frame.spanStarts.at[span]) + token, min(tokensPerTile, count - token), kvHead, kvHead * group + head, min(QUERIES, group - head), span);
}

void load_queries(Frame frame, Tile tile, uint chunk) {
    for (uint i = gl_LocalInvocationID.x; i < QUERIES * QUERY_QUADS; i += SIZE) {
        const uint query = i / QUERY_QUADS;
        const uint quad = i % QUERY_QUADS;
        vec4 x = vec4(0);
        if (query < tile.tokens * tile.heads) {
            const uint row = uint(frame.order.at[tile.place + query / tile.heads]);
            x = query4(attention, row, tile.firstHead + query % tile.heads, 4 * (chunk + quad));
        }

        query_tile[query * QUERY_STRIDE + quad] = x;
    }
}

// A chunk of the keys or values of a block, zeros beyond its end.
void load_keys(KeyList keys, uint64_t rows, uint stride, uint width, uint block, uint end, uint chunk) {
    for (uint key = first; key < KEYS; key += QUERY_STEP) {
        vec4 x = vec4(0);
        if (block + key < end) x = load4(rows + uint64_t(row_of_key(keys, block + key)) * stride, 4 * (chunk + column), width);
        key_tile[key * STRIDE + column] = x;
    }
}

void multiply(uint chunk) {
    const uint start = KEEPS_QUERIES ? chunk : 0;
    for (uint i = 0; i < CHUNK; i++) {
        vec4 x[LANE_KEYS];
        [[unroll]] for (uint k = 0; k < LANE_KEYS; k++) x[k] = key_tile[(column + k * LANES) * STRIDE + i];
        [[unroll]] for (uint q = 0; q < LANE_QUERIES; q++) {
            const vec4 y = query_tile[query_of(q) * QUERY_STRIDE + start + i];
            [[unroll]] for (uint k = 0; k < LANE_KEYS; k++) scores[q * LANE_KEYS + k] += dot(x[k], y);
        }
    }
}

// Replaces products by weights relative to the largest logit so far.
void weigh(Tile tile, KeyList keys, uint block) {
    [[unroll]] for (uint q = 0; q < LANE_QUERIES; q++) {
        const uint head = tile.firstHead + query_of(q) % tile.heads;
        float most = LOWEST;
        [[unroll]] for (uint k = 0; k < LANE_KEYS; k++) {
            const uint key = block + column + k * LANES;
            const bool isVisible = key >= ranges[q].x && key < ranges[q].y;
            const uint i = q * LANE_KEYS + k;
            scores[i] = isVisible ? logit(attention, scores[i], head, positions[q], keys, key) : LOWEST;
            most = max(most, scores[i]);
        }

        lanes[query_of(q) * LANES + column] = most;
    }

    barrier();
    [[unroll]] for (uint q = 0; q < LANE_QUERIES; q++) {
        float most = largest[q];
        for (uint i = 0; i < LANES; i++) most = max(most, lanes[query_of(q) * LANES + i]);
        const float factor = exact_exp(largest[q] - most);
        totals[q] *= factor;
        [[unroll]] for (uint c = 0; c < VALUE_CHUNKS; c++) sums[q * VALUE_CHUNKS + c] *= factor;
        largest[q] = most;
        [[unroll]] for (uint k = 0; k < LANE_KEYS; k++) {
            const uint key = block + column + k * LANES;
            const bool isVisible = key >= ranges[q].x && key < ranges[q].y;
            const float weight = isVisible ? exact_exp(scores[q * LANE_KEYS + k] - most) : 0;
            totals[q] += weight;
            weights[query_of(q) * (KEYS + 1) + column + k * LANES] = weight;
        }
    }
}

// Of the many chunks of wide values each has this loop: it must not be unrolled itself.
void add_values(uint chunk) {
    [[dont_unroll]] for (uint start = 0; start < KEYS; start += LANE_KEYS) {
        [[unroll]] for (uint key = start; key < start + LANE_KEYS; key++) {
            const vec4 x = key_tile[key * STRIDE + column];
            [[unroll]] for (uint q = 0; q < LANE_QUERIES; q++) sums[q * VALUE_CHUNKS + chunk] += weights[query_of(q) * (KEYS + 1) + key] * x;
        }
    }
}

// The keys that the tile's queries see, from and up to. Positions ascend, and so do both with the tokens.
uvec2 begin(Frame frame, Tile tile, KeyList keys) {
    [[unroll]] for (uint q = 0; q < LANE_QUERIES; q++) {
        largest[q] = LOWEST;
        totals[q] = 0;
        [[unroll]] for (uint c = 0; c < VALUE_CHUNKS; c++) sums[q * VALUE_CHUNKS + c] = vec4(0);
        ranges[q] = uvec2(0);
        positions[q] = 0;
        if (query_of(q) >= tile.tokens * tile.heads) continue;
        positions[q] = frame.orderedPositions.at[tile.place + query_of(q) / tile.heads];
        ranges[q] = visible(keys, positions[q], attention.window);
    }

    const uint low = visible(keys, frame.orderedPositions.at[tile.place], attention.window).x;
    return uvec2(low, visible(keys, frame.orderedPositions.at[tile.place + tile.tokens - 1], attention.window).y);
}

void write(Frame frame, Tile tile) {
    [[unroll]] for (uint q = 0; q < LANE_QUERIES; q++) lanes[query_of(q) * LANES + column] = totals[q];
    barrier();
    [[unroll]] for (uint q = 0; q < LANE_QUERIES; q++) {
        if (query_of(q) >= tile.tokens * tile.heads) continue;
        const uint head = tile.firstHead + query_of(q) % tile.heads;
        float total = 0;
        for (uint i = 0; i < LANES; i++) total += lanes[query_of(q) * LANES + i];
        const float factor = final_factor(attention, head, largest[q], total);
        const uint row = uint(frame.order.at[tile.place + query_of(q) / tile.heads]);
        Floats target = row_of(attention.result, row, head);
        [[unroll]] for (uint c = 0; c < VALUE_CHUNKS; c++) {
            const uint element = 4 * (c * CHUNK + column);
            write4(target, element, after4(attention, factor * sums[q * VALUE_CHUNKS + c], row, head, element));
        }
    }
}

void attend(Frame frame, Tile tile) {
    KeyList keys = keys_of(frame, tile.span);
    const uvec2 range = begin(frame, tile, keys);
    if (KEEPS_QUERIES) load_queries(frame, tile, 0);
    for (uint block = range.x; block < range.y; block += KEYS) {
        [[unroll]] for (uint i = 0; i < LANE_QUERIES * LANE_KEYS; i++) scores[i] = 0;
        for (uint chunk = 0; chunk < QUADS; chunk += CHUNK) {
            barrier();
            if (!KEEPS_QUERIES) load_queries(frame, tile, chunk);
            load_keys(keys, attention.keys + tile.kvHead * attention.keyHeadStride, attention.keyStride, WIDTH, block, range.y, chunk);
            barrier();
            multiply(chunk);
        }

        weigh(tile, keys, block);
        [[unroll]] for (uint chunk = 0; chunk < VALUE_CHUNKS; chunk++) {
            barrier();
            load_keys(
                keys, attention.values + tile.kvHead * attention.valueHeadStride, attention.valueStride, VALUE_WIDTH, block, range.y, chunk * CHUNK);
            barrier();
            add_values(chunk);
        }
    }

    barrier();
    write(frame, tile);
}

void main() {
    column = gl_LocalInvocationID.x % LANES;
    first = gl_LocalInvocationID.x / LANES;
    Frame frame = attention.frame;
    for (uint item = gl_WorkGroupID.x; item < rows; item += gl_NumWorkGroups.x) {
        attend(frame, locate(frame, item));
        barrier();
    }
}
