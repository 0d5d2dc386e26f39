namespace ArchGen;

/// <summary>Declares an architecture: a partial class derived from <see cref="Model"/>.</summary>
/// <param name="name">The value of <c>general.architecture</c> in a GGUF file, which is also the prefix of its keys.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ArchitectureAttribute(string name) : Attribute
{
    /// <summary>The value of <c>general.architecture</c>.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The rotary embedding; a variant has its base's unless it states another. There is no default: the wrong kind gives text that is almost right.
    /// </summary>
    public RopeKind Rope { get; set; }

    /// <summary>
    /// The tensors, without suffix, whose <c>.scale</c> is treated as absent, because llama.cpp ignores it for this architecture.
    /// <c>*</c> matches any text, <c>|</c> separates several patterns.
    /// </summary>
    public string? IgnoredScales { get; set; }
}
