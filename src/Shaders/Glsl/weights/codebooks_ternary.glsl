// Points of eight -1, 0 or 1, all an eighth more or less, from a codebook of 2048: IQ1_S, IQ1_M.
#include "weights/points_ternary_2048.glsl"
#include "weights/points.glsl"
const uint BLOCK = 256;

// Four digits, two bits each, in eighths.
ivec4 eighths_of(uint digits) { return 8 * (ivec4(digits, digits >> 2, digits >> 4, digits >> 6) & 3) - 8; }

// A point, shifted: an eighth less where the bit is set, else an eighth more.
void decode_point(uint entry, uint down, float scale, out float values[8]) {
    uint digits = point(entry);
    int shift = 1 - 2 * int(down & 1u);
    scaled(eighths_of(digits) + shift, eighths_of(digits >> 8) + shift, scale, values);
}

#if defined TYPE_IQ1_S
const uint BLOCK_BYTES = 50;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint eight = element % BLOCK / 8, group = load16(block, 34 + eight / 4 * 2);
    uint entry = load8(block, 2 + eight) | (group >> eight % 4 * 3 & 7u) << 8;
    precise float scale = load_half(block, 0) * float(2 * (group >> 12 & 7u) + 1) * 0.125;
    decode_point(entry, group >> 15, scale, values);
}
#else
const uint BLOCK_BYTES = 56;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint eight = element % BLOCK / 8, nibble = load8(block, 32 + eight / 2) >> eight % 2 * 4;
    // The upper four bits of four words are a half-precision number; below them are scales of 16 weights, four in a word.
    uvec2 words = load64(block, 48), upper = uvec2(words.x >> 12 & 15u | words.x >> 24 & 0xF0u, words.y >> 4 & 0xF00u | words.y >> 16 & 0xF000u);
    uint group = eight / 2, word = (group < 8 ? words.x : words.y) >> group / 4 % 2 * 16;
    precise float scale = unpackHalf2x16(upper.x | upper.y).x * float(2 * (word >> group % 4 * 3 & 7u) + 1) * 0.125;
    decode_point(load8(block, eight) | (nibble & 7u) << 8, nibble >> 3, scale, values);
}
#endif
