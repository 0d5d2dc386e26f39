// Rows of numbers in half precision. Each is multiplied by a power of two first, so that its largest magnitude is 2^14 to 2^15: none overflows, and of
// numbers up to 2^29 times smaller than that no bit is lost that half precision has room for.
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require

// The power of two for a row of which that is the largest magnitude; neither it nor its inverse is subnormal. 1 for zeros, and where there is an infinity.
float power_for(float largest) {
    const uint exponent = floatBitsToUint(largest) >> 23;
    return largest == 0 || exponent >= 255 ? 1.0 : uintBitsToFloat(min(268 - exponent, 253) << 23);
}

float inverse_of(float power) { return uintBitsToFloat((254u << 23) - floatBitsToUint(power)); }

// A row of x: 16 bytes of which the first 4 are the inverse of its power, then its elements, with zeros up to a multiple of HALF_DEPTH. Then, where numbers
// are stored as sums of two, what the first one leaves of each, in half precision too: together they have 21 bits.
const uint HALF_DEPTH = 32, HALF_HEADER = 16;

uint padded_width() { return (width + HALF_DEPTH - 1) / HALF_DEPTH * HALF_DEPTH; }

// The first 11 bits, which half precision has room for. Bits are taken: drivers may hold a number that is rounded and made single again for the number itself.
vec2 head_of(vec2 numbers) { return uintBitsToFloat(floatBitsToUint(numbers) & 0xffffe000u); }

// A plane of numbers: of one plane they are rounded; of two, the first has their first bits, the second what is left.
f16vec2 plane_of(vec2 numbers, uint plane, uint planes) {
    if (planes == 1) return f16vec2(numbers);
    return f16vec2(plane == 0 ? head_of(numbers) : numbers - head_of(numbers));
}

layout(buffer_reference, scalar, buffer_reference_align = 16) buffer HalfEights { uvec4 at; };
