// Points of eight with signs from a codebook: IQ2_XXS, IQ2_XS, IQ2_S.
#if defined TYPE_IQ2_XXS
#include "weights/points_eights_256.glsl"
#elif defined TYPE_IQ2_XS
#include "weights/points_eights_512.glsl"
#else
#include "weights/points_eights_1024.glsl"
#endif
#include "weights/points.glsl"
const uint BLOCK = 256;

// Four digits 0, 1, 2, two bits each, stand for 8, 25, 43.
ivec4 magnitudes_of(uint digits) {
    ivec4 four = ivec4(digits, digits >> 2, digits >> 4, digits >> 6) & 3;
    return 17 * four + 8 + (four >> 1);
}

void decode_point(uint entry, uint signs, float block_scale, uint group_scale, out float values[8]) {
    uint digits = point(entry);
    ivec4 first = magnitudes_of(digits), second = magnitudes_of(digits >> 8);
    negate(signs, first, second);
    precise float scale = block_scale * (0.5 + float(group_scale)) * 0.25;
    scaled(first, second, scale, values);
}

#if defined TYPE_IQ2_XXS
const uint BLOCK_BYTES = 66;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint eight = element % BLOCK / 8;
    uvec2 group = load64(block, 2 + eight / 4 * 8) >> uvec2(eight % 4 * 8, 0);
    decode_point(group.x & 255u, even_signs(group.y >> eight % 4 * 7 & 127u), load_half(block, 0), group.y >> 28, values);
}
#elif defined TYPE_IQ2_XS
const uint BLOCK_BYTES = 74;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint eight = element % BLOCK / 8, entry = load16(block, 2 + eight * 2), scale = load8(block, 66 + eight / 4) >> eight / 2 % 2 * 4 & 15u;
    decode_point(entry & 511u, even_signs(entry >> 9), load_half(block, 0), scale, values);
}
#else
const uint BLOCK_BYTES = 82;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint eight = element % BLOCK / 8, scale = load8(block, 74 + eight / 4) >> eight / 2 % 2 * 4 & 15u;
    uint entry = load8(block, 2 + eight) | (load8(block, 66 + eight / 4) >> eight % 4 * 2 & 3u) << 8;
    decode_point(entry, load8(block, 34 + eight), load_half(block, 0), scale, values);
}
#endif
