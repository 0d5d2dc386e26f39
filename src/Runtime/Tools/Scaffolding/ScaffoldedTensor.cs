namespace ArchGen.Tools.Scaffolding;

/// <summary>A tensor of the declaration that is written.</summary>
/// <param name="Pattern">The tensor in the checkpoint.</param>
/// <param name="Property">The property's name: <c>AttnQ</c>.</param>
/// <param name="Type">The property's type: Linear, Embedding, RmsNorm, LayerNorm, Experts or Weight.</param>
/// <param name="Shape">The dimensions over hyper-parameters, slowest first, in the checkpoint's order.</param>
/// <param name="IsGuess">Whether the shape fits the sizes, and nobody has stated it.</param>
/// <param name="IsTransposed">Whether the file has the transpose.</param>
/// <param name="Bias">The module's bias, or null.</param>
/// <param name="FileName">The name in the file, in a layer without its prefix, if it does not follow from the property's.</param>
public sealed record ScaffoldedTensor(
    TensorPattern Pattern, string Property, string Type, string Shape, bool IsGuess, bool IsTransposed, TensorPattern? Bias, string? FileName)
{
    /// <summary>The dimensions in the file's order.</summary>
    public string FileShape => IsTransposed ? string.Join(", ", Shape.Split(", ").Reverse()) : Shape;

    /// <summary>The line that declares it.</summary>
    /// <param name="isNullable">Whether a layer may lack it.</param>
    public string Declaration(bool isNullable)
    {
        // A parameter that is no module, and a bias without a weight, have their whole names.
        var isModule = Pattern.Ending == ".weight";
        var hf = isModule ? Pattern.Module : Pattern.Name;
        var arguments = new List<string> { $"\"{FileShape}\"", $"Hf = \"{(Pattern.IsInLayer ? hf[(Pattern.Prefix.Length + 1)..] : hf)}\"" };
        if (!isModule) arguments.Add("HfEndings = \"\"");
        if (FileName is not null) arguments.Add($"Name = \"{FileName}\"");
        if (IsTransposed) arguments.Add("From = nameof(Transposed)");
        if (Bias is not null && Type != "LayerNorm") arguments.Add($"Bias = Bias.{(Bias.Shapes.Count == Pattern.Shapes.Count ? "Required" : "Optional")}");
        return $"[Tensor({string.Join(", ", arguments)})] public partial {Type}{(isNullable ? "?" : "")} {Property} {{ get; }}";
    }
}
