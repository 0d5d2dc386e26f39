namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>A part of a text on its way to the model.</summary>
/// <param name="Begins">Whether the part is at the beginning of the text to encode.</param>
internal readonly record struct Piece(string Text, int Start, int Length, bool Begins)
{
    public ReadOnlySpan<char> Span => Text.AsSpan(Start, Length);

    public Piece Slice(int start, int end) => new(Text, Start + start, end - start, Begins && start == 0);

    public override string ToString() => Text.Substring(Start, Length);
}
