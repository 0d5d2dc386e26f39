namespace ArchGen.Generators.Tests.Scale;

/// <summary>An edit of one file of <see cref="ManyArchitectures"/> whose time <c>benchmarks/Generator</c> measures.</summary>
/// <param name="What">What kind of edit it is.</param>
/// <param name="Path">The file; a copy of an architecture's is of the first set, which is whole.</param>
/// <param name="Text">What is replaced, where it stands last.</param>
/// <param name="Replacement">What replaces it.</param>
internal sealed record MeasuredEdit(string What, string Path, string Text, string Replacement)
{
    public static IReadOnlyList<MeasuredEdit> All { get; } =
    [
        new("a comment in DeepSeek 2", Copy("DeepSeek2"), "// Files with the latent", "// The files with the latent"),
        new("the body of DeepSeek 2", Copy("DeepSeek2"), "SwiGlu.Of", "GeGlu.Of"),
        new("the body of Qwen 3, which has one variant", Copy("Qwen3"), "Softmax(", "Silu("),
        new("a shape of T5", Copy("T5"), "[Tensor(\"Embd\"", "[Tensor(\"2*Embd\""),
        new("the body of GPT-2, which has a few", Copy("Gpt2"), "GeluTanh", "Gelu"),
        new("the body of Decoder, which most derive from", Copy("Decoder"), "OutputNorm.Of(x)", "OutputNorm.Of(x * 2)"),
        new("a part that half of all have, FeedForward.cs", "FeedForward.cs", "Ffn.Of(part, h, Silu)", "Ffn.Of(part, h, Gelu)"),
        new("a comment in that part", "FeedForward.cs", "/// <summary>Gated by SiLU", "/// <summary>Gated by a SiLU"),
    ];

    /// <summary>The source with the edit.</summary>
    public string Of(string source) => Replace(source, Text, Replacement);

    /// <summary>The source without it again.</summary>
    public string Undone(string source) => Replace(source, Replacement, Text);

    private static string Copy(string architecture) => architecture + ManyArchitectures.Suffix(0) + ".cs";

    private string Replace(string source, string text, string replacement)
    {
        var at = source.LastIndexOf(text, StringComparison.Ordinal);
        if (at < 0) throw new InvalidOperationException($"{Path} has no '{text}'.");
        return source[..at] + replacement + source[(at + text.Length)..];
    }
}
