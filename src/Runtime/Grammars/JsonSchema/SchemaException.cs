namespace ArchGen.Grammars.JsonSchema;

/// <summary>A schema that is invalid or cannot be decided by a prefix. It becomes a <see cref="RequestException"/> with the path of the keyword.</summary>
/// <param name="reason">What is wrong, without the path.</param>
/// <param name="path">The path of the keyword, a JSON pointer with <c>#</c>; null until it is known.</param>
internal sealed class SchemaException(string reason, string? path = null) : Exception(reason)
{
    public string Reason { get; } = reason;

    public string? Path { get; } = path;

    public RequestException AsRequest() => new($"The JSON schema cannot be used: {Path ?? "#"}: {Reason.TrimEnd('.')}.", this);
}
