// Loads at an address and an offset in bytes, as wide as the alignment of the type's blocks allows. None reads more than it is asked for.

layout(buffer_reference, scalar, buffer_reference_align = 1) readonly buffer WeightByte { uint8_t at; };
layout(buffer_reference, scalar, buffer_reference_align = 2) readonly buffer WeightWord { uint16_t at; };
layout(buffer_reference, scalar, buffer_reference_align = 2) readonly buffer WeightWords2 { u16vec2 at; };
layout(buffer_reference, scalar, buffer_reference_align = 2) readonly buffer WeightWords4 { u16vec4 at; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer WeightUint { uint at; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer WeightUints2 { uvec2 at; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer WeightUints4 { uvec4 at; };

uint load8(uint64_t address, uint offset) { return uint(WeightByte(address + offset).at); }

#if WEIGHTS_ALIGNMENT == 1
uint load32(uint64_t address, uint offset) {
    return load8(address, offset) | load8(address, offset + 1) << 8 | load8(address, offset + 2) << 16 | load8(address, offset + 3) << 24;
}

uvec2 load64(uint64_t address, uint offset) { return uvec2(load32(address, offset), load32(address, offset + 4)); }
#else
uint load16(uint64_t address, uint offset) { return uint(WeightWord(address + offset).at); }

#if WEIGHTS_ALIGNMENT == 2
uint load32(uint64_t address, uint offset) {
    uvec2 words = uvec2(WeightWords2(address + offset).at);
    return words.x | words.y << 16;
}

uvec2 load64(uint64_t address, uint offset) {
    uvec4 words = uvec4(WeightWords4(address + offset).at);
    return words.xz | words.yw << 16;
}
#else
uint load32(uint64_t address, uint offset) { return WeightUint(address + offset).at; }

uvec2 load64(uint64_t address, uint offset) { return WeightUints2(address + offset).at; }
#endif

// The half-precision number there.
float load_half(uint64_t address, uint offset) { return unpackHalf2x16(load16(address, offset)).x; }
#endif
