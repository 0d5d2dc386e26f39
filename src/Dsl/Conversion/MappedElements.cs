namespace ArchGen.Conversion;

/// <summary>A function applied to each element, in f32.</summary>
internal sealed class MappedElements(Weights inner, Func<float, float> map, string what) : Weights
{
    public override IReadOnlyList<long> Shape => inner.Shape;

    public override IEnumerable<string> Steps => [.. inner.Steps, what];

    public override IEnumerable<string> Sources => inner.Sources;

    public override void Read(long first, Span<float> destination)
    {
        inner.Read(first, destination);
        foreach (ref var element in destination) element = map(element);
    }
}
