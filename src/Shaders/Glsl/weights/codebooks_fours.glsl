// Points of four with signs from a codebook: IQ3_XXS, IQ3_S.
#if defined TYPE_IQ3_XXS
#include "weights/points_fours_256.glsl"
#else
#include "weights/points_fours_512.glsl"
#endif
#include "weights/points.glsl"
const uint BLOCK = 256;

// Four digits, three bits each.
ivec4 digits_of(uint digits) { return ivec4(digits, digits >> 3, digits >> 6, digits >> 9) & 7; }

#if defined TYPE_IQ3_XXS
const uint BLOCK_BYTES = 98;

// Digits stand for 4, 12, 20, 28, 36, 44, 52, 62.
ivec4 magnitudes_of(uint entry) {
    ivec4 digits = digits_of(point(entry));
    return 8 * digits + 4 + (digits + 1 >> 3) * 2;
}

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint eight = element % BLOCK / 8, entries = load16(block, 2 + eight * 2), group = load32(block, 66 + eight / 4 * 4);
    ivec4 first = magnitudes_of(entries & 255u), second = magnitudes_of(entries >> 8);
    negate(even_signs(group >> eight % 4 * 7 & 127u), first, second);
    precise float scale = load_half(block, 0) * (0.5 + float(group >> 28)) * 0.5;
    scaled(first, second, scale, values);
}
#else
const uint BLOCK_BYTES = 110;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint eight = element % BLOCK / 8, entries = load16(block, 2 + eight * 2), ninth = load8(block, 66 + eight / 4) >> eight % 4 * 2;
    ivec4 first = 2 * digits_of(point(entries & 255u | (ninth & 1u) << 8)) + 1, second = 2 * digits_of(point(entries >> 8 | (ninth & 2u) << 7)) + 1;
    negate(load8(block, 74 + eight), first, second);
    uint group = load8(block, 106 + eight / 8) >> eight / 4 % 2 * 4 & 15u;
    scaled(first, second, load_half(block, 0) * float(1 + 2 * group), values);
}
#endif
