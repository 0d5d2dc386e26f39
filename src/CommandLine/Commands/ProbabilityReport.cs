using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Commands;

/// <summary>The tokens of a text with their probabilities and those of others in their places (<c>run --n-probs</c>).</summary>
internal sealed class ProbabilityReport(Tokenizer tokenizer)
{
    private readonly List<string> _lines = [];

    /// <summary>Adds a token, if it has probabilities.</summary>
    public void Add(GeneratedToken token)
    {
        if (token.Probabilities is not { } probabilities) return;
        var others = probabilities.Likeliest.Select(Format);
        _lines.Add($"{Format(probabilities.Chosen)} of {string.Join(", ", others)}");
    }

    /// <summary>Writes a line for each token.</summary>
    public void Write(TextWriter writer)
    {
        foreach (var line in _lines) writer.WriteLine(line);
    }

    private string Format(TokenProbability token)
    {
        var text = JsonEncodedText.Encode(tokenizer.Decode([token.Token], special: true), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return string.Create(CultureInfo.InvariantCulture, $"\"{text}\" {Math.Exp(token.LogProbability):F4}");
    }
}
