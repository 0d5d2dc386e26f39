namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of shapes, numbers and arguments.</summary>
internal static partial class Mistakes
{
    /// <summary>Shapes.</summary>
    private static Mistake[] Shapes =>
    [
        new()
        {
            Id = "ARCH0001", Right = "FfnDown.Of(Silu(up))", Wrong = "FfnDown.Of([|h|])",
            Message = "operand 'x' of linear has shape [T, Embd]: its last dimension is Embd, expected Ff (linear 'FfnDown' [Embd, Ff]: x [T, Embd], weight "
                + "[Embd, Ff])",
        },
        new()
        {
            Id = "ARCH0001", Right = "Silu(FfnGate.Of(h)) * up", Wrong = "Silu(FfnGate.Of(h)) * [|h|]",
            Message = "multiply of [T, Ff] and [T, Embd]: Ff and Embd differ (multiply: a [T, Ff], b [T, Embd])",
        },
        new()
        {
            Id = "ARCH0001", Right = "v.Heads(Heads), 1", Wrong = "[|v|], 1",
            Message = "operand 'v' of attention has shape [T, Embd], expected 3 dimensions (attention: q [T, Heads, Embd/Heads], k [T, Heads, Embd/Heads], v "
                + "[T, Embd])",
        },
        new()
        {
            Id = "ARCH0001", Right = "v.Heads(Heads), 1", Wrong = "[|v.Heads(KvHeads)|], 1",
            Message = "operand 'v' of attention has shape [T, KvHeads, Embd/KvHeads]: the number of heads is KvHeads, expected Heads (attention: q [T, Heads, "
                + "Embd/Heads], k [T, Heads, Embd/Heads], v [T, KvHeads, Embd/KvHeads])",
        },
        new()
        {
            Id = "ARCH0016", Right = "return x + FeedForward(x);", Wrong = "return AttnQkv.Of(x);", At = "[|x = layer.Forward(x)|];",
            Message = "'x' is [T, Embd] before the loop and [T, 3*Embd] after one pass of it; each block must return the shape that it takes",
        },
        new()
        {
            Id = "ARCH0019", Right = "if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;",
            Wrong = "[|if (FfnGate is not null && IsGated) up = Sum(FfnGate.Of(h));|]",
            Message = "'up' is [T, 1] in one branch and [T, Ff] in the other",
        },
        new()
        {
            Id = "ARCH0019", Right = "var up = FfnUp.Of(h);", Wrong = "var up = [|IsGated ? FfnUp.Of(h) : h|];",
            Message = "'result' is [T, Ff] in one branch and [T, Embd] in the other",
        },
        new()
        {
            Id = "ARCH0020", Right = ".Split(Embd, Embd, Embd)", Wrong = ".Split[|(Embd, Embd, Heads*HeadDim)|]",
            Message = "The parts of this split add up to 2*Embd + HeadDim*Heads, but the last dimension of AttnQkv.Of(h) is 3*Embd",
        },
    ];

    /// <summary>Numbers.</summary>
    private static Mistake[] Numbers =>
    [
        new()
        {
            Id = "ARCH0037", Right = "1 / Sqrt(HeadDim)", Wrong = "[|1 / HeadDim|]",
            Message = "'1 / HeadDim' divides whole numbers, and C# drops the fraction; write 1f / HeadDim",
        },
        new()
        {
            Id = "ARCH0037", Right = "return x + FeedForward(x);", Wrong = "return x + FeedForward(x) * ([|(Index + 1) / BlockCount|]);",
            Message = "'(Index + 1) / BlockCount' divides whole numbers, and C# drops the fraction; write (float)(Index + 1) / BlockCount",
        },
        new()
        {
            Id = "ARCH0037", Right = "1 / Sqrt(HeadDim)", Wrong = "[|3 / 2|]",
            Message = "'3 / 2' divides whole numbers, and C# drops the fraction; write 3f / 2",
        },
        new()
        {
            Id = "ARCH0037", Right = "1 / Sqrt(HeadDim)", Wrong = "IsGated ? 1 : [|2 / (HeadDim * 3)|]",
            Message = "'2 / (HeadDim * 3)' divides whole numbers, and C# drops the fraction; write 2f / (HeadDim * 3)",
        },
        new()
        {
            Id = "ARCH0037", Setup = (Width.Text, Width.Text + "\n\n    public float Share => 1f / Heads;"), Right = "1f / Heads", Wrong = "[|1 / Heads|]",
            Message = "'1 / Heads' divides whole numbers, and C# drops the fraction; write 1f / Heads",
        },
        new()
        {
            Id = "ARCH0037",
            Setup = (Width.Text,
                Width.Text + "\n    [HyperParameter(\"share\", Default = \"0.5\")] public partial float Share { get; }\n\n    public float Half => Share / 2;"),
            Right = "\"0.5\"", Wrong = "[|\"1/Heads\"|]",
            Message = "'1/Heads' divides whole numbers, and C# drops the fraction; leave Default out, and compute it in a property",
        },
    ];

    /// <summary>Arguments of a tensor's type.</summary>
    private static Mistake[] Arguments =>
    [
        new()
        {
            Id = "ARCH0042", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm",
            Wrong = "[Tensor(\"Embd\", Bias = [|Bias.Required|])] public partial RmsNorm AttnNorm",
            Message = "'AttnNorm' is of type RmsNorm, which has no Bias; leave it out, or make the type one of CausalConv, Experts, LayerNorm, Linear",
        },
        new()
        {
            Id = "ARCH0042", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm",
            Wrong = "[Tensor(\"Embd\", Scale = [|\"norm.scale\"|])] public partial RmsNorm AttnNorm",
            Message = "'AttnNorm' is of type RmsNorm, which has no Scale; leave it out, or make the type one of Experts, Linear",
        },
        new()
        {
            Id = "ARCH0042", Right = "[Tensor(\"Vocab, Embd\")] public partial Embedding",
            Wrong = "[Tensor(\"Vocab, Embd\", Scale = [|\"x\"|])] public partial Embedding",
            Message = "'TokenEmbd' is of type Embedding, which has no Scale; leave it out, or make the type one of Experts, Linear",
        },
        new()
        {
            Id = "ARCH0042", Right = "[Tensor(\"Ff, Embd\")] public partial Linear FfnUp",
            Wrong = "[Tensor(\"Ff, Embd\", Epsilon = [|nameof(RmsEpsilon)|])] public partial Linear FfnUp",
            Message = "'FfnUp' is of type Linear, which has no Epsilon; leave it out, or make the type one of LayerNorm, RmsNorm",
        },
        new()
        {
            Id = "ARCH0018", Right = "TiedTo = nameof(TokenEmbd)", Wrong = "TiedTo = [|nameof(OutputNorm)|]",
            Message = "TiedTo names 'OutputNorm', which is not an Embedding or a Linear, declared before this one, that every file has",
        },
    ];
}
