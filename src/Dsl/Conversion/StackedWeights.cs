namespace ArchGen.Conversion;

/// <summary>Tensors concatenated along the first dimension, or stacked along a new one.</summary>
internal sealed class StackedWeights : Weights
{
    private readonly IReadOnlyList<Weights> _parts;
    private readonly long[] _ends;
    private readonly bool _asNewDimension;

    public StackedWeights(IReadOnlyList<Weights> parts, bool asNewDimension)
    {
        _parts = parts;
        _asNewDimension = asNewDimension;
        if (parts.FirstOrDefault(p => !Tail(p).SequenceEqual(Tail(parts[0]))) is { } other)
        {
            throw new ModelFileException($"{parts[0]} and {other} cannot be stacked: their shapes differ. The checkpoint is damaged or of another form; "
                + "download it again.");
        }

        Shape = asNewDimension ? [parts.Count, .. parts[0].Shape] : [parts.Sum(p => p.Shape[0]), .. parts[0].Shape.Skip(1)];
        _ends = new long[parts.Count];
        var end = 0L;
        for (var i = 0; i < _ends.Length; i++) _ends[i] = end += parts[i].ElementCount;

        IEnumerable<long> Tail(Weights part) => part.Shape.Skip(asNewDimension ? 0 : 1);
    }

    public override IReadOnlyList<long> Shape { get; }

    public override WeightsStorage? Storage => _parts.All(p => p.Storage is not null && p.Storage == _parts[0].Storage) ? _parts[0].Storage : null;

    public override IEnumerable<string> Steps => [.. _parts[0].Steps, $"{_parts.Count} {(_asNewDimension ? "stacked" : "joined")}"];

    public override IEnumerable<string> Sources => _parts.SelectMany(p => p.Sources).Distinct();

    public override void Read(long first, Span<float> destination)
    {
        for (var part = PartOf(first); destination.Length > 0; part++)
        {
            var count = (int)Math.Min(destination.Length, _ends[part] - first);
            _parts[part].Read(first - Begin(part), destination[..count]);
            first += count;
            destination = destination[count..];
        }
    }

    public override void ReadStored(long first, Span<byte> destination)
    {
        var storage = Storage!;
        for (var part = PartOf(first); destination.Length > 0; part++)
        {
            var bytes = (int)Math.Min(destination.Length, storage.ByteLength(_ends[part] - first));
            _parts[part].ReadStored(first - Begin(part), destination[..bytes]);
            first = _ends[part];
            destination = destination[bytes..];
        }
    }

    private long Begin(int part) => part == 0 ? 0 : _ends[part - 1];

    private int PartOf(long element)
    {
        var found = Array.BinarySearch(_ends, element + 1);
        return found >= 0 ? found : ~found;
    }
}
