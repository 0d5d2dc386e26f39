namespace ArchGen.Chat.Formats;

/// <summary>How the arguments of a <see cref="HeadedCall"/> are written.</summary>
internal abstract record ArgumentSyntax;

/// <summary>As a JSON object.</summary>
internal sealed record JsonArguments : ArgumentSyntax;

/// <summary>
/// One after the other, each between fixed texts with its name, such as <c>&lt;parameter=city&gt;Rome&lt;/parameter&gt;</c> or <c>city='Rome'</c>.
/// </summary>
/// <param name="Begin">Before the first argument.</param>
/// <param name="Separator">Between two arguments.</param>
/// <param name="Text">What is around a text, which is written as it is.</param>
/// <param name="Value">What is around any other value.</param>
/// <param name="Notation">The notation of other values, and of texts within them.</param>
internal sealed record TaggedArguments(string Begin, string Separator, ValueTags Text, ValueTags Value, ValueNotation Notation) : ArgumentSyntax
{
    /// <summary>Whether a text and another value look different; otherwise the schema tells which it is.</summary>
    public bool DistinguishesTexts => !(Text.Before.SequenceEqual(Value.Before) && Text.After.SequenceEqual(Value.After));
}

/// <summary>What is before and after an argument's value; the argument's name is among it.</summary>
/// <param name="Before">The parts before it.</param>
/// <param name="After">The parts after it; empty if the value ends by itself.</param>
internal sealed record ValueTags(IReadOnlyList<TextPart> Before, IReadOnlyList<TextPart> After);

/// <summary>The notation of values that are no texts.</summary>
internal enum ValueNotation
{
    /// <summary>JSON.</summary>
    Json,

    /// <summary>Python's literals: <c>True</c>, <c>None</c>, texts in single or double quotes.</summary>
    Python,

    /// <summary>Gemma 4's: as JSON, with bare keys and texts between <c>&lt;|"|&gt;</c>.</summary>
    Gemma,
}
