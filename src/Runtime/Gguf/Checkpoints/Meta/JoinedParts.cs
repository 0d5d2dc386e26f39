namespace ArchGen.Gguf.Checkpoints.Meta;

/// <summary>A matrix whose parts are in several files, split by rows or by columns.</summary>
internal sealed class JoinedParts : CheckpointTensor
{
    private readonly IReadOnlyList<CheckpointTensor> _parts;
    private readonly bool _byColumns;

    public JoinedParts(string name, IReadOnlyList<CheckpointTensor> parts, bool byColumns)
        : base(name, parts[0].Type, Whole(parts, byColumns), [name], parts[0].Place)
    {
        (_parts, _byColumns) = (parts, byColumns);
        if (parts.FirstOrDefault(p => !p.Shape.SequenceEqual(parts[0].Shape) || p.Type != parts[0].Type) is { } other)
        {
            throw new ModelFileException($"{other.Place}: {other} and {parts[0]} of {parts[0].Place} are parts of one matrix, but differ. "
                + "Download the parts again.");
        }
    }

    public override bool TryGetMemory(out nint pointer, out long bytes) =>
        _parts.Count == 1 ? _parts[0].TryGetMemory(out pointer, out bytes) : base.TryGetMemory(out pointer, out bytes);

    private protected override void ReadElements(long first, Span<float> destination)
    {
        var run = _byColumns ? _parts[0].Shape[^1] : _parts[0].ElementCount;
        while (destination.Length > 0)
        {
            var (piece, within) = Math.DivRem(first, run);
            var (row, part) = Math.DivRem(piece, _parts.Count);
            var count = (int)Math.Min(destination.Length, run - within);
            _parts[(int)part].Read((row * run) + within, destination[..count]);
            first += count;
            destination = destination[count..];
        }
    }

    private static long[] Whole(IReadOnlyList<CheckpointTensor> parts, bool byColumns)
    {
        var shape = parts[0].Shape.ToArray();
        if (shape.Length > 0) shape[byColumns ? shape.Length - 1 : 0] = checked(shape[byColumns ? shape.Length - 1 : 0] * parts.Count);
        return shape;
    }
}
