namespace ArchGen.Generators.Model;

/// <summary>A tensor.</summary>
/// <param name="Property">The C# property.</param>
/// <param name="Type">The module's type: Linear, RmsNorm, ...</param>
/// <param name="Name">The GGUF name relative to its block, without suffix for all but a bare weight.</param>
/// <param name="HuggingFace">The module's names in a checkpoint.</param>
/// <param name="WeightEnding">What follows these names for the weight.</param>
/// <param name="BiasEnding">What follows these names for the bias.</param>
/// <param name="Shape">Its dimensions in normal form.</param>
/// <param name="Dims">Its dimensions as they are written.</param>
/// <param name="Optional">Whether a file may lack it.</param>
/// <param name="RequiredIf">The condition under which a file must have it all the same, or null.</param>
/// <param name="Bias">Whether it has a bias.</param>
/// <param name="TiedTo">The C# property that serves instead, or null.</param>
/// <param name="Epsilon">A norm's epsilon, or null.</param>
/// <param name="Scale">The name of its scale: null for the usual.</param>
internal sealed record TensorModel(
    string Property, string Type, string Name, EquatableArray<string> HuggingFace, string WeightEnding, string BiasEnding, Shape Shape,
    EquatableArray<Expression> Dims, bool Optional, Expression? RequiredIf, Presence Bias, string? TiedTo, Expression? Epsilon, string? Scale)
{
    /// <summary>The name in the file, relative to its block.</summary>
    public string FileName => Type == "Weight" ? Name : Name + ".weight";

    /// <summary>What makes it from the checkpoint's tensor, where that is laid out in another way, or null.</summary>
    public TensorSource? From { get; init; }
}

/// <summary>Whether a file has something; the members of Bias, which generated code names.</summary>
internal enum Presence
{
    None,
    Optional,
    Required,
}

/// <summary>What makes a tensor from one of a checkpoint.</summary>
internal abstract record TensorSource;

/// <summary>A method of the architecture, by the name that its generated code calls it by.</summary>
internal sealed record MethodSource(string Method) : TensorSource;

/// <summary>Some rows of a module that holds several tensors.</summary>
/// <param name="Before">The numbers of rows of the tensors before it.</param>
/// <param name="Count">The number of its rows.</param>
internal sealed record RowsSource(EquatableArray<Expression> Before, Expression Count) : TensorSource;
