// Blocks of 32 with a scale: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0.
const uint BLOCK = 32;

#if defined TYPE_Q8_0
const uint BLOCK_BYTES = 34;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uvec2 quants = load64(block, 2 + element % BLOCK);
    scaled(signed_bytes_of(quants.x), signed_bytes_of(quants.y), load_half(block, 0), values);
}
#else
// Nibbles of 16 bytes: the low ones are the first 16 weights, the high ones the others.
uvec2 load_nibbles(uint64_t block, uint quants, uint at) { return field(load64(block, quants + (at & 15u)), (at & 16u) >> 2, 0x0F0F0F0Fu); }

#if defined TYPE_Q4_0
const uint BLOCK_BYTES = 18;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    scaled(load_nibbles(block, 2, element % BLOCK), 8, load_half(block, 0), values);
}
#elif defined TYPE_Q4_1
const uint BLOCK_BYTES = 20;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    vec2 scales = unpackHalf2x16(load32(block, 0));
    scaled(load_nibbles(block, 4, element % BLOCK), scales.x, scales.y, values);
}
#elif defined TYPE_Q5_0
const uint BLOCK_BYTES = 22;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK;
    uvec2 quants = load_nibbles(block, 6, at) | spread(load8(block, 2 + at / 8)) << 4;
    scaled(quants, 16, load_half(block, 0), values);
}
#else
const uint BLOCK_BYTES = 24;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK;
    uvec2 quants = load_nibbles(block, 8, at) | spread(load8(block, 4 + at / 8)) << 4;
    vec2 scales = unpackHalf2x16(load32(block, 0));
    scaled(quants, scales.x, scales.y, values);
}
#endif
#endif
