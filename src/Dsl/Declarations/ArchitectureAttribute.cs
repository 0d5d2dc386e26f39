namespace ArchGen;

/// <summary>Declares an architecture: a partial class derived from <see cref="Model"/> whose members and forward pass are all there is to say about it.</summary>
/// <param name="name">The name in <c>general.architecture</c> of a GGUF file, which also prefixes its keys.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ArchitectureAttribute(string name) : Attribute
{
    /// <summary>The name in <c>general.architecture</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The rotary embedding. There is no default: the wrong kind gives text that is almost right.</summary>
    public RopeKind Rope { get; set; }

    /// <summary>The hyper-parameter that is the epsilon of this architecture's norms.</summary>
    public string? Epsilon { get; set; }

    /// <summary>
    /// The tensors, without suffix, whose <c>.scale</c> counts as absent: llama.cpp leaves it out for this architecture, and files are made for it.
    /// <c>*</c> stands for anything, <c>|</c> separates several.
    /// </summary>
    public string? IgnoredScales { get; set; }
}
