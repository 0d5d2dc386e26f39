// Blocks of 256 with scales of groups: Q2_K, Q3_K, Q4_K, Q5_K, Q6_K.
const uint BLOCK = 256;

#if defined TYPE_Q2_K
const uint BLOCK_BYTES = 84;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK;
    uvec2 quants = field(load64(block, 16 + at / 128 * 32 + at % 32), at / 32 % 4 * 2, 0x03030303u);
    uint group = load8(block, at / 16);
    vec2 scales = unpackHalf2x16(load32(block, 80));
    scaled(quants, float(group & 15u) * scales.x, float(group >> 4) * -scales.y, values);
}
#elif defined TYPE_Q3_K
const uint BLOCK_BYTES = 110;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK, group = at / 16;
    uvec2 quants = field(load64(block, 32 + at / 128 * 32 + at % 32), at / 32 % 4 * 2, 0x03030303u);
    quants |= field(load64(block, at % 32), at / 32, 0x01010101u) << 2;
    // Low four bits of the scale in eight bytes of nibbles, the upper two in four bytes after them.
    uint scale = load8(block, 96 + group % 8) >> group / 8 * 4 & 15u;
    scale |= (load8(block, 104 + group % 4) >> group / 4 * 2 & 3u) << 4;
    scaled(quants, 4, float(int(scale) - 32) * load_half(block, 108), values);
}
#elif defined TYPE_Q6_K
const uint BLOCK_BYTES = 210;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK, quarter = at / 32 % 4;
    uvec2 quants = field(load64(block, at / 128 * 64 + quarter % 2 * 32 + at % 32), quarter / 2 * 4, 0x0F0F0F0Fu);
    quants |= field(load64(block, 128 + at / 128 * 32 + at % 32), quarter * 2, 0x03030303u) << 4;
    int scale = int(load8(block, 192 + at / 16) << 24) >> 24;
    scaled(quants, 32, float(scale) * load_half(block, 208), values);
}
#else
// The scale of a group of 32, and its negated offset. Six bits each: of the first four groups the low bits of a byte of words 0 and 1; of the others a nibble
// of word 2, and the upper two bits of that byte.
vec2 group_scales(uint64_t block, uint group) {
    uint shift = group % 4 * 8;
    uvec2 words = load64(block, 4) >> shift, six = words & 63u;
    if (group >= 4) {
        uint nibbles = load32(block, 12) >> shift;
        six = uvec2(nibbles, nibbles >> 4) & 15u | (words >> 2 & 0x30u);
    }

    vec2 scales = unpackHalf2x16(load32(block, 0));
    return vec2(six) * vec2(scales.x, -scales.y);
}

// Nibbles, 64 in 32 bytes: the low ones are 32 weights, the high ones the next 32.
uvec2 load_nibbles(uint64_t block, uint quants, uint at) {
    return field(load64(block, quants + at / 64 * 32 + at % 32), at / 32 % 2 * 4, 0x0F0F0F0Fu);
}

#if defined TYPE_Q4_K
const uint BLOCK_BYTES = 144;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK;
    vec2 scales = group_scales(block, at / 32);
    scaled(load_nibbles(block, 16, at), scales.x, scales.y, values);
}
#else
const uint BLOCK_BYTES = 176;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK;
    uvec2 quants = load_nibbles(block, 48, at) | field(load64(block, 16 + at % 32), at / 32, 0x01010101u) << 4;
    vec2 scales = group_scales(block, at / 32);
    scaled(quants, scales.x, scales.y, values);
}
#endif
#endif
