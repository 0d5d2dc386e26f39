using System.Text.RegularExpressions;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>A type for the tensors whose names a regular expression matches somewhere, in any case.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class TensorTypeRule
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Regex _expression;

    /// <summary>A rule.</summary>
    /// <exception cref="ArchGenException">The pattern is no regular expression.</exception>
    public TensorTypeRule(string pattern, TensorType type)
    {
        Pattern = pattern;
        Type = type;
        try
        {
            _expression = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Patience);
        }
        catch (ArgumentException error)
        {
            throw new RequestException($"'{pattern}' is no regular expression: {error.Message} Give one such as 'attn_v' or 'blk\\.[0-3]\\.'.", error);
        }
    }

    /// <summary>The regular expression.</summary>
    public string Pattern { get; }

    /// <summary>The type.</summary>
    public TensorType Type { get; }

    /// <summary>Reads <c>PATTERN=TYPE</c>.</summary>
    /// <exception cref="ArchGenException">The text is not of this form, or the type is not known.</exception>
    public static TensorTypeRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.LastIndexOf('=');
        if (at <= 0) throw new RequestException($"'{text}' is not of the form PATTERN=TYPE. Give a part of the tensor's name and a type: attn_v=q8_0.");
        return new TensorTypeRule(text[..at], ParseType(text[(at + 1)..]));
    }

    /// <summary>Reads the name of a type that tensors can be stored in.</summary>
    /// <exception cref="ArchGenException">No type has this name.</exception>
    public static TensorType ParseType(string name) => TensorTypes.TryParse(name, out var type) && TensorFormats.Of(type).IsEncodable
        ? type
        : throw new RequestException(
            $"'{name}' is no type that a tensor can be quantized to. Choose one of {string.Join(", ", TensorFormats.Encodable.Select(t => t.Name))}.");

    /// <summary>Whether it speaks of a tensor.</summary>
    /// <exception cref="ArchGenException">The expression takes too long.</exception>
    public bool Matches(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        try
        {
            return _expression.IsMatch(tensor);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new RequestException($"The regular expression '{Pattern}' does not come to an end on {tensor}. Write it without nested repetitions.", error);
        }
    }
}
