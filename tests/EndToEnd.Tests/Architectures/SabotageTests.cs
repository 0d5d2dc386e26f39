using ArchGen.Eager;
using ArchGen.Fixtures;
using ArchGen.Graphs;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>The numeric check is worth something: each way to get an architecture wrong turns it red.</summary>
public sealed class SabotageTests
{
    /// <summary>By name: the nodes that a mistake concerns, and the mistake.</summary>
    private static readonly (string Name, Func<Node, bool> Concerns, Func<Step, Step?> Mistake)[] Mistakes =
    [
        ("RoPE kind flipped", n => n.Op == Op.Rope, s => s with { Attributes = With(s, Attr.Kind, s.Attributes.Find(Attr.Kind) == (int)RopeKind.Neox ? (int)RopeKind.Normal : (int)RopeKind.Neox) }),
        ("RoPE base halved", n => n.Op == Op.Rope, s => s with { Attributes = With(s, Attr.FreqBase, s.Attributes.Find(Attr.FreqBase)!.Value / 2) }),
        ("RoPE factors dropped", n => n.Op == Op.Rope && n.Inputs[1] is not null, s => s with { Inputs = [s.Inputs[0], null] }),
        ("norm dropped", n => n.Op is Op.RmsNorm or Op.LayerNorm, _ => null),
        ("norm weight dropped", n => n.Op is Op.RmsNorm or Op.LayerNorm, s => s with { Inputs = [s.Inputs[0], .. new Operand?[s.Inputs.Length - 1]] }),
        ("attention scale doubled", n => n.Op is Op.Attention or Op.CrossAttention, s => s with { Attributes = With(s, Attr.Factor, s.Attributes.Find(Attr.Factor)!.Value * 2) }),
        ("window dropped", n => n.Op == Op.Attention && n.Attributes.Find(Attr.Window) > 0, s => s with { Attributes = With(s, Attr.Window, 0) }),
        ("mask flipped", n => n.Op == Op.Attention, s => s with { Attributes = With(s, Attr.Mask, 1 - s.Attributes.Find(Attr.Mask)!.Value) }),
        ("position bias dropped", n => n.Op == Op.Attention && n.Inputs[3] is not null, s => s with { Inputs = [s.Inputs[0], s.Inputs[1], s.Inputs[2], null, null] }),
        ("activation replaced", n => n.Op is Op.Silu or Op.Gelu or Op.GeluTanh, s => s with { Op = Op.Relu }),
        ("gate dropped", n => n.Op == Op.Multiply && n.Name.Contains("ffn_gate", StringComparison.Ordinal), _ => null),
        ("bias dropped", n => n.Op == Op.Linear && n.Inputs[2] is not null, s => s with { Inputs = [s.Inputs[0], s.Inputs[1], null, s.Inputs[3]] }),
        ("scale dropped", n => n.Op == Op.Linear && n.Inputs[3] is not null, s => s with { Inputs = [s.Inputs[0], s.Inputs[1], s.Inputs[2], null] }),
        ("residual dropped", n => n.Op == Op.Add && n.Name.StartsWith("blk.1", StringComparison.Ordinal), _ => null),
        ("router order lost", n => n.Op == Op.TopK, s => s with { Inputs = [new Operand(Array.ConvertAll(s.Inputs[0]!.Values, v => -v), s.Inputs[0]!.Dims)] }),
        ("router weights not normalised", n => n.Op == Op.Divide, _ => null),
        ("embedding scale dropped", n => n.Op == Op.Scale && n.Name.StartsWith("token_embd", StringComparison.Ordinal), _ => null),
        ("softplus dropped", n => n.Op == Op.Softplus, _ => null),
        ("convolution reversed", n => n.Op == Op.CausalConv, s => s with { Inputs = [s.Inputs[0], Reversed(s.Inputs[1]!), s.Inputs[2], s.Inputs[3]] }),
    ];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var recipe in ArchitectureFixture.Names)
        {
            using var model = new RecipeModel(recipe);
            var nodes = model.Nodes.ToList();
            foreach (var (name, concerns, _) in Mistakes.Where(m => nodes.Any(m.Concerns))) cases.Add(recipe, name);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mistake_turns_the_check_red(string recipe, string mistake)
    {
        using var model = new RecipeModel(recipe);
        var (_, concerns, apply) = Mistakes.Single(m => m.Name == mistake);
        var error = model.Error(new GraphInterpreter(model.File) { Sabotage = step => concerns(step.Node) ? apply(step) : step });
        Assert.False(error <= Tolerance.Of(recipe), $"{recipe} stays green with {mistake}: NMSE {error:E2}");
    }

    [Theory]
    [MemberData(nameof(EagerTests.Recipes), MemberType = typeof(EagerTests))]
    public void Without_a_mistake_the_graph_is_green(string recipe)
    {
        using var model = new RecipeModel(recipe);
        var error = model.Error(new GraphInterpreter(model.File));
        Assert.True(error <= Tolerance.Of(recipe), $"{recipe}: NMSE {error:E2}");
    }

    /// <summary>What separates the exact T5 from the reference is the reference's table of GELU in half precision, which its unscaled attention magnifies.</summary>
    [Fact]
    public void With_GELU_rounded_as_the_reference_rounds_it_T5_is_within_1e_6()
    {
        using var model = new RecipeModel("t5");
        var interpreter = new GraphInterpreter(model.File)
        {
            Sabotage = step => step.Op == Op.GeluTanh ? step with { Inputs = [Rounded(step.Inputs[0]!)] } : step,
            Adjust = (node, result) => node.Op == Op.GeluTanh ? Rounded(result) : result,
        };
        var error = model.Error(interpreter);
        Assert.True(error <= 1e-6, $"NMSE {error:E2}");
    }

    private static Operand Rounded(Operand x) => new(Array.ConvertAll(x.Values, v => (float)(Half)v), x.Dims);

    private static Attributes With(Step step, Attr key, double value) =>
        new([.. step.Attributes.Values.ToArray().Select(a => a.Key == key ? (key, value) : a)]);

    private static Operand Reversed(Operand x)
    {
        var values = (float[])x.Values.Clone();
        for (var row = 0; row < x.Rows; row++) Array.Reverse(values, row * x.Width, x.Width);
        return new Operand(values, x.Dims);
    }
}
