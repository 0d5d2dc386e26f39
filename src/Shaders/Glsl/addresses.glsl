// Memory by its address: there are no descriptors. Every shader includes this file first.
#extension GL_EXT_buffer_reference2 : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
#extension GL_EXT_shader_16bit_storage : require
#extension GL_EXT_shader_8bit_storage : require
#extension GL_EXT_control_flow_attributes : require

layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Floats { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Ints { int at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Uints { uint at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 2) buffer Halves { uint16_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 1) buffer Bytes { uint8_t at[]; };

// A value [rows, heads, width]: its first element, and the strides of rows and heads in elements; 0 repeats.
struct View {
    uint64_t data;
    uint rowStride;
    uint headStride;
};

Floats row_of(View view, uint row, uint head) {
    return Floats(view.data + 4ul * (uint64_t(row) * view.rowStride + uint64_t(head) * view.headStride));
}

// The micro-batch (FrameBlock.cs). The arrays have a place for each token of the largest one.
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer Frame {
    uint tokenCount;
    uint outputCount;
    uint encoderCount;
    uint spanCount;
    Ints tokens;            // token ids
    Ints positions;
    Ints cells;             // the cell of the cache that each row's keys and values go to
    Ints outputRows;        // the rows whose output is wanted
    Ints order;             // rows sequence by sequence, by position within each
    Ints orderedPositions;  // the positions of these
    Ints spanSequences;     // for each sequence of the micro-batch its number,
    Ints spanStarts;        // its first place in order,
    Ints spanCounts;        // and its rows
    Ints spanOfRow;         // for each place in order, the span that it belongs to
    Ints keyCounts;         // for each sequence of the context, its keys in the cache
    Ints keyCells;          // [sequences, cells]: the cells of each sequence's keys, by position
    Ints keyPositions;      // [sequences, cells]: their positions, ascending
    uint cellCapacity;
};
