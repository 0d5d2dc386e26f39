// Nibbles that stand for unevenly spaced levels: IQ4_NL, IQ4_XS.
#define HAS_TABLES
const int nonlinear_levels[16] = int[](-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
shared int levels[16];

void init_tables() {
    const uint invocations = gl_WorkGroupSize.x * gl_WorkGroupSize.y * gl_WorkGroupSize.z;
    for (uint i = gl_LocalInvocationIndex; i < 16; i += invocations) levels[i] = nonlinear_levels[i];
    barrier();
}

ivec4 levels_of(uint word) {
    uvec4 nibbles = bytes_of(word);
    return ivec4(levels[nibbles.x], levels[nibbles.y], levels[nibbles.z], levels[nibbles.w]);
}

// Nibbles of 16 bytes: the low ones are the first 16 of 32 weights, the high ones the others.
void decode_nibbles(uint64_t address, uint quants, uint at, float scale, out float values[8]) {
    uvec2 nibbles = field(load64(address, quants + (at & 15u)), (at & 16u) >> 2, 0x0F0F0F0Fu);
    scaled(levels_of(nibbles.x), levels_of(nibbles.y), scale, values);
}

#if defined TYPE_IQ4_NL
const uint BLOCK = 32, BLOCK_BYTES = 18;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    decode_nibbles(block, 2, element % BLOCK, load_half(block, 0), values);
}
#else
const uint BLOCK = 256, BLOCK_BYTES = 136;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK, group = at / 32, upper = load16(block, 2) >> group * 2 & 3u, lower = load32(block, 4) >> group * 4 & 15u;
    decode_nibbles(block, 8 + 16 * group, at, load_half(block, 0) * float(int(lower | upper << 4) - 32), values);
}
#endif
