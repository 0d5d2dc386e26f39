namespace ArchGen.Chat.Formats;

/// <summary>What a call consists of, without what is before and after it.</summary>
internal abstract record CallSyntax
{
    /// <summary>The fixed text that it begins with; empty if it begins with the name or the id.</summary>
    public abstract string FirstLiteral { get; }
}

/// <summary>A JSON object with the name and the arguments, such as <c>{"name": "add", "arguments": {"a": 1}}</c>.</summary>
/// <param name="NameKey">The property with the name; null if the name is the property, as in <c>{"add": {"a": 1}}</c>.</param>
/// <param name="ArgumentsKey">The property with the arguments.</param>
/// <param name="IdKey">The property with the id; null if there is none.</param>
/// <param name="WrapperKey">The property of an outer object that holds name and arguments; null if there is none.</param>
internal sealed record JsonCall(string? NameKey, string ArgumentsKey, string? IdKey, string? WrapperKey) : CallSyntax
{
    /// <summary>Other properties with a fixed text, such as <c>"type": "function"</c>; on the outer object if there is one.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fixed { get; init; } = [];

    /// <inheritdoc/>
    public override string FirstLiteral => "{";
}

/// <summary>A head of fixed texts, name, id and index, and then the arguments, such as <c>add[ARGS]{"a": 1}</c>.</summary>
/// <param name="Head">The parts of the head, in order.</param>
/// <param name="Arguments">The arguments.</param>
internal sealed record HeadedCall(IReadOnlyList<TextPart> Head, ArgumentSyntax Arguments) : CallSyntax
{
    /// <inheritdoc/>
    public override string FirstLiteral => Head is [{ Kind: TextPartKind.Literal } first, ..] ? first.Text : "";
}
