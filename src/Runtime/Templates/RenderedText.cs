namespace ArchGen.Templates;

/// <summary>What a template rendered.</summary>
/// <param name="Text">The text.</param>
/// <param name="Spans">The origin of its characters: adjacent spans that cover all of the text, in order. Neighbours differ in origin.</param>
public sealed record RenderedText(string Text, IReadOnlyList<TextSpan> Spans)
{
    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
