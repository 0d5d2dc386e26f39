namespace ArchGen.Formats.Blocks;

/// <summary>A visitor of a block format, which it receives as a type parameter.</summary>
/// <typeparam name="TResult">The type of the result; a class, so that all code is known before the program runs (Native AOT).</typeparam>
internal interface IBlockFormatVisitor<TResult> where TResult : class
{
    TResult Visit<TFormat>() where TFormat : struct, IBlockFormat;
}

/// <summary>A block format as an object, which connects a <see cref="TensorType"/>, a value, to generic code.</summary>
internal abstract class BlockFormat
{
    /// <summary>Calls a visitor with the format as its type parameter; the tables that the format reads are filled.</summary>
    public abstract TResult Accept<TResult>(IBlockFormatVisitor<TResult> visitor) where TResult : class;
}

/// <inheritdoc/>
internal sealed class BlockFormat<TFormat> : BlockFormat where TFormat : struct, IBlockFormat
{
    public override TResult Accept<TResult>(IBlockFormatVisitor<TResult> visitor)
    {
        ScaleTables.Load();
        TFormat.LoadTables();
        return visitor.Visit<TFormat>();
    }
}
