namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>A mistake for every descriptor, and for each shape of its message.</summary>
internal static partial class Mistakes
{
    private const string Statement =
        "a forward pass is made of locals, operations, foreach over blocks, for up to a number, and if on hyper-parameters, the block's index "
        + "or an optional tensor";
    private const string Expression = "expressions are made of tensors, operations, hyper-parameters and numbers";
    private const string Down = "return FfnDown.Of(Silu(up));";
    private const string Gated = "if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;\n            ";
    private const string Norm = "var h = AttnNorm.Of(x);";

    private const string Loop = "foreach (var layer in Layers) x = layer.Forward(x);";

    private static readonly (string Text, string Replacement) Width = (
        "[HyperParameter(\"gated\", Default = \"false\")] public partial bool IsGated { get; }",
        "[HyperParameter(\"width\", Default = \"Embd/Heads\")] public partial int Width { get; }\n\n    public bool IsGated => Width > 64;");

    private static readonly (string Text, string Replacement) Shift = (
        "private Tensor FeedForward(Tensor h)\n        {\n            var up = FfnUp.Of(h);",
        "[Tensor(\"Embd\", Name = \"ffn_down.bias\")] public partial Weight Shift { get; }\n\n        private Tensor FeedForward(Tensor h)\n        {\n        "
            + "    var up = FfnUp.Of(h * Shift);");

    private const string Plain = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim))";
    private const string Written = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim), cache: Shared)";

    /// <summary>A declared cache that each layer writes.</summary>
    private static readonly (string Text, string Replacement) Cached = (
        Between("public partial class Layer", Plain),
        "[KvCache(\"Heads, Embd/Heads\")] public partial KvCache Shared { get; }\n\n    " + Between("public partial class Layer", Plain)
            .Replace(Plain, Written));

    private static readonly (string Text, string Replacement) Hiding = ("public partial class Layer : Block", """
        [When(nameof(IsGated))]
            public partial class GatedLayer : Layer
            {
                public bool IsWide => false;

                private Tensor Feed(Tensor h) => Silu(h);
            }

            public partial class Layer : Block
        """);

    /// <summary>Makes the small architecture that of checkpoints of TinyForCausalLM.</summary>
    public static readonly (string Text, string Replacement) Claim = ("[Architecture(", """
        [HuggingFace("TinyForCausalLM"), Hf(nameof(TokenEmbd), "embed"), Hf(nameof(OutputNorm), "norm"), Hf(nameof(Layers), "layers.{i}")]
        [Hf(nameof(Layer.AttnNorm), "norm"), Hf(nameof(Layer.AttnQkv), "qkv"), Hf(nameof(Layer.AttnOutput), "o")]
        [Hf(nameof(Layer.FfnDown), "down"), Hf(nameof(Layer.FfnUp), "up")]
        [Architecture(
        """);

    private static readonly (string Text, string Replacement) Kinds = ("public partial class Layer : Block", """
        public partial class GatedLayer : Layer
            {
            }

            public partial class Layer : Block
        """);

    private static readonly (string Text, string Replacement) Defaults =
        (Claim.Text, Claim.Replacement.Replace("LM\"),", "LM\"), ConfigDefaults(\"hidden_size=64\"),", StringComparison.Ordinal));

    public static readonly Mistake[] All =
    [
        .. Shapes, .. Names, .. Statements, .. Declarations, .. Flows, .. Numbers, .. Defaulted, .. Forms, .. Arguments, .. Checkpoints,
        .. Rotations, .. Graphs,
    ];

    /// <summary>The part of the small architecture that begins and ends with these texts.</summary>
    private static string Between(string first, string last)
    {
        var start = TinyArchitecture.Source.IndexOf(first, StringComparison.Ordinal);
        return TinyArchitecture.Source[start..(TinyArchitecture.Source.IndexOf(last, start, StringComparison.Ordinal) + last.Length)];
    }
}
