namespace ArchGen;

/// <summary>Whether a tensor has a companion <c>.bias</c>.</summary>
public enum Bias
{
    /// <summary>No bias.</summary>
    None,

    /// <summary>A bias if the file has one.</summary>
    Optional,

    /// <summary>A bias; a file without one is an error.</summary>
    Required,
}

/// <summary>
/// Declares a tensor of the file. Its name follows from the property's: <c>AttnQ</c> is <c>attn_q.weight</c>.
/// A property of nullable type is a tensor that a file may lack.
/// </summary>
/// <param name="shape">Its dimensions over hyper-parameters, slowest first: <c>"Heads*HeadDim, Embd"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TensorAttribute(string shape) : Attribute
{
    /// <summary>Its dimensions over hyper-parameters, slowest first.</summary>
    public string Shape { get; } = shape;

    /// <summary>The name of the module in a Hugging Face checkpoint; <c>|</c> separates alternatives.</summary>
    public string? Hf { get; set; }

    /// <summary>
    /// The suffixes of weight and bias after that name in the checkpoint, for parameters that are not in a module; by default <c>.weight|.bias</c>.
    /// </summary>
    public string? HfEndings { get; set; }

    /// <summary>
    /// The method that makes the tensor, and its bias, from the checkpoint's weights where their layout differs: a method of the architecture that takes and
    /// returns <see cref="Weights"/>.
    /// </summary>
    public string? From { get; set; }

    /// <summary>The name in the file if it does not follow from the property's; for a <see cref="Weight"/> the full name.</summary>
    public string? Name { get; set; }

    /// <summary>Whether it has a bias.</summary>
    public Bias Bias { get; set; }

    /// <summary>
    /// The bool property of the block or the model; only if it is true must a file have this tensor. A forward pass uses it only there, which is checked, so
    /// its type need not be nullable.
    /// </summary>
    public string? RequiredIf { get; set; }

    /// <summary>
    /// The tensor of nullable type that this one replaces: a file that lacks it must have this one. A forward pass uses this one only where the other is
    /// null, which is checked, so its type need not be nullable.
    /// </summary>
    public string? InsteadOf { get; set; }

    /// <summary>The tensor to use if the file lacks this one.</summary>
    public string? TiedTo { get; set; }

    /// <summary>
    /// The hyper-parameter with the epsilon of this norm; by default <see cref="DecoderModel.RmsEpsilon"/> for an <see cref="RmsNorm"/> and
    /// <see cref="DecoderModel.LayerNormEpsilon"/> for a <see cref="LayerNorm"/>.
    /// </summary>
    public string? Epsilon { get; set; }

    /// <summary>
    /// The full name of the tensor that multiplies the result, if the file has it; by default <c>NAME.scale</c> (NVFP4 files have scales).
    /// </summary>
    public string? Scale { get; set; }
}

/// <summary>An inherited tensor whose <see cref="TensorAttribute.TiedTo"/> does not hold for this architecture: every file must have the tensor.</summary>
/// <example>
/// <code>
/// [Architecture("tall"), Untied(nameof(Output))]
/// public partial class Tall : Decoder
/// </code>
/// </example>
/// <param name="tensor">The tensor: <c>nameof(Output)</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UntiedAttribute(string tensor) : Attribute
{
    /// <summary>The tensor.</summary>
    public string Tensor { get; } = tensor;
}

/// <summary>
/// Tensors of the file that this architecture does not use, and the reason. An optional tensor, bias or scale of such a name is treated as absent.
/// </summary>
/// <param name="pattern">The names; <c>*</c> matches any text, <c>|</c> separates several.</param>
/// <param name="reason">The reason for ignoring them.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredTensorsAttribute(string pattern, string reason) : Attribute
{
    /// <summary>The names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>The reason for ignoring them.</summary>
    public string Reason { get; } = reason;
}
