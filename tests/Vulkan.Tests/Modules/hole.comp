// glslc -O0 --target-env=vulkan1.2 hole.comp -o hole.spv
#version 460
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_shader_explicit_arithmetic_types : require
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Floats { float at[]; };
layout(push_constant, scalar) uniform Push { uint64_t x, y, extras; uint rows, columns; };
layout(local_size_x = 64) in;

// Takes its parameters as pointers, and has a local variable.
float finish(float value, uint row, uint column, uint64_t extras) {
    float kept = value;
    return kept;
}

// Takes them as values.
float begin(const float value, const uint row, const uint column, const uint64_t extras) { return value; }

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= rows * columns) return;
    float v = begin(Floats(x).at[i], i / columns, i % columns, extras);
    Floats(y).at[i] = finish(2 * v, i / columns, i % columns, extras);
}
