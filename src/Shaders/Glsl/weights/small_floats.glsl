// Four-bit floats (E2M1) with a scale: MXFP4, NVFP4.

// Numbers 0..15 stand for 0, 1, 2, 3, 4, 6, 8, 12 and these negated: doubled floats.
ivec4 levels_of(uint word) {
    ivec4 nibbles = ivec4(bytes_of(word)), magnitudes = nibbles & 7, exponents = max(magnitudes >> 1, 1) - 1;
    ivec4 doubled = mix(magnitudes & 1 | 2, magnitudes, lessThan(magnitudes, ivec4(2))) << exponents;
    return mix(doubled, -doubled, greaterThan(nibbles, ivec4(7)));
}

#if defined TYPE_NVFP4
const uint BLOCK = 64, BLOCK_BYTES = 36;

// An unsigned E4M3 float, halved; 0x7F is 0.
float half_of_e4m3(uint bits) {
    if (bits == 0x7Fu) return 0;
    uint magnitude = bits & 127u;
    return magnitude < 8 ? float(magnitude) / 1024 : uintBitsToFloat((magnitude << 20) + (119u << 23));
}

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint group = element % BLOCK / 16;
    // Low nibbles are the first eight numbers of 16.
    uvec2 quants = field(load64(block, 4 + 8 * group), (element & 8u) >> 1, 0x0F0F0F0Fu);
    scaled(levels_of(quants.x), levels_of(quants.y), half_of_e4m3(load8(block, group)), values);
}
#else
const uint BLOCK = 32, BLOCK_BYTES = 17;

// Levels times 2^-128 or 2^-127, which are subnormal: a device may take such operands and results of a product for 0.
vec4 tiny(ivec4 levels, uint exponent) {
    uvec4 units = uvec4(abs(levels)) << (21 + exponent);
    uvec4 bits = mix(floatBitsToUint(vec4(units)) - (149u << 23), units, lessThan(units, uvec4(1u << 23)));
    return uintBitsToFloat(bits | uvec4(levels) & 0x80000000u);
}

void decode8(uint64_t row, uint element, out float values[8]) {
    uint64_t block = row + element / BLOCK * BLOCK_BYTES;
    uint at = element % BLOCK, exponent = load8(block, 0);
    uvec2 quants = field(load64(block, 1 + (at & 15u)), (at & 16u) >> 2, 0x0F0F0F0Fu);
    ivec4 first = levels_of(quants.x), second = levels_of(quants.y);
    if (exponent < 2) store(tiny(first, exponent), tiny(second, exponent), values);
    // Half of 2^(exponent - 127), as levels are doubled.
    else scaled(first, second, uintBitsToFloat((exponent - 1) << 23), values);
}
#endif
