namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of declarations and of what is said of checkpoints.</summary>
internal static partial class Mistakes
{
    /// <summary>Declarations.</summary>
    private static Mistake[] Declarations =>
    [
        new()
        {
            Id = "ARCH0005", Right = "public partial class Tiny", Wrong = "public class [|Tiny|]",
            Message = "'Tiny' must be partial, so that the generator can implement it",
            Compiler = ["CS0260"],
        },
        new()
        {
            Id = "ARCH0005", Right = "public partial class Layer", Wrong = "public class [|Layer|]",
            Message = "'Layer' must be partial, so that the generator can implement it",
            Compiler = ["CS0260"],
        },
        new()
        {
            Id = "ARCH0005", Right = "public partial Linear FfnUp", Wrong = "public Linear [|FfnUp|]",
            Message = "'FfnUp' must be partial, so that the generator can implement it",
        },
        new()
        {
            Id = "ARCH0005", Right = "public partial bool IsGated", Wrong = "public bool [|IsGated|]",
            Message = "'IsGated' must be partial, so that the generator can implement it",
        },
        new()
        {
            Id = "ARCH0006", Right = "namespace ArchGen.Tiny;", Wrong = "namespace ArchGen.Tiny;\n\n[Architecture(\"plain\")]\npublic partial class [|Plain|];",
            Message = "'Plain' has [Architecture], but does not derive from Model; derive it from DecoderModel or Model",
            SparesTiny = true,
        },
        new()
        {
            Id = "ARCH0007", Right = "if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;", Wrong = "if (IsGated) up = Silu(up);",
            At = "Linear? [|FfnGate|] {",
            Message = "Tensor 'FfnGate' is declared, but no forward pass of Tiny uses it",
        },
        new()
        {
            Id = "ARCH0008", Right = "public partial class Layer",
            Wrong = "[HyperParameter(\"unread\")] public partial int [|Unread|] { get; }\n\n    public partial class Layer",
            Message = "Hyper-parameter 'Unread' is declared, but nothing in Tiny reads it",
        },
        new()
        {
            Id = "ARCH0009", Right = ", Rope = RopeKind.Interleaved", Wrong = "", At = "[|Rope(q.Heads(Heads))|]",
            Message = "Tiny uses Rope, but [Architecture] does not state its kind; add Rope = RopeKind.Interleaved or RopeKind.HalfSplit",
        },
        new()
        {
            Id = "ARCH0010", Right = "namespace ArchGen.Tiny;",
            Wrong = """
                namespace ArchGen.Tiny;

                [Architecture("bare")]
                public partial class Bare : Model
                {
                    [HyperParameter("width")] public partial int Width { get; }
                    [Tensor("Vocab, Width")] public partial Embedding TokenEmbd { get; }
                    [Tensor("Width")] public partial RmsNorm [|Norm|] { get; }

                    public override Tensor Forward(Tokens tokens) => TokenEmbd.Logits(Norm.Of(TokenEmbd.Of(tokens)));
                }

                """,
            Message = "Norm 'Norm' has no epsilon; declare the hyper-parameter RmsEpsilon, or add Epsilon = nameof(...) to this [Tensor]",
            SparesTiny = true,
        },
        new()
        {
            Id = "ARCH0013", Right = "BlockList<Layer> Layers", Wrong = "IReadOnlyList<Layer> [|Layers|]",
            Message = "'Layers' has [Blocks], so its type must be BlockList<T> of a class derived from Block",
        },
        new()
        {
            Id = "ARCH0013", Right = Kinds.Text, Wrong = Kinds.Replacement.Replace("class Layer", "class [|Layer|]"),
            Message = "'GatedLayer' and 'Layer' are both in 'Layers' without a condition; add [When(nameof(...))] to one of them",
        },
        new()
        {
            Id = "ARCH0013", Right = "public partial class Layer", Wrong = "public abstract partial class Layer", At = "BlockList<Layer> [|Layers|]",
            Message = "'Layers' has no kind of block: declare a class in Tiny that derives from Layer",
        },
        new()
        {
            Id = "ARCH0013", Setup = (Kinds.Text, "[When(nameof(IsGated))]\n    " + Kinds.Replacement), Right = "public partial class Layer",
            Wrong = "[When(nameof(IsGated))]\n    public partial class Layer", At = "BlockList<Layer> [|Layers|]",
            Message = "Each kind of block in 'Layers' has a condition; one must have none, to stand everywhere else",
        },
        new()
        {
            Id = "ARCH0014", Right = ", Count = nameof(BlockCount)", Wrong = "", At = "BlockList<Layer> [|Layers|]",
            Message = "The list of blocks 'Layers' has no count; add Count = nameof(BlockCount) to [Blocks]",
        },
        new()
        {
            Id = "ARCH0022", Right = "public partial Linear FfnUp", Wrong = "public partial Tensor [|FfnUp|]",
            Message = "'FfnUp' has the type Tensor, but a [Tensor] is one of CausalConv, Embedding, Experts, HeadLinear, LayerNorm, Linear, RmsNorm, Weight",
            Compiler = ["CS1061"],
        },
        new()
        {
            Id = "ARCH0022", Right = "public partial bool IsGated", Wrong = "public partial double [|IsGated|]",
            Message = "'IsGated' has the type double, but a hyper-parameter is one of int, float, bool, string, PerLayer<T>, LayerPattern, RopeScaling",
            Compiler = ["CS0019"],
        },
        new()
        {
            Id = "ARCH0022", Right = "public Tensor Forward(Tensor x)",
            Wrong = "[State(\"Embd\")] public partial Weight [|Memory|] { get; }\n\n        public Tensor Forward(Tensor x)",
            Message = "'Memory' has the type Weight, but a [State] is a State",
        },
        new()
        {
            Id = "ARCH0023", Right = "public override Tensor Forward(Tokens tokens)", Wrong = "public Tensor Run(Tokens tokens)", At = "partial class [|Tiny|]",
            Message = "Tiny has no Forward method; override it",
        },
        new()
        {
            Id = "ARCH0025", Right = "public Tensor Forward(Tensor x)",
            Wrong = "[State(\"Embd\")] public partial State [|Memory|] { get; }\n\n        public Tensor Forward(Tensor x)",
            Message = "State 'Memory' is declared, but no operation of Tiny uses it",
        },
        new()
        {
            Id = "ARCH0025", Right = "public Tensor Forward(Tensor x)",
            Wrong = "[KvCache(\"Heads, HeadDim\")] public partial KvCache [|Shared|] { get; }\n\n        public Tensor Forward(Tensor x)",
            Message = "Cache 'Shared' is declared, but no operation of Tiny uses it",
        },
        new()
        {
            Id = "ARCH0022", Right = "public partial class Layer",
            Wrong = "[KvCache(\"Heads, HeadDim\")] public partial State [|Shared|] { get; }\n\n    public partial class Layer",
            Message = "'Shared' has the type State, but a [KvCache] is a KvCache",
        },
        new()
        {
            Id = "ARCH0046", Setup = Cached, Right = Written,
            Wrong = "Attention(Rope(q.Heads(Heads)) * k.Heads(Heads) * v.Heads(Heads), [|Shared|], 1 / Sqrt(HeadDim))",
            Message = "The cache 'Shared' is read here, but no attention writes it; write it with Attention(q, k, v, scale, cache: Shared) in an earlier layer",
        },
        new()
        {
            Id = "ARCH0001", Setup = Cached, Right = "\"Heads, Embd/Heads\"", Wrong = "\"Heads, HeadDim\"", At = "[|Rope(k.Heads(Heads))|]",
            Message = "the cache 'Shared' is declared for keys [Heads, HeadDim], and is given [Heads, Embd/Heads]",
        },
        new()
        {
            Id = "ARCH0001", Setup = Cached, Right = "\"Heads, Embd/Heads\"", Wrong = "\"Heads, Embd/Heads\", Values = \"Heads, 2*HeadDim\"",
            At = "[|v.Heads(Heads)|]",
            Message = "the cache 'Shared' is declared for values [Heads, 2*HeadDim], and is given [Heads, Embd/Heads]",
        },
        new()
        {
            Id = "ARCH0004", Setup = Cached, Right = Written,
            Wrong = "[|Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim), AttentionMask.Bidirectional, cache: Shared)|]",
            Message = "'Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim), AttentionMask.Bidirectional, cache: Shared)' "
                + "is not allowed in a forward pass: only a causal attention has a cache: tokens that see later ones are computed all at once",
        },
        new()
        {
            Id = "ARCH0026", Right = "public partial class Layer : Block",
            Wrong = "public partial class Extra\n    {\n        [Tensor(\"Embd\")] public partial RmsNorm [|AttnNorm|] { get; }\n        [Tensor(\"Embd\")] "
                + "public partial RmsNorm FfnNorm { get; }\n    }\n\n    public partial class Layer : Block",
            Message = "'AttnNorm' has [Tensor], but 'Extra' is not a block of Tiny; derive it from Block",
        },
        new()
        {
            Id = "ARCH0026", Right = "namespace ArchGen.Tiny;",
            Wrong = "namespace ArchGen.Tiny;\n\npublic class Plain : DecoderModelBase\n{\n    [Tensor(\"Vocab, Embd\")] public Embedding? [|TokenEmbd|] { get; "
                + "}\n}\n\npublic class DecoderModelBase;",
            Message = "'TokenEmbd' has [Tensor], but 'Plain' is neither an architecture nor a block of one; add [Architecture] to it, or move it into an "
                + "architecture",
            SparesTiny = true,
        },
        new()
        {
            Id = "ARCH0026", Right = "public Tensor Forward(Tensor x)",
            Wrong = "[HyperParameter(\"width\")] public partial int [|Width|] { get; }\n\n        public Tensor Forward(Tensor x)",
            Message = "'Width' has [HyperParameter], but 'Layer' is a block; declare it in Tiny, where all its blocks can use it",
            SparesTiny = true,
        },
    ];

