namespace ArchGen;

/// <summary>A tensor of the file: its name and dimensions, slowest first.</summary>
public sealed record TensorInfo(string Name, long[] Dims)
{
    internal Shape Shape => new([.. Dims.Select(d => (Dim)d)]);
}
