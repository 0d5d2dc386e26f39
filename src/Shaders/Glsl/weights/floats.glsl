// F32, F16, BF16. Rows need not be aligned to more than an element; those that are to 16 bytes are read 16 bytes at a time.
#define HAS_DECODE1
const uint BLOCK = 1;

#if defined TYPE_F32
const uint BLOCK_BYTES = 4;

float decode1(uint64_t row, uint element) { return uintBitsToFloat(load32(row, 4 * element)); }

void decode8(uint64_t row, uint element, out float values[8]) {
    uvec4 first, second;
    if ((uint(row) & 15u) == 0) {
        first = WeightUints4(row + 4 * element).at;
        second = WeightUints4(row + (4 * element + 16)).at;
    } else {
        first = uvec4(load64(row, 4 * element), load64(row, 4 * element + 8));
        second = uvec4(load64(row, 4 * element + 16), load64(row, 4 * element + 24));
    }

    store(uintBitsToFloat(first), uintBitsToFloat(second), values);
}
#else
const uint BLOCK_BYTES = 2;

// Eight elements, two in a word.
uvec4 load_eight(uint64_t row, uint element) {
    if ((uint(row) & 15u) == 0) return WeightUints4(row + 2 * element).at;
    return uvec4(load64(row, 2 * element), load64(row, 2 * element + 8));
}

#if defined TYPE_F16
float decode1(uint64_t row, uint element) { return load_half(row, 2 * element); }

void decode8(uint64_t row, uint element, out float values[8]) {
    uvec4 words = load_eight(row, element);
    store(vec4(unpackHalf2x16(words.x), unpackHalf2x16(words.y)), vec4(unpackHalf2x16(words.z), unpackHalf2x16(words.w)), values);
}
#else
float decode1(uint64_t row, uint element) { return uintBitsToFloat(load16(row, 2 * element) << 16); }

void decode8(uint64_t row, uint element, out float values[8]) {
    uvec4 words = load_eight(row, element);
    uvec4 even = words << 16, odd = words & 0xFFFF0000u;
    store(uintBitsToFloat(uvec4(even.x, odd.x, even.y, odd.y)), uintBitsToFloat(uvec4(even.z, odd.z, even.w, odd.w)), values);
}
#endif
#endif