    /// <summary>Checkpoints.</summary>
    private static Mistake[] Checkpoints =>
    [
        new()
        {
            Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default",
            Wrong = "[HyperParameter(\"width\", Hf = \"hidden_size|[|cube(n_head)|]\", Default",
            Message = "'hidden_size|cube(n_head)' is not a source in config.json: 'cube' is a function, and a source has none; "
                + "write a static method that takes a Config, and name it: Hf = nameof(...)",
        },
        new()
        {
            Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default",
            Wrong = "[HyperParameter(\"width\", Hf = [|\"hidden_size +\"|], Default",
            Message = "'hidden_size +' is not a source in config.json: a key or a number is missing at its end",
        },
        new()
        {
            Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default",
            Wrong = "[HyperParameter(\"width\", Hf = \"width\", Unless = \"[|1.2.3|]\", Default",
            Message = "'1.2.3' is not a source in config.json: '1.2.3' is no number",
        },
        new()
        {
            Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default",
            Wrong = "[HyperParameter(\"width\", Hf = \"kind\", Values = \"softmax=1|[|sigmoid|]\", Default",
            Message = "'softmax=1|sigmoid' is not what texts of config.json mean: 'sigmoid' is no text and its number, as in softmax=1",
        },
        new()
        {
            Id = "ARCH0044", Right = "[Architecture(", Wrong = "[Hf(nameof(HeadDim), \"hidden_size/[|)|]\")]\n[Architecture(",
            Message = "'hidden_size/)' is not a source in config.json: ')' is not expected here",
        },
        new()
        {
            Id = "ARCH0044", Right = "[Architecture(", Wrong = "[Writes(\"x\", \"[|'text|]\")]\n[Architecture(",
            Message = "''text' is not a source in config.json: a text ends with a single quote",
        },
        new()
        {
            Id = "ARCH0045", Setup = Claim, Right = ", Hf(nameof(Layer.FfnUp), \"up\")", Wrong = "", At = "Linear [|FfnUp|] {",
            Message = "No checkpoint of TinyForCausalLM can be converted: nothing says what 'FfnUp' is called there; add Hf = \"...\" to its attribute",
        },
        new()
        {
            Id = "ARCH0045", Setup = Claim, Right = ", Hf(nameof(Layers), \"layers.{i}\")", Wrong = "", At = "BlockList<Layer> [|Layers|] {",
            Message = "No checkpoint of TinyForCausalLM can be converted: nothing says what 'Layers' is called there; add Hf = \"...\" to its attribute",
        },
        new()
        {
            Id = "ARCH0045", Setup = Claim, Right = "[HyperParameter(\"gated\", Default = \"false\")]", Wrong = "[HyperParameter(\"gated\")]",
            At = "bool [|IsGated|] {",
            Message = "No checkpoint of TinyForCausalLM can be converted: nothing says what 'IsGated' is called there; add Hf = \"...\" to its attribute",
        },
    ];
}
