#version 460
// Sorts the uses of experts by expert, and cuts those of each into tiles. Use u is row u / used and place u % used in its list of experts. One workgroup.
// Gives the number of tiles, and for each its first place in the sorted order, the one after its last, and its expert; and the uses in that order.
#include "addresses.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint EXPERTS = 1;
layout(constant_id = 2) const uint TILE = 32;

layout(push_constant, scalar) uniform Push {
    uint rows;
    uint used;
    uint64_t ids;
    uint idStride;
    Uints tiles;
    Uints uses;
};

shared uint counts[EXPERTS];
shared uint places[EXPERTS];

uint expert_of(uint use) { return uint(Ints(ids).at[use / used * idStride + use % used]); }

void main() {
    const uint local = gl_LocalInvocationID.x, size = gl_WorkGroupSize.x, count = rows * used;
    for (uint expert = local; expert < EXPERTS; expert += size) counts[expert] = 0;
    barrier();
    for (uint use = local; use < count; use += size) atomicAdd(counts[expert_of(use)], 1);
    barrier();
    for (uint expert = local; expert < EXPERTS; expert += size) {
        uint begin = 0, tile = 0;
        for (uint i = 0; i < expert; i++) {
            begin += counts[i];
            tile += (counts[i] + TILE - 1) / TILE;
        }

        places[expert] = begin;
        const uint end = begin + counts[expert];
        for (uint first = begin; first < end; first += TILE, tile++) {
            tiles.at[1 + 3 * tile] = first;
            tiles.at[2 + 3 * tile] = min(first + TILE, end);
            tiles.at[3 + 3 * tile] = expert;
        }

        if (expert == EXPERTS - 1) tiles.at[0] = tile;
    }

    barrier();
    for (uint use = local; use < count; use += size) uses.at[atomicAdd(places[expert_of(use)], 1)] = use;
}
