namespace ArchGen;

/// <summary>
/// The scheme of an architecture's names in checkpoints: a class whose text constants have the names of properties, and as values the modules' names, or the
/// prefixes of blocks; <c>|</c> separates alternatives. Variants inherit it. A name in <see cref="TensorAttribute.Hf"/> or <see cref="HfAttribute"/> takes
/// precedence over the scheme of the same class and of its bases, and a scheme over the names that a base declares.
/// </summary>
/// <example>
/// <code>
/// internal static class WideNames
/// {
///     public const string TokenEmbd = "model.embed";
///     public const string Layers = "model.layers.{i}";
///     public const string AttnQ = "attn.q";
/// }
///
/// [Architecture("wide"), Names(typeof(WideNames))]
/// public partial class Wide : Decoder
/// </code>
/// </example>
/// <param name="scheme">The class; what it does not name, its bases may.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NamesAttribute(Type scheme) : Attribute
{
    /// <summary>The class.</summary>
    public Type Scheme { get; } = scheme;
}
