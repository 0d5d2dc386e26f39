namespace ArchGen.Formats.Blocks;

/// <summary>
/// The places of the fields of a block, for the emitters of machine code: <c>Offsets.Of&lt;Q4_KBlock&gt;(b => b->Quants)</c>. A block is a struct without
/// padding in its type's folder; decoders, encoders and emitters read offsets and sizes from it, so that they are written nowhere else.
/// </summary>
internal static unsafe class Offsets
{
    /// <summary>Names a field by its address.</summary>
    public delegate void* Field<TBlock>(TBlock* block) where TBlock : unmanaged;

    /// <summary>Bytes from the beginning of a block to a field.</summary>
    public static int Of<TBlock>(Field<TBlock> field) where TBlock : unmanaged
    {
        TBlock block = default;
        return (int)((byte*)field(&block) - (byte*)&block);
    }
}
