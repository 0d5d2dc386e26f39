namespace ArchGen;

/// <summary>
/// Classes of transformers that have this architecture as their text model, beside towers for pictures or sound. Conversion reads the text model: the keys
/// of <c>text_config</c>, and the tensors under <c>language_model.</c> or <c>model.language_model.</c>; it ignores the towers.
/// </summary>
/// <example>
/// <code>
/// [TextOf("Gemma3ForConditionalGeneration")]
/// </code>
/// </example>
/// <param name="classes">The class names.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TextOfAttribute(params string[] classes) : Attribute
{
    /// <summary>The class names.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;
}
