namespace ArchGen;

/// <summary>
/// Declares a tensor of the file. The property's name gives the tensor's: <c>AttnQ</c> is <c>attn_q.weight</c>.
/// A property of nullable type is a tensor that a file may lack.
/// </summary>
/// <param name="shape">Its dimensions over hyper-parameters, slowest first: <c>"Heads*HeadDim, Embd"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TensorAttribute(string shape) : Attribute
{
    /// <summary>Its dimensions over hyper-parameters, slowest first.</summary>
    public string Shape { get; } = shape;

    /// <summary>The name of the module in a Hugging Face checkpoint; alternatives are separated by <c>|</c>.</summary>
    public string? Hf { get; set; }

    /// <summary>
    /// What follows that name in the checkpoint, for the weight and for the bias, where it is not <c>.weight|.bias</c>: parameters without a module of
    /// their own.
    /// </summary>
    public string? HfEndings { get; set; }

    /// <summary>
    /// The method that makes the tensor, and its bias, from what stands in the checkpoint, where that is laid out in another way: a method of the
    /// architecture that takes and returns <see cref="Weights"/>.
    /// </summary>
    public string? From { get; set; }

    /// <summary>The name in the file where it does not follow from the property's; for a bare <see cref="Weight"/> in full.</summary>
    public string? Name { get; set; }

    /// <summary>Whether a bias stands beside it.</summary>
    public Bias Bias { get; set; }

    /// <summary>The bool property, of the block or the model, under which a file must have this tensor although its type is nullable.</summary>
    public string? RequiredIf { get; set; }

    /// <summary>The tensor, of nullable type too, in whose place this one stands: a file that lacks the one must have the other.</summary>
    public string? InsteadOf { get; set; }

    /// <summary>The tensor that serves if the file lacks this one.</summary>
    public string? TiedTo { get; set; }

    /// <summary>The epsilon of this norm, where it is not the architecture's.</summary>
    public string? Epsilon { get; set; }

    /// <summary>The name in full of the tensor that multiplies the result, if the file has it, where it is not <c>NAME.scale</c> (NVFP4 files have scales).</summary>
    public string? Scale { get; set; }

    /// <summary>Whether the scale multiplies the bias too, as llama.cpp has it in dense feed-forward networks.</summary>
    public bool ScaleLast { get; set; }
}

/// <summary>Whether a tensor has a companion <c>.bias</c>.</summary>
public enum Bias
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>It has one if the file does.</summary>
    Optional,

    /// <summary>It has one.</summary>
    Required,
}

/// <summary>
/// Tensors of the file that this architecture knows and does not use, and why. An optional tensor, bias or scale of such a name is treated as absent.
/// </summary>
/// <param name="pattern">The names; <c>*</c> stands for anything, <c>|</c> separates several.</param>
/// <param name="reason">Why they are left alone.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredTensorsAttribute(string pattern, string reason) : Attribute
{
    /// <summary>The names; <c>*</c> stands for anything.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Why they are left alone.</summary>
    public string Reason { get; } = reason;
}
