// One or two bits, or ternary digits, with a scale: Q1_0, Q2_0, TQ1_0, TQ2_0.
#if defined TYPE_Q1_0
const uint BLOCK = 128, BLOCK_BYTES = 18;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint signs = load8(block, 2 + element % BLOCK / 8);
    scaled(2 * bits_of(signs) - 1, 2 * bits_of(signs >> 4) - 1, load_half(block, 0), values);
}
#elif defined TYPE_Q2_0
const uint BLOCK = 64, BLOCK_BYTES = 18;

ivec4 pairs_of(uint bits) { return (ivec4(bits, bits >> 2, bits >> 4, bits >> 6) & 3) - 1; }

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint quants = load16(block, 2 + element % BLOCK / 4);
    scaled(pairs_of(quants), pairs_of(quants >> 8), load_half(block, 0), values);
}
#elif defined TYPE_TQ2_0
const uint BLOCK = 256, BLOCK_BYTES = 66;

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK;
    uvec2 quants = field(load64(block, at / 128 * 32 + at % 32), at / 32 % 4 * 2, 0x03030303u);
    scaled(quants, 1, load_half(block, 64), values);
}
#else
const uint BLOCK = 256, BLOCK_BYTES = 54;

// Five digits are a byte's fraction of 256. A digit is the first one of what is left when those before it are taken away: of 3^n times the fraction.
ivec4 digits_of(uint word, uint digit) {
    uint power = digit < 4 ? 0x1B090301u >> digit * 8 & 255u : 81u;
    return ivec4((bytes_of(word) * power & 255u) * 3 >> 8) - 1;
}

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK;
    uvec2 quants, digits;
    if (at < 160) {
        quants = load64(block, at % 32);
        digits = uvec2(at / 32);
    }
    else if (at < 240) {
        quants = load64(block, 32 + at % 16);
        digits = uvec2((at - 160) / 16);
    } else {
        // The last four bytes have four digits each.
        quants = uvec2(load32(block, 48));
        digits = (at - 240) / 4 + uvec2(0, 1);
    }

    scaled(digits_of(quants.x, digits.x), digits_of(quants.y, digits.y), load_half(block, 52), values);
}
#endif
