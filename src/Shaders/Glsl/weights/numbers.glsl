// From packed integers to weights.

// Eight bytes, as they lie in memory.
uvec4 bytes_of(uint word) { return uvec4(word, word >> 8, word >> 16, word >> 24) & 255u; }

ivec4 signed_bytes_of(uint word) { return ivec4(word << 24, word << 16, word << 8, word) >> 24; }

// Of each of eight bytes the bits from a shift on that a mask, the same in all of them, has.
uvec2 field(uvec2 bytes, uint shift, uint mask) { return bytes >> shift & mask; }

// Bit i as bit 0 of byte i.
uvec2 spread(uint bits) { return (uvec2(bits, bits >> 4) & 15u) * 0x00204081u & 0x01010101u; }

// Four bits as integers, the lowest first.
ivec4 bits_of(uint bits) { return ivec4(bits, bits >> 1, bits >> 2, bits >> 3) & 1; }

// Numbers with signs: negative where the bit of eight is set.
void negate(uint signs, inout ivec4 first, inout ivec4 second) {
    ivec4 low = bits_of(signs), high = bits_of(signs >> 4);
    first = (first ^ -low) + low;
    second = (second ^ -high) + high;
}

// Seven signs with the eighth, which makes their number even.
uint even_signs(uint seven) { return seven | (uint(bitCount(seven)) & 1u) << 7; }

void store(vec4 first, vec4 second, out float values[8]) {
    values[0] = first.x; values[1] = first.y; values[2] = first.z; values[3] = first.w;
    values[4] = second.x; values[5] = second.y; values[6] = second.z; values[7] = second.w;
}

void scaled(ivec4 first, ivec4 second, float scale, out float values[8]) {
    precise vec4 low = vec4(first) * scale;
    precise vec4 high = vec4(second) * scale;
    store(low, high, values);
}

// Eight bytes, less a number, times a scale.
void scaled(uvec2 bytes, int zero, float scale, out float values[8]) {
    scaled(ivec4(bytes_of(bytes.x)) - zero, ivec4(bytes_of(bytes.y)) - zero, scale, values);
}

// Eight bytes times a scale, plus an offset: two roundings, none fused.
void scaled(uvec2 bytes, float scale, float offset, out float values[8]) {
    precise vec4 low = vec4(bytes_of(bytes.x)) * scale + offset;
    precise vec4 high = vec4(bytes_of(bytes.y)) * scale + offset;
    store(low, high, values);
}
