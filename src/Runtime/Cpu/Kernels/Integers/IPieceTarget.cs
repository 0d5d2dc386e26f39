using ArchGen.Cpu.Blocks;

namespace ArchGen.Cpu.Integers;

/// <summary>Where a piece of some rows goes as integers, and as which.</summary>
internal unsafe interface IPieceTarget
{
    /// <summary>Weights come in multiples of this; what is missing is zero.</summary>
    static abstract int Unit { get; }

    /// <summary>What the scale of a row's floats follows from.</summary>
    float Measure(float* row, int count);

    /// <summary>Converts the floats of the row with this index, and returns their scale.</summary>
    float Convert(float* row, int count, float measure, int index);

    /// <summary>The scale of a whole piece of <see cref="NibbleGroups"/>; fills <paramref name="groups"/> for <see cref="Convert{TFormat}"/>.</summary>
    float Measure<TFormat>(byte* source, float* groups) where TFormat : struct, IBlockFormat;

    /// <summary>Converts them, for the row with this index.</summary>
    void Convert<TFormat>(byte* source, float* groups, int index) where TFormat : struct, IBlockFormat;
}
