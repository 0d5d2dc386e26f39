namespace ArchGen.Conversion;

/// <summary>The same elements in other dimensions.</summary>
internal sealed class ReshapedWeights(Weights inner, IReadOnlyList<long> shape) : Weights
{
    public override IReadOnlyList<long> Shape => shape;

    public override WeightsStorage? Storage => inner.Storage is { } storage && shape[^1] % storage.BlockSize == 0 ? storage : null;

    public override IEnumerable<string> Steps => [.. inner.Steps, $"as [{string.Join(", ", shape)}]"];

    public override IEnumerable<string> Sources => inner.Sources;

    public override void Read(long first, Span<float> destination) => inner.Read(first, destination);

    public override void ReadStored(long first, Span<byte> destination) => inner.ReadStored(first, destination);

    public override bool TryGetMemory(out nint pointer) => inner.TryGetMemory(out pointer);
}
