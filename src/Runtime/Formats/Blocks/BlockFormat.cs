namespace ArchGen.Formats.Blocks;

/// <summary>Does something for a block format that it gets as a type parameter.</summary>
/// <typeparam name="TResult">What it returns; a class, so that all code is known before the program runs (Native AOT).</typeparam>
internal interface IBlockFormatVisitor<TResult> where TResult : class
{
    TResult Visit<TFormat>() where TFormat : struct, IBlockFormat;
}

/// <summary>A block format as an object: the way from a <see cref="TensorType"/>, which is a value, to generic code.</summary>
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
