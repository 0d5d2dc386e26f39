namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of rotary embeddings that are stated as values.</summary>
internal static partial class Mistakes
{
    private const string Keys = "Rope(k.Heads(Heads))";

    /// <summary>A layer whose keys have a base of their own.</summary>
    private static (string Text, string Replacement) Slower => (Keys, "(Rotary with { FreqBase = 500 }).Of(k.Heads(Heads))");

    /// <summary>A layer that restates its rotary embedding, and uses it throughout.</summary>
    private static (string Text, string Replacement) Restated =>
        (Between("public Tensor Forward(Tensor x)", Plain), "protected override RotaryEmbedding Rotary => base.Rotary with { FreqBase = 500 };\n\n        "
            + Between("public Tensor Forward(Tensor x)", Plain).Replace("Rope(", "Rotary.Of(", StringComparison.Ordinal));

    /// <summary>Keys whose frequencies are divided, in long runs and in short ones.</summary>
    private static (string Text, string Replacement) Divided =>
        (Between("public Tensor Forward(Tensor x)", Plain), "[Tensor(\"RopeDims/2\", Name = \"factors\")] public partial Weight? Divisors { get; }\n\n        "
            + Between("public Tensor Forward(Tensor x)", Plain).Replace(
                Keys, "(Rotary with { ShortFactors = Divisors, LongFactors = Divisors }).Of(k.Heads(Heads))", StringComparison.Ordinal));

    private static Mistake[] Rotations =>
    [
        new()
        {
            Id = "ARCH0001", Right = Keys, Wrong = "(Rotary with { Dims = [|7|] }).Of(k.Heads(Heads))",
            Message = "the number of rotated elements of rope is 7, which is no multiple of 2 (rope: x [T, Heads, Embd/Heads])",
        },
        new()
        {
            Id = "ARCH0001", Right = Keys, Wrong = "(Rotary with { Dims = [|8|] }).Of(k.Slice(0, 4).Heads(1))",
            Message = "the size of a head of rope is 4, expected at least 8 (rope: x [T, 1, 4])",
        },
        new()
        {
            Id = "ARCH0004", Right = Keys, Wrong = "(RotaryEmbedding.None with { [|Dims = 8|] }).Of(k.Heads(Heads))",
            Message = "'Dims = 8' is not allowed in a forward pass: it says nothing of RotaryEmbedding.None, which rotates nothing; begin with Rotary",
        },
        new()
        {
            Id = "ARCH0004", Setup = Slower, Right = "Rope = RopeKind.Interleaved", Wrong = "Rope = RopeKind.None", At = "[|FreqBase = 500|]",
            Message = "'FreqBase = 500' is not allowed in a forward pass: it says nothing where [Architecture] has Rope = RopeKind.None, which rotates "
                + "nothing; state the kind there, or leave this out",
        },
        new()
        {
            Id = "ARCH0004", Setup = Restated, Right = "Rotary.Of(k.Heads(Heads))", Wrong = "[|Rope(k.Heads(Heads))|]",
            Message = "'Rope(k.Heads(Heads))' is not allowed in a forward pass: it rotates as the model does, and Layer states its own Rotary; "
                + "write Rotary.Of(k.Heads(Heads))",
        },
        new()
        {
            Id = "ARCH0004", Right = "ShortFactors = Divisors, ", Wrong = "", At = "LongFactors = [|Divisors|]",
            Setup = Divided,
            Message = "'Divisors' is not allowed in a forward pass: LongFactors and ShortFactors go together",
        },
    ];
}
