namespace ArchGen.Formats.Blocks;

/// <summary>Where the fields of a block are, for those who write machine code: <c>Offsets.Of&lt;Q4_KBlock&gt;(b => b->Quants)</c>.</summary>
internal static unsafe class Offsets
{
    /// <summary>Names a field by its address.</summary>
    public delegate void* Field<TBlock>(TBlock* block) where TBlock : unmanaged, ITensorBlock;

    /// <summary>Bytes from the beginning of a block to a field.</summary>
    public static int Of<TBlock>(Field<TBlock> field) where TBlock : unmanaged, ITensorBlock
    {
        TBlock block = default;
        return (int)((byte*)field(&block) - (byte*)&block);
    }
}
