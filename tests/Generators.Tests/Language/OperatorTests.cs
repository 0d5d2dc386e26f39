using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Language;

/// <summary>The operators on tensors; and what is said of those that there are none of.</summary>
public class OperatorTests
{
    private const string Down = "FfnDown.Of(Silu(up))";
    private const string Own = "[Tensor(\"Embd, Ff\")] public partial Linear FfnDown";
    private const string Shift = "[Tensor(\"Ff\")] public partial Weight Shift { get; }\n        ";

    [Theory]
    [InlineData("1 - up", "affine")]
    [InlineData("up + 1", "affine")]
    [InlineData("0.5 + up", "affine")]
    [InlineData("up - Sqrt(Ff)", "affine")]
    [InlineData("-up", "scale")]
    [InlineData("2 * up", "scale")]
    [InlineData("up * 0.1", "scale")]
    [InlineData("up / Heads", "scale")]
    [InlineData("up / ((Embd + Ff) * (Heads + Ff))", "scale")]
    [InlineData("up * -(Embd - 1)", "scale")]
    [InlineData("Shift * up", "multiply")]
    [InlineData("Shift + up", "add")]
    [InlineData("Shift - up", "subtract")]
    [InlineData("up - Shift", "subtract")]
    [InlineData("Shift / up", "divide")]
    [InlineData("RmsNorm(up)", "rms_norm")]
    [InlineData("RmsNorm(up, 0.5f)", "rms_norm")]
    [InlineData("LayerNorm(up)", "layer_norm")]
    [InlineData("LayerNorm(up, RmsEpsilon)", "layer_norm")]
    [InlineData("Xielu(up, 0.8f, 0.7f, 0.5f, -0.25f)", "xielu")]
    public void There_is(string expression, string word)
    {
        var source = TinyArchitecture.With(Down, $"FfnDown.Of({expression})");
        var run = GeneratorRun.Of(expression.Contains("Shift", StringComparison.Ordinal) ? TinyArchitecture.Replace(source, Own, Shift + Own) : source)
            .AssertClean();
        var line = Assert.Single(run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"].Split('\n'),
            l => l.Contains($", {expression}); // [T, Ff]", StringComparison.Ordinal));
        Assert.Contains($"({word})", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[|up.Relu()|]", "write Relu(up)", "CS1061")]
    [InlineData("[|up.softmax()|]", "write Softmax(up)", "CS1061")]
    [InlineData("[|Silu(up).clamp(0, 1)|]", "write Clamp(Silu(up), 0, 1)", "CS1061")]
    [InlineData("[|up.Sofmax()|]", "there is no such operation; did you mean Softmax(up)?", "CS1061")]
    [InlineData("[|up.Resample()|]", "there is no such operation; docs/language.md lists the words", "CS1061")]
    [InlineData("[|up.View(1, 2)|]", "write Heads(count) to split the last dimension, Flatten() to join the last two", "CS1061")]
    [InlineData("[|up.T|]", "no dimension is moved: operations take [T, heads, d] as it is", "CS1061")]
    [InlineData("[|up[0]|]", "write Slice(start, length) or Split(a, b) for elements of the last dimension, Gather(x, ids) for those that were chosen",
        "CS0021")]
    [InlineData("up * [|Shift[0]|]", "a declared tensor is used whole; give what it is combined with the shape that it has, or declare its parts", "CS0021")]
    [InlineData("[|up ^ 2|]", "C# has no power; write up * up", "CS0019")]
    [InlineData("up * [|*2|]", "C# has no power; write up * up", "CS0193")]
    [InlineData("[|up % 2|]", "the operators on tensors are + - * /, with tensors, bare Weights and numbers", "CS0019")]
    [InlineData("[|1 / up|]", "a number divided by a tensor is no operation; divide tensors, and 1 / (1 + Exp(-x)) is Sigmoid(x)", "CS0019")]
    [InlineData("up * ([|1 - Shift|])", "a bare Weight is an operand beside a tensor; begin with the tensor, as in x - x * W", "CS0019")]
    [InlineData("[|up > 0|] ? up : h", "a static graph cannot decide on a tensor's values; TopK and TopGroups choose, Clamp and Relu limit", "CS0019")]
    [InlineData("[|up == 0|] ? up : h", "a static graph cannot decide on a tensor's values; TopK and TopGroups choose, Clamp and Relu limit", "CS0019")]
    [InlineData("[|Math.Sqrt(up)|]", "write Sqrt(up)", "CS1503")]
    [InlineData("[|up.sqrt()|]", "write Sqrt(up)", "CS1061")]
    [InlineData("[|MathF.Tanh(up)|]", "write Tanh(up)", "CS1503")]
    [InlineData("[|up.rsqrt()|]", "there is no such operation on tensors; what divides by a root is a norm: RmsNorm, LayerNorm, L2Norm(x, epsilon)", "CS1061")]
    [InlineData("[|FfnUp(h)|]", "write FfnUp.Of(h)", "CS1955")]
    [InlineData("[|FfnUp.Forward(h)|]", "write FfnUp.Of(h)", "CS1061")]
    [InlineData("[|FfnUp * h|]", "write FfnUp.Of(x)", "CS0019")]
    public void A_hint_says_what_there_is(string marked, string hint, string error)
    {
        var expression = marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        var source = TinyArchitecture.With(Down, $"FfnDown.Of({expression})");
        if (expression.Contains("Shift", StringComparison.Ordinal)) source = TinyArchitecture.Replace(source, Own, Shift + Own);
        var run = GeneratorRun.Of(source);
        var place = marked[(marked.IndexOf("[|", StringComparison.Ordinal) + 2)..marked.IndexOf("|]", StringComparison.Ordinal)];
        Assert.Equal([$"ARCH0004: '{place}' is not allowed in a forward pass: {hint}"], run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
        Assert.Equal(place, source.Substring(run.Diagnostics[0].Location.SourceSpan.Start, run.Diagnostics[0].Location.SourceSpan.Length));
        Assert.Equal([error], run.CompilerErrors);
    }
}
