namespace ArchGen.Tools.Conversion;

/// <summary>A tensor that is in no checkpoint: computed from its config.</summary>
internal sealed class GeneratedWeights(float[] values) : Weights
{
    public override IReadOnlyList<long> Shape { get; } = [values.Length];

    public override IEnumerable<string> Steps => ["computed from config.json"];

    public override IEnumerable<string> Sources => [];

    public override void Read(long first, Span<float> destination) => values.AsSpan((int)first, destination.Length).CopyTo(destination);
}
