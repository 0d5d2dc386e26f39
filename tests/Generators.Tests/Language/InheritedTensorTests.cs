namespace ArchGen.Generators.Tests.Language;

/// <summary>What a variant says of tensors that it inherits, and what those ask of its files that it does not use.</summary>
public class InheritedTensorTests
{
    [Fact]
    public void A_tied_tensor_may_be_untied()
    {
        var run = Run("[Untied(nameof(Output))]", "");
        Assert.Contains("_output = tensors.Linear(\"output\", [Vocab, Embd]);", Text(run, "Variant.Loader"), StringComparison.Ordinal);
        Assert.Contains("_output = tensors.TiedLinear(\"output\", [Vocab, Embd], TokenEmbd);", Text(run, "Tiny.Loader"), StringComparison.Ordinal);
        Assert.Contains(Output("false"), Text(run, "Variant.TensorNames"), StringComparison.Ordinal);
        Assert.Contains(Output("true"), Text(run, "Tiny.TensorNames"), StringComparison.Ordinal);
    }

    /// <summary>A hyper-parameter that only the dimensions of such a tensor read is not read from a file.</summary>
    [Fact]
    public void The_dimensions_of_an_unused_tensor_are_not_read()
    {
        const string forward = "public override Tensor Forward(Tokens tokens)\n    {\n        var x = TokenEmbd.Of(tokens);\n"
            + "        foreach (var layer in Layers) x = layer.Forward(x);\n        return TokenEmbd.Logits(x);\n    }";
        var run = Run("", forward);
        Assert.Contains("_width = file.Int32(\"width\");", Text(run, "Tiny.HyperParameters"), StringComparison.Ordinal);
        Assert.DoesNotContain("\"width\"", Text(run, "Variant.HyperParameters"), StringComparison.Ordinal);
        Assert.DoesNotContain("narrow", Text(run, "Variant.Loader"), StringComparison.Ordinal);
        Assert.Contains("\"width\"", Text(Run("", ""), "Variant.HyperParameters"), StringComparison.Ordinal);
    }

    private static string Output(string isOptional) => $"new(\"output.weight\", [], \"[Vocab, Embd]\", {isOptional})";

    private static GeneratorRun Run(string attributes, string members)
    {
        var source = TinyArchitecture.With("[Tensor(\"Embd\")] public partial RmsNorm OutputNorm { get; }",
            "[HyperParameter(\"width\")] public partial int Width { get; }\n    [Tensor(\"Embd\")] public partial RmsNorm OutputNorm { get; }\n"
            + "    [Tensor(\"Width, Embd\")] public partial Linear Narrow { get; }");
        source = TinyArchitecture.Replace(source, "Output.Of(OutputNorm.Of(x))", "Output.Of(OutputNorm.Of(x) * Sum(Narrow.Of(x)))");
        var variant = $"\n{attributes}\n[Architecture(\"variant\")]\npublic partial class Variant : Tiny\n{{\n    {members}\n}}\n";
        return GeneratorRun.Of(source + variant).AssertClean();
    }

    private static string Text(GeneratorRun run, string file) => run.Generated[$"ArchGen.Tiny.{file}.g.cs"];
}
