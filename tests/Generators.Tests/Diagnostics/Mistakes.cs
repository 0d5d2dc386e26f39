namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>A mistake for every descriptor, and for each shape of its message.</summary>
internal static class Mistakes
{
    private const string Statement = "a forward pass is made of locals, operations, foreach over blocks, and if on hyper-parameters, the block's index or an optional tensor";
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
        "[Tensor(\"Embd\", Name = \"ffn_down.bias\")] public partial Weight Shift { get; }\n\n        private Tensor FeedForward(Tensor h)\n        {\n            var up = FfnUp.Of(h * Shift);");

    private const string Plain = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim))";
    private const string Written = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim), cache: Shared)";

    /// <summary>A declared cache that each layer writes.</summary>
    private static readonly (string Text, string Replacement) Cached = (
        Between("public partial class Layer", Plain),
        "[KvCache(\"Heads, Embd/Heads\")] public partial KvCache Shared { get; }\n\n    " + Between("public partial class Layer", Plain).Replace(Plain, Written));

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
        [Hf(nameof(Layer.AttnNorm), "norm"), Hf(nameof(Layer.AttnQkv), "qkv"), Hf(nameof(Layer.AttnOutput), "o"), Hf(nameof(Layer.FfnUp), "up"), Hf(nameof(Layer.FfnDown), "down")]
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
        // Shapes
        new() { Id = "ARCH0001", Right = "FfnDown.Of(Silu(up))", Wrong = "FfnDown.Of([|h|])", Message = "operand 'x' of linear has shape [T, Embd]: its last dimension is Embd, expected Ff (linear 'FfnDown' [Embd, Ff]: x [T, Embd], weight [Embd, Ff])" },
        new() { Id = "ARCH0001", Right = "Silu(FfnGate.Of(h)) * up", Wrong = "Silu(FfnGate.Of(h)) * [|h|]", Message = "multiply of [T, Ff] and [T, Embd]: Ff and Embd differ (multiply: a [T, Ff], b [T, Embd])" },
        new() { Id = "ARCH0001", Right = "v.Heads(Heads), 1", Wrong = "[|v|], 1", Message = "operand 'v' of attention has shape [T, Embd], expected 3 dimensions (attention: q [T, Heads, Embd/Heads], k [T, Heads, Embd/Heads], v [T, Embd])" },
        new() { Id = "ARCH0001", Right = "v.Heads(Heads), 1", Wrong = "[|v.Heads(KvHeads)|], 1", Message = "operand 'v' of attention has shape [T, KvHeads, Embd/KvHeads]: the number of heads is KvHeads, expected Heads (attention: q [T, Heads, Embd/Heads], k [T, Heads, Embd/Heads], v [T, KvHeads, Embd/KvHeads])" },
        new() { Id = "ARCH0016", Right = "return x + FeedForward(x);", Wrong = "return AttnQkv.Of(x);", At = "[|x = layer.Forward(x)|];", Message = "'x' is [T, Embd] before the loop and [T, 3*Embd] after one pass of it; each block must return the shape that it takes" },
        new() { Id = "ARCH0019", Right = "if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;", Wrong = "[|if (FfnGate is not null && IsGated) up = Sum(FfnGate.Of(h));|]", Message = "'up' is [T, 1] in one branch and [T, Ff] in the other" },
        new() { Id = "ARCH0019", Right = "var up = FfnUp.Of(h);", Wrong = "var up = [|IsGated ? FfnUp.Of(h) : h|];", Message = "'result' is [T, Ff] in one branch and [T, Embd] in the other" },
        new() { Id = "ARCH0020", Right = ".Split(Embd, Embd, Embd)", Wrong = ".Split[|(Embd, Embd, Heads*HeadDim)|]", Message = "The parts of this split add up to 2*Embd + HeadDim*Heads, but the last dimension of AttnQkv.Of(h) is 3*Embd" },

        // Names and expressions
        new() { Id = "ARCH0002", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"3*[|Emdb|], Embd\")]", Message = "'Emdb' is not a numeric hyper-parameter of Tiny; did you mean 'Embd'?" },
        new() { Id = "ARCH0002", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"3*Embd, [|Breadth|]\")]", Message = "'Breadth' is not a numeric hyper-parameter of Tiny" },
        new() { Id = "ARCH0002", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"[|IsGated|], Embd\")]", Message = "'IsGated' is not a numeric hyper-parameter of Tiny" },
        new() { Id = "ARCH0018", Right = "Default = \"false\"", Wrong = "Default = [|\"fals\"|]", Message = "Default names 'fals', which is not true, false or a bool hyper-parameter; did you mean 'false'?" },
        new() { Id = "ARCH0002", Setup = ("[HyperParameter(\"gated\", Default = \"false\")] public partial bool IsGated { get; }", "[HyperParameter(\"width\", Default = \"Embd/Heads\")] public partial int Width { get; }\n\n    public bool IsGated => Width > 64;"), Right = "Embd/Heads", Wrong = "Embd/[|Hedas|]", Message = "'Hedas' is not a numeric hyper-parameter of Tiny; did you mean 'Heads'?" },
        new() { Id = "ARCH0002", Right = "Count = nameof(BlockCount)", Wrong = "Count = \"[|BlockCounts|]\"", Message = "'BlockCounts' is not a numeric hyper-parameter of Tiny; did you mean 'BlockCount'?" },
        new() { Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"[|3*|], Embd\")]", Message = "'3*' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed" },
        new() { Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"3*Embd, [|Sqrt(Embd)|]\")]", Message = "'Sqrt(Embd)' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed" },
        new() { Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor([|\"\"|])]", Message = "'' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed" },
        new() { Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"[|Embd/0|], Embd\")]", Message = "'Embd/0' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed" },
        new() { Id = "ARCH0018", Right = "TiedTo = nameof(TokenEmbd)", Wrong = "TiedTo = [|\"TokenEmb\"|]", Message = "TiedTo names 'TokenEmb', which is not an Embedding or a Linear, declared before this one, that every file has; did you mean 'TokenEmbd'?" },
        new() { Id = "ARCH0018", Right = "Epsilon = nameof(RmsEpsilon)", Wrong = "Epsilon = [|nameof(TokenEmbd)|]", Message = "Epsilon names 'TokenEmbd', which is not a numeric hyper-parameter" },
        new() { Id = "ARCH0018", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm", Wrong = "[Tensor(\"Embd\", Epsilon = [|\"RmsEpsilom\"|])] public partial RmsNorm AttnNorm", Message = "Epsilon names 'RmsEpsilom', which is not a numeric hyper-parameter; did you mean 'RmsEpsilon'?" },
        new() { Id = "ARCH0018", Right = "[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate", Wrong = "[Tensor(\"Ff, Embd\", RequiredIf = [|\"IsGate\"|])] public partial Linear? FfnGate", Message = "RequiredIf names 'IsGate', which is not a bool property of the block or the model; did you mean 'IsGated'?" },
        new() { Id = "ARCH0018", Setup = (Kinds.Text, "[When(nameof(IsGated))]\n    " + Kinds.Replacement), Right = "nameof(IsGated)", Wrong = "[|nameof(BlockCount)|]", Message = "[When] names 'BlockCount', which is not a bool property or a bool method of one int in Tiny" },
        new() { Id = "ARCH0018", Right = "[Architecture(", Wrong = "[Hf([|\"AttnNrm\"|], \"norm\")]\n[Architecture(", Message = "[Hf] names 'AttnNrm', which is not a tensor, a list of blocks or a hyper-parameter; did you mean 'AttnNorm'?" },
        new() { Id = "ARCH0018", Right = "[Architecture(", Wrong = "[Default([|\"RopeFreqBas\"|], \"1\")]\n[Architecture(", Message = "[Default] names 'RopeFreqBas', which is not an inherited hyper-parameter; did you mean 'RopeFreqBase'?" },
        new() { Id = "ARCH0018", Right = "[Architecture(", Wrong = "[Default([|nameof(IsGated)|], \"true\")]\n[Architecture(", Message = "[Default] names 'IsGated', which is not an inherited hyper-parameter" },
        new() { Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")", Wrong = "ConfigDefaults(\"[|hidden_sise|]=64\")", Message = "[ConfigDefaults] names 'hidden_sise', which is not a key of config.json that this architecture reads; did you mean 'hidden_size'?" },
        new() { Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")", Wrong = "ConfigDefaults(\"[|hidden_size|]\")", Message = "[ConfigDefaults] names 'hidden_size', which is not a key and its value, such as rope_theta=10000" },
        new() { Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")", Wrong = "ConfigDefaults(\"[|hidden_size|]=64|hidden_size=32\")", Message = "[ConfigDefaults] names 'hidden_size', which is not named once here" },
        new() { Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")", Wrong = "ConfigDefaults(\"hidden_size=64\", For = \"[|TinyForCasualLM|]\")", Message = "[ConfigDefaults] names 'TinyForCasualLM', which is not a class that [HuggingFace] names; did you mean 'TinyForCausalLM'?" },
        new() { Id = "ARCH0018", Right = "[Architecture(", Wrong = "[HfFused(\"norms\", [|\"AttnNrm\"|])]\n[Architecture(", Message = "[HfFused] names 'AttnNrm', which is not a tensor; did you mean 'AttnNorm'?" },
        new() { Id = "ARCH0018", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm", Wrong = "[Tensor(\"Embd\", From = [|\"OneplusW\"|])] public partial RmsNorm AttnNorm", Message = "From names 'OneplusW', which is not a method of the architecture that takes and returns Weights; did you mean 'OnePlus'?" },
        new() { Id = "ARCH0011", Right = "[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate", Wrong = "[Tensor(\"Ff, Embd\", Name = \"ffn_up\")] public partial Linear? [|FfnGate|]", Message = "'FfnUp' and 'FfnGate' both have the name 'ffn_up.weight'" },
        new() { Id = "ARCH0011", Setup = Width, Right = "[HyperParameter(\"width\"", Wrong = "[HyperParameter([|\"attention.head_count\"|]", Message = "'Heads' and 'Width' both have the name 'attention.head_count'" },

        // What a forward pass is made of
        new() { Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|while (IsGated) h = Silu(h);|]", Message = $"'while (IsGated) h = Silu(h);' is not allowed in a forward pass: {Statement}" },
        new() { Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|for (var i = 0; i < 2; i++) h = Silu(h);|]", Message = $"'for (var i = 0; i < 2; i++) h = Silu(h);' is not allowed in a forward pass: {Statement}" },
        new() { Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|try { h = Silu(h); } finally { }|]", Message = $"'try {{ h = Silu(h); }} finally {{ }}' is not allowed in a forward pass: {Statement}" },
        new() { Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|switch (Index) { default: break; }|]", Message = $"'switch (Index) {{ default: break; }}' is not allowed in a forward pass: {Statement}" },
        new() { Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            [|throw new InvalidOperationException();|]", Message = $"'throw new InvalidOperationException();' is not allowed in a forward pass: {Statement}" },
        new() { Id = "ARCH0004", Right = Norm, Wrong = Norm + "\n            foreach (var i in [|new[] { 1, 2 }|]) h = Silu(h);", Message = $"'new[] {{ 1, 2 }}' is not allowed in a forward pass: {Expression}" },
        new() { Id = "ARCH0004", Right = "Silu(up)", Wrong = "Of([|t => Silu(t)|], up)", Setup = ("private Tensor FeedForward", "private Tensor Of(Func<Tensor, Tensor> f, Tensor t) => Silu(t);\n\n        private Tensor FeedForward"), Message = $"'t => Silu(t)' is not allowed in a forward pass: {Expression}" },
        new() { Id = "ARCH0004", Right = "1 / Sqrt(HeadDim)", Wrong = "[|Scales[0]|]", Setup = ("public Tensor Forward(Tensor x)", "private static readonly float[] Scales = [1];\n\n        public float First => Scales[0];\n\n        public Tensor Forward(Tensor x)"), Message = $"'Scales[0]' is not allowed in a forward pass: {Expression}" },
        new() { Id = "ARCH0004", Right = "Silu(up)", Wrong = "[|new Dictionary<int, Tensor>()|][0]", Message = "'new Dictionary<int, Tensor>()' is not allowed in a forward pass: a graph has no lists of tensors; what goes from block to block is a tensor that the loop passes on: (x, v) = layer.Forward(x, v)" },
        new() { Id = "ARCH0004", Right = "Silu(up)", Wrong = "[|Console.In|].Peek() == 0 ? up : h", Message = "'Console.In' is not allowed in a forward pass: 'In' is neither a tensor, a hyper-parameter nor something computed from them" },
        new() { Id = "ARCH0012", Right = Norm, Wrong = Norm + "\n            [|Silu(h)|];", Message = "The result of Silu(h) is not used; assign it, or remove the call" },
        new() { Id = "ARCH0015", Right = "if (FfnGate is not null && IsGated)", Wrong = "if (FfnGate is not null && [|h.Shape|].Count == 2)", Message = "Shape of a tensor is not known when the graph is built; a static graph cannot depend on it" },
        new() { Id = "ARCH0015", Right = "if (FfnGate is not null && IsGated)", Wrong = "if (FfnGate is not null && [|h.Values|] is null)", Message = "Values of a tensor is not known when the graph is built; a static graph cannot depend on it" },
        new() { Id = "ARCH0024", Right = Down, Wrong = "return FeedForward(FfnDown.Of(Silu(up)));", At = "private Tensor [|FeedForward|](Tensor h)", Message = "'FeedForward' calls itself; a graph has a fixed number of operations" },

        // Declarations
        new() { Id = "ARCH0005", Right = "public partial class Tiny", Wrong = "public class [|Tiny|]", Message = "'Tiny' must be partial, so that the generator can implement it", Compiler = ["CS0260"] },
        new() { Id = "ARCH0005", Right = "public partial class Layer", Wrong = "public class [|Layer|]", Message = "'Layer' must be partial, so that the generator can implement it", Compiler = ["CS0260"] },
        new() { Id = "ARCH0005", Right = "public partial Linear FfnUp", Wrong = "public Linear [|FfnUp|]", Message = "'FfnUp' must be partial, so that the generator can implement it" },
        new() { Id = "ARCH0005", Right = "public partial bool IsGated", Wrong = "public bool [|IsGated|]", Message = "'IsGated' must be partial, so that the generator can implement it" },
        new() { Id = "ARCH0006", Right = "namespace ArchGen.Tiny;", Wrong = "namespace ArchGen.Tiny;\n\n[Architecture(\"plain\")]\npublic partial class [|Plain|];", Message = "'Plain' has [Architecture], but does not derive from Model; derive it from DecoderModel or Model", SparesTiny = true },
        new() { Id = "ARCH0007", Right = "if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;", Wrong = "if (IsGated) up = Silu(up);", At = "Linear? [|FfnGate|] {", Message = "Tensor 'FfnGate' is declared, but no forward pass of Tiny uses it" },
        new() { Id = "ARCH0008", Right = "public partial class Layer", Wrong = "[HyperParameter(\"unread\")] public partial int [|Unread|] { get; }\n\n    public partial class Layer", Message = "Hyper-parameter 'Unread' is declared, but nothing in Tiny reads it" },
        new() { Id = "ARCH0009", Right = "Rope = RopeKind.Normal, ", Wrong = "", At = "[|Rope(q.Heads(Heads))|]", Message = "Tiny uses Rope, but [Architecture] does not state its kind; add Rope = RopeKind.Normal or RopeKind.Neox" },
        new() { Id = "ARCH0010", Right = ", Epsilon = nameof(RmsEpsilon)", Wrong = "", At = "RmsNorm [|OutputNorm|] {", Message = "Norm 'OutputNorm' has no epsilon; add Epsilon = nameof(...) to [Architecture] or to this [Tensor]" },
        new() { Id = "ARCH0013", Right = "BlockList<Layer> Layers", Wrong = "IReadOnlyList<Layer> [|Layers|]", Message = "'Layers' has [Blocks], so its type must be BlockList<T> of a class derived from Block" },
        new() { Id = "ARCH0013", Right = Kinds.Text, Wrong = Kinds.Replacement.Replace("class Layer", "class [|Layer|]"), Message = "'GatedLayer' and 'Layer' are both in 'Layers' without a condition; add [When(nameof(...))] to one of them" },
        new() { Id = "ARCH0013", Right = "public partial class Layer", Wrong = "public abstract partial class Layer", At = "BlockList<Layer> [|Layers|]", Message = "'Layers' has no kind of block: declare a class in Tiny that derives from Layer" },
        new() { Id = "ARCH0013", Setup = (Kinds.Text, "[When(nameof(IsGated))]\n    " + Kinds.Replacement), Right = "public partial class Layer", Wrong = "[When(nameof(IsGated))]\n    public partial class Layer", At = "BlockList<Layer> [|Layers|]", Message = "Each kind of block in 'Layers' has a condition; one must have none, to stand everywhere else" },
        new() { Id = "ARCH0014", Right = ", Count = nameof(BlockCount)", Wrong = "", At = "BlockList<Layer> [|Layers|]", Message = "The list of blocks 'Layers' has no count; add Count = nameof(BlockCount) to [Blocks]" },
        new() { Id = "ARCH0022", Right = "public partial Linear FfnUp", Wrong = "public partial Tensor [|FfnUp|]", Message = "'FfnUp' has the type Tensor, but a [Tensor] is one of CausalConv, Embedding, Experts, HeadLinear, LayerNorm, Linear, RmsNorm, Weight", Compiler = ["CS1061"] },
        new() { Id = "ARCH0022", Right = "public partial bool IsGated", Wrong = "public partial double [|IsGated|]", Message = "'IsGated' has the type double, but a hyper-parameter is one of int, float, bool, string, PerLayer, RopeScaling", Compiler = ["CS0019"] },
        new() { Id = "ARCH0022", Right = "public Tensor Forward(Tensor x)", Wrong = "[State(\"Embd\")] public partial Weight [|Memory|] { get; }\n\n        public Tensor Forward(Tensor x)", Message = "'Memory' has the type Weight, but a [State] is a State" },
        new() { Id = "ARCH0023", Right = "public override Tensor Forward(Tokens tokens)", Wrong = "public Tensor Run(Tokens tokens)", At = "partial class [|Tiny|]", Message = "Tiny has no Forward method; override it" },
        new() { Id = "ARCH0025", Right = "public Tensor Forward(Tensor x)", Wrong = "[State(\"Embd\")] public partial State [|Memory|] { get; }\n\n        public Tensor Forward(Tensor x)", Message = "State 'Memory' is declared, but no operation of Tiny uses it" },
        new() { Id = "ARCH0025", Right = "public Tensor Forward(Tensor x)", Wrong = "[KvCache(\"Heads, HeadDim\")] public partial KvCache [|Shared|] { get; }\n\n        public Tensor Forward(Tensor x)", Message = "Cache 'Shared' is declared, but no operation of Tiny uses it" },
        new() { Id = "ARCH0022", Right = "public partial class Layer", Wrong = "[KvCache(\"Heads, HeadDim\")] public partial State [|Shared|] { get; }\n\n    public partial class Layer", Message = "'Shared' has the type State, but a [KvCache] is a KvCache" },
        new() { Id = "ARCH0046", Setup = Cached, Right = Written, Wrong = "Attention(Rope(q.Heads(Heads)) * k.Heads(Heads) * v.Heads(Heads), [|Shared|], 1 / Sqrt(HeadDim))", Message = "The cache 'Shared' is read here, but no attention writes it; write it with Attention(q, k, v, scale, cache: Shared) in an earlier layer" },
        new() { Id = "ARCH0001", Setup = Cached, Right = "\"Heads, Embd/Heads\"", Wrong = "\"Heads, HeadDim\"", At = "[|Rope(k.Heads(Heads))|]", Message = "the cache 'Shared' is declared for keys [Heads, HeadDim], and is given [Heads, Embd/Heads]" },
        new() { Id = "ARCH0001", Setup = Cached, Right = "\"Heads, Embd/Heads\"", Wrong = "\"Heads, Embd/Heads\", Values = \"Heads, 2*HeadDim\"", At = "[|v.Heads(Heads)|]", Message = "the cache 'Shared' is declared for values [Heads, 2*HeadDim], and is given [Heads, Embd/Heads]" },
        new() { Id = "ARCH0004", Setup = Cached, Right = Written, Wrong = "[|Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim), AttentionMask.Bidirectional, cache: Shared)|]", Message = "'Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim), AttentionMask.Bidirectional, cache: Shared)' is not allowed in a forward pass: only a causal attention has a cache: tokens that see later ones are computed all at once" },
        new() { Id = "ARCH0026", Right = "public partial class Layer : Block", Wrong = "public partial class Extra\n    {\n        [Tensor(\"Embd\")] public partial RmsNorm [|AttnNorm|] { get; }\n        [Tensor(\"Embd\")] public partial RmsNorm FfnNorm { get; }\n    }\n\n    public partial class Layer : Block", Message = "'AttnNorm' has [Tensor], but 'Extra' is not a block of Tiny; derive it from Block" },
        new() { Id = "ARCH0026", Right = "namespace ArchGen.Tiny;", Wrong = "namespace ArchGen.Tiny;\n\npublic class Plain : DecoderModelBase\n{\n    [Tensor(\"Vocab, Embd\")] public Embedding? [|TokenEmbd|] { get; }\n}\n\npublic class DecoderModelBase;", Message = "'TokenEmbd' has [Tensor], but 'Plain' is neither an architecture nor a block of one; add [Architecture] to it, or move it into an architecture", SparesTiny = true },
        new() { Id = "ARCH0026", Right = "public Tensor Forward(Tensor x)", Wrong = "[HyperParameter(\"width\")] public partial int [|Width|] { get; }\n\n        public Tensor Forward(Tensor x)", Message = "'Width' has [HyperParameter], but 'Layer' is a block; declare it in Tiny, where all its blocks can use it", SparesTiny = true },

        // Where values go
        new() { Id = "ARCH0012", Right = Norm, Wrong = Norm + "\n            var lost = [|Silu(h)|];", Message = "The result of Silu(h) is not used; assign it, or remove the call" },
        new() { Id = "ARCH0012", Right = Norm, Wrong = Norm + "\n            var lost = [|Silu(Relu(h))|];", Message = "The result of Silu(Relu(h)) is not used; assign it, or remove the call" },
        new() { Id = "ARCH0012", Right = "v.Heads(Heads), 1", Wrong = "k.Heads(Heads), 1", At = "var (q, k, [|v|]) =", Message = "The result of the split into 'v' is not used; use it, or write _ in its place" },
        new() { Id = "ARCH0012", Right = Loop, Wrong = "foreach (var layer in Layers) { var y = [|layer.Forward(x)|]; }", Message = "The result of layer.Forward(x) is not used; assign it, or remove the call" },
        new() { Id = "ARCH0032", Right = "Output.Of(OutputNorm.Of(x))", Wrong = "Output.Of(OutputNorm.Of([|Layers[0].AttnNorm|].Of(x)))", Message = "'Layers[0].AttnNorm' is a tensor of another block than the one that runs here; use it in the Forward of its block, or pass it to the other block as an argument" },
        new() { Id = "ARCH0004", Right = Loop, Wrong = "var n = 1f;\n        foreach (var layer in Layers) { x = layer.Forward(x) * n; [|n = n + 1|]; }", Message = "'n = n + 1' is not allowed in a forward pass: what changes from block to block is a tensor; numbers follow from the block's Index" },
        new() { Id = "ARCH0033", Right = "if (FfnGate is not null && IsGated)", Wrong = "if (IsGated)", At = "Silu([|FfnGate|].Of(h))", Message = "A file may lack 'FfnGate', and nothing on the way here asks for it; write if (FfnGate is not null), or make its type Linear without ?" },
        new() { Id = "ARCH0034", Right = "x += AttnOutput", Wrong = "x = AttnOutput", At = "[|x = AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim)))|]", Message = "'x = AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim)))' does not add to the residual stream 'x'; write x += ... in place of x = ..." },
        new() { Id = "ARCH0034", Right = "return x + FeedForward(x);", Wrong = "return [|FeedForward(x)|];", Message = "What Layer.Forward returns does not add to the residual stream 'x'; return x + ..." },
        new() { Id = "ARCH0034", Right = Loop, Wrong = "var e = x;\n        foreach (var layer in Layers) [|x = layer.Forward(e)|];", Message = "'x = layer.Forward(e)' does not add to the residual stream 'x'; what the blocks before computed is lost; pass 'x' to the block" },
        new() { Id = "ARCH0035", Right = "return Output.Of(OutputNorm.Of(x));", Wrong = "return [|Sum(OutputNorm.Of(x))|];", Message = "Tiny.Forward returns [T, 1], but a model returns logits [T, Vocab], or embeddings [T, Embd]; end with the output tensor, as in Output.Of(x)" },
        new() { Id = "ARCH0035", Setup = Claim, Right = "return Output.Of(OutputNorm.Of(x));", Wrong = "return [|OutputNorm.Of(x)|];", Message = "Tiny.Forward returns [T, Embd], but TinyForCausalLM gives logits [T, Vocab]; end with the output tensor, as in Output.Of(x)" },
        new() { Id = "ARCH0036", Right = "FfnDown.Of(Silu(up))", Wrong = "FfnDown.Of([|Sum(up)|].Heads(3))", Message = "3 heads do not divide 1, the last dimension of [T, 1]; heads are all of one size; split off what is none of them first" },
        new() { Id = "ARCH0036", Right = "q.Heads(Heads)", Wrong = "[|Concat(q, Sum(h))|].Heads(Embd)", Message = "Embd heads do not divide 1 + Embd, the last dimension of [T, 1 + Embd]; heads are all of one size; split off what is none of them first" },
        new() { Id = "ARCH0036", Right = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1", Wrong = "Attention(Rope([|q.Heads(KvHeads)|]), Rope(k.Heads(Heads)), v.Heads(Heads), 1", Message = "Heads key heads do not divide KvHeads query heads (q [T, KvHeads, Embd/KvHeads], k [T, Heads, Embd/Heads]); several query heads share a key head; are the two swapped?" },

        new() { Id = "ARCH0038", Right = "return x + FeedForward(x);", Wrong = "return [|x + x|] + FeedForward(x);", Message = "'x + x' adds the residual stream 'x' a second time: one of its operands, or the block, has added it already" },
        new() { Id = "ARCH0038", Right = "return x + FeedForward(x);", Wrong = "var fed = x + FeedForward(x);\n            return IsGated ? fed : [|x + fed|];", Message = "'x + fed' adds the residual stream 'x' a second time: one of its operands, or the block, has added it already" },
        new() { Id = "ARCH0038", Right = Loop, Wrong = "foreach (var layer in Layers) [|x += layer.Forward(x)|];", Message = "'x += layer.Forward(x)' adds the residual stream 'x' a second time: one of its operands, or the block, has added it already" },
        new() { Id = "ARCH0038", Right = "return x + FeedForward(x);", Wrong = "return [|x + fed|] + FeedForward(x);", Setup = ("x += AttnOutput.Of(", "var fed = Silu(h);\n            x += fed + AttnOutput.Of("), Message = "'x + fed' adds 'Silu(h)' a second time: one of its operands, or the block, has added it already" },
        new() { Id = "ARCH0039", Setup = ("[Architecture(", "[ConfigIs(\"hidden_act\", \"silu\")]\n[Architecture("), Right = Gated + Down, Wrong = "if (FfnGate is not null && IsGated) up = [|Gelu(FfnGate.Of(h))|] * up;\n            return FfnDown.Of(Gelu(up));", Message = "The forward pass calls Gelu, but [ConfigIs(\"hidden_act\", \"silu\")] holds config.json to Silu or GeluQuick; call that, or correct the value" },

        // Numbers
        new() { Id = "ARCH0037", Right = "1 / Sqrt(HeadDim)", Wrong = "[|1 / HeadDim|]", Message = "'1 / HeadDim' divides whole numbers, and C# drops the fraction; write 1f / HeadDim" },
        new() { Id = "ARCH0037", Right = "return x + FeedForward(x);", Wrong = "return x + FeedForward(x) * ([|(Index + 1) / BlockCount|]);", Message = "'(Index + 1) / BlockCount' divides whole numbers, and C# drops the fraction; write (float)(Index + 1) / BlockCount" },
        new() { Id = "ARCH0037", Right = "1 / Sqrt(HeadDim)", Wrong = "[|3 / 2|]", Message = "'3 / 2' divides whole numbers, and C# drops the fraction; write 3f / 2" },
        new() { Id = "ARCH0037", Right = "1 / Sqrt(HeadDim)", Wrong = "IsGated ? 1 : [|2 / (HeadDim * 3)|]", Message = "'2 / (HeadDim * 3)' divides whole numbers, and C# drops the fraction; write 2f / (HeadDim * 3)" },
        new() { Id = "ARCH0037", Setup = (Width.Text, Width.Text + "\n\n    public float Share => 1f / Heads;"), Right = "1f / Heads", Wrong = "[|1 / Heads|]", Message = "'1 / Heads' divides whole numbers, and C# drops the fraction; write 1f / Heads" },
        new() { Id = "ARCH0037", Setup = (Width.Text, Width.Text + "\n    [HyperParameter(\"share\", Default = \"0.5\")] public partial float Share { get; }\n\n    public float Half => Share / 2;"), Right = "\"0.5\"", Wrong = "[|\"1/Heads\"|]", Message = "'1/Heads' divides whole numbers, and C# drops the fraction; leave Default out, and compute it in a property" },

        // Defaults and names
        new() { Id = "ARCH0028", Right = "Default = \"false\"", Wrong = "Default = [|\"1\"|]", Message = "The default '1' of 'IsGated' is of type int, but 'IsGated' is of type bool; write true, false or a bool hyper-parameter" },
        new() { Id = "ARCH0028", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"1.5\"|]", Message = "The default '1.5' of 'Width' is of type float, but 'Width' is of type int; write a whole number, or an expression over hyper-parameters that are" },
        new() { Id = "ARCH0028", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"true\"|]", Message = "The default 'true' of 'Width' is of type bool, but 'Width' is of type int; write a whole number, or an expression over hyper-parameters that are" },
        new() { Id = "ARCH0028", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"RmsEpsilon\"|]", Message = "The default 'RmsEpsilon' of 'Width' is of type float, but 'Width' is of type int; write a whole number, or an expression over hyper-parameters that are" },
        new() { Id = "ARCH0028", Right = "[Architecture(", Wrong = "[Default(nameof(HeadDim), [|\"1.5\"|])]\n[Architecture(", Message = "The default '1.5' of 'HeadDim' is of type float, but 'HeadDim' is of type int; write a whole number, or an expression over hyper-parameters that are" },
        new() { Id = "ARCH0002", Right = "[Architecture(", Wrong = "[Default(nameof(HeadDim), \"2*[|Headz|]\")]\n[Architecture(", Message = "'Headz' is not a numeric hyper-parameter of Tiny; did you mean 'Heads'?" },
        new() { Id = "ARCH0029", Right = "[Architecture(", Wrong = "[Default(nameof(HeadDim), [|\"2*HeadDim\"|])]\n[Architecture(", Message = "The default of 'HeadDim' depends on itself (HeadDim -> HeadDim); give one of these a number as its default, or none" },
        new() { Id = "ARCH0029", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"2*Width\"|]", Message = "The default of 'Width' depends on itself (Width -> Width); give one of these a number as its default, or none" },
        new() { Id = "ARCH0029", Setup = (Width.Text, Width.Replacement + "\n    [HyperParameter(\"height\", Default = \"Width\")] public partial int Height { get; }\n    public int Area => Width*Height;"), Right = "\"Embd/Heads\"", Wrong = "[|\"Height\"|]", Message = "The default of 'Width' depends on itself (Width -> Height -> Width); give one of these a number as its default, or none" },
        new() { Id = "ARCH0030", Right = "[Tensor(\"Embd, Ff\")]", Wrong = "[Tensor(\"Embd, Ff\", Name = [|\"ffn\\\"down\"|])]", Message = "'ffn_down' cannot be a name in a file: it has a quote at position 4; names are made of letters, digits and signs such as '.', '_' and '-'" },
        new() { Id = "ARCH0030", Right = "\"tiny\"", Wrong = "[|\"ti\\\\ny\"|]", Message = "'ti_ny' cannot be a name in a file: it has a backslash at position 3; names are made of letters, digits and signs such as '.', '_' and '-'" },
        new() { Id = "ARCH0030", Right = "\"gated\"", Wrong = "[|\"ga\\nted\"|]", Message = "'ga_ted' cannot be a name in a file: it has the character U+000A at position 3; names are made of letters, digits and signs such as '.', '_' and '-'" },
        new() { Id = "ARCH0030", Right = "[Tensor(\"Embd, Ff\")]", Wrong = "[Tensor(\"Embd, Ff\", Hf = [|\"a||b\"|])]", Message = "'' cannot be a name in a file: it is empty; names are made of letters, digits and signs such as '.', '_' and '-'" },
        new() { Id = "ARCH0011", Setup = ("[Tensor(\"Embd, Ff\")]", "[Tensor(\"Embd, Ff\", Hf = \"mlp.down\")]"), Right = "[Tensor(\"Embd, Embd\")] public partial Linear AttnOutput", Wrong = "[Tensor(\"Embd, Embd\", Hf = \"attn.out|mlp.down\")] public partial Linear AttnOutput", At = "Linear [|FfnDown|] {", Message = "'AttnOutput' and 'FfnDown' both have the name 'mlp.down.weight'" },
        new() { Id = "ARCH0011", Setup = Shift, Right = "[Tensor(\"Embd, Ff\")]", Wrong = "[Tensor(\"Embd, Ff\", Bias = Bias.Required)]", At = "Weight [|Shift|] {", Message = "'FfnDown' and 'Shift' both have the name 'ffn_down.bias'" },
        new() { Id = "ARCH0014", Right = "\"blk.{i}\"", Wrong = "[|\"blk\"|]", Message = "The list of blocks 'Layers' has no pattern: every block would be named 'blk'; write {i} where its number stands, as in blk.{i}" },
        new() { Id = "ARCH0031", Setup = Hiding, Right = "Tensor Feed(", Wrong = "Tensor [|FeedForward|](", Message = "'FeedForward' has the name of Layer.FeedForward, but does not override it: it is private there, so Layer goes on with its own; make that one protected virtual and override it, or rename this one" },
        new() { Id = "ARCH0031", Setup = (Hiding.Text, Hiding.Replacement.Replace("public bool IsWide => false;", "[Tensor(\"Embd\")] public new partial RmsNorm AttnNorm { get; }")), Right = "public new partial RmsNorm AttnNorm", Wrong = "public partial RmsNorm [|AttnNorm|]", Message = "'AttnNorm' has the name of Layer.AttnNorm, but does not override it: it is inherited already; remove this one, or rename it" },
        new() { Id = "ARCH0031", Setup = Hiding, Right = "bool IsWide => false", Wrong = "string [|Prefix|] => \"\"", Message = "'Prefix' has the name of Block.Prefix, but does not override it: Block goes on with its own; rename this one, or write new if both are meant" },

        // Forms of declarations
        new() { Id = "ARCH0041", Right = "public partial Linear FfnUp { get; }", Wrong = "public partial Linear [|FfnUp|] { get; set; }", Message = "'FfnUp' can be set, but its value comes from the file; end its declaration with { get; }" },
        new() { Id = "ARCH0041", Right = "public partial Linear FfnUp { get; }", Wrong = "public partial Linear [|FfnUp|] { get; private set; }", Message = "'FfnUp' can be set, but its value comes from the file; end its declaration with { get; }" },
        new() { Id = "ARCH0041", Right = "public partial bool IsGated { get; }", Wrong = "public partial bool [|IsGated|] { get; init; }", Message = "'IsGated' can be set, but its value comes from the file; end its declaration with { get; }" },
        new() { Id = "ARCH0041", Right = "public partial Linear AttnOutput { get; }", Wrong = "public static partial Linear [|AttnOutput|] { get; }", Message = "'AttnOutput' is static, but each model has its own, which the generator makes; remove static" },
        new() { Id = "ARCH0041", Right = "public partial Linear AttnOutput { get; }", Wrong = "public required partial Linear [|AttnOutput|] { get; init; }", Message = "'AttnOutput' is required, but each model has its own, which the generator makes; remove required" },
        new() { Id = "ARCH0041", Right = "public partial Linear AttnOutput { get; }", Wrong = "public partial Linear [|AttnOutput|] => null!;", Message = "'AttnOutput' is implemented here, but the generator implements it; end its declaration with { get; }", Compiler = ["CS9249"] },
        new() { Id = "ARCH0041", Setup = ("AttnOutput.Of(Attention", "((Linear)AttnOutput).Of(Attention"), Right = "Linear AttnOutput { get; }", Wrong = "Linear [|attn_output|] { get; }\n        private Linear AttnOutput => attn_output;", Message = "'attn_output' does not begin with an upper-case letter, as every name of a declaration does; write AttnQ for attn_q: the tensor's name in the file follows from it, or is its Name = \"...\"" },
        new() { Id = "ARCH0041", Right = "public partial class Layer : Block\n    {", Wrong = "public partial class Layer : Block\n    {\n        public [|Layer|](int width)\n        {\n        }\n", Message = "'Layer' has no constructor that generated code can call without arguments; remove this one; what differs between files is a hyper-parameter" },
        new() { Id = "ARCH0041", Right = "public partial class Layer : Block\n    {", Wrong = "public partial class Layer : Block\n    {\n        private [|Layer|]()\n        {\n        }\n", Message = "'Layer' has no constructor that generated code can call without arguments; remove this one; what differs between files is a hyper-parameter" },
        new() { Id = "ARCH0041", Right = "partial class Tiny : DecoderModel", Wrong = "partial class [|Tiny|](int width) : DecoderModel", Message = "'Tiny' has no constructor that generated code can call without arguments; remove this one; what differs between files is a hyper-parameter", Compiler = [] },
        new() { Id = "ARCH0041", Right = "public partial class Layer : Block\n    {", Wrong = "public required int [|Width|] { get; set; }\n\n    public partial class Layer : Block\n    {", Message = "'Width' is required, but 'Tiny' is made by generated code, which has nothing to give it; remove required, or make it a hyper-parameter" },
        new() { Id = "ARCH0041", Setup = ("private Tensor FeedForward(Tensor h)\n        {\n            var up = FfnUp.Of(h);", "[Tensor(\"Embd\")] public partial Weight Shift { get; }\n\n        private Tensor FeedForward(Tensor h)\n        {\n            var up = FfnUp.Of(h * Shift);"), Right = "Weight Shift { get; }", Wrong = "Weight [|Bias|] { get; }\n        private Weight Shift => Bias;", Message = "'Bias' is a name that generated code has a meaning for; choose another; a tensor's name in the file is its Name = \"...\"" },
        new() { Id = "ARCH0041", Right = "public partial class Layer : Block", Wrong = "public override RopeKind [|RopeKind|] => RopeKind.Normal;\n\n    public partial class Layer : Block", Message = "'RopeKind' is a name that generated code has a meaning for; choose another; a tensor's name in the file is its Name = \"...\"" },
        new() { Id = "ARCH0041", Right = "public partial class Layer : Block", Wrong = "private Linear? _output = null;\n\n    public partial class Layer : Block", At = "Linear [|Output|] {", Message = "'_output' is the generated field of 'Output', and Tiny has another member of that name; rename one of them", Compiler = ["CS9248"] },

        // Arguments of a tensor's type
        new() { Id = "ARCH0042", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm", Wrong = "[Tensor(\"Embd\", Bias = [|Bias.Required|])] public partial RmsNorm AttnNorm", Message = "'AttnNorm' is of type RmsNorm, which has no Bias; leave it out, or make the type one of CausalConv, Experts, LayerNorm, Linear" },
        new() { Id = "ARCH0042", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm", Wrong = "[Tensor(\"Embd\", Scale = [|\"norm.scale\"|])] public partial RmsNorm AttnNorm", Message = "'AttnNorm' is of type RmsNorm, which has no Scale; leave it out, or make the type one of Experts, Linear" },
        new() { Id = "ARCH0042", Right = "[Tensor(\"Vocab, Embd\")] public partial Embedding", Wrong = "[Tensor(\"Vocab, Embd\", ScaleLast = [|true|])] public partial Embedding", Message = "'TokenEmbd' is of type Embedding, which has no ScaleLast; leave it out, or make the type one of Linear" },
        new() { Id = "ARCH0042", Right = "[Tensor(\"Ff, Embd\")] public partial Linear FfnUp", Wrong = "[Tensor(\"Ff, Embd\", Epsilon = [|nameof(RmsEpsilon)|])] public partial Linear FfnUp", Message = "'FfnUp' is of type Linear, which has no Epsilon; leave it out, or make the type one of LayerNorm, RmsNorm" },
        new() { Id = "ARCH0018", Right = "TiedTo = nameof(TokenEmbd)", Wrong = "TiedTo = [|nameof(OutputNorm)|]", Message = "TiedTo names 'OutputNorm', which is not an Embedding or a Linear, declared before this one, that every file has" },

        // Checkpoints
        new() { Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default", Wrong = "[HyperParameter(\"width\", Hf = \"hidden_size|[|cube(n_head)|]\", Default", Message = "'hidden_size|cube(n_head)' is not a source in config.json: 'cube' is no function; sqrt, roundup, set, if and period are" },
        new() { Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default", Wrong = "[HyperParameter(\"width\", Hf = [|\"hidden_size +\"|], Default", Message = "'hidden_size +' is not a source in config.json: a key or a number is missing at its end" },
        new() { Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default", Wrong = "[HyperParameter(\"width\", Hf = \"width\", Unless = \"[|1.2.3|]\", Default", Message = "'1.2.3' is not a source in config.json: '1.2.3' is no number" },
        new() { Id = "ARCH0044", Setup = Width, Right = "[HyperParameter(\"width\", Default", Wrong = "[HyperParameter(\"width\", Hf = \"kind\", Values = \"softmax=1|[|sigmoid|]\", Default", Message = "'softmax=1|sigmoid' is not what texts of config.json mean: 'sigmoid' is no text and its number, as in softmax=1" },
        new() { Id = "ARCH0044", Right = "[Architecture(", Wrong = "[Hf(nameof(HeadDim), \"hidden_size/[|)|]\")]\n[Architecture(", Message = "'hidden_size/)' is not a source in config.json: ')' is not expected here" },
        new() { Id = "ARCH0044", Right = "[Architecture(", Wrong = "[Writes(\"x\", \"[|'text|]\")]\n[Architecture(", Message = "''text' is not a source in config.json: a text ends with a single quote" },
        new() { Id = "ARCH0045", Setup = Claim, Right = ", Hf(nameof(Layer.FfnUp), \"up\")", Wrong = "", At = "Linear [|FfnUp|] {", Message = "No checkpoint of TinyForCausalLM can be converted: nothing says what 'FfnUp' is called there; add Hf = \"...\" to its attribute" },
        new() { Id = "ARCH0045", Setup = Claim, Right = ", Hf(nameof(Layers), \"layers.{i}\")", Wrong = "", At = "BlockList<Layer> [|Layers|] {", Message = "No checkpoint of TinyForCausalLM can be converted: nothing says what 'Layers' is called there; add Hf = \"...\" to its attribute" },
        new() { Id = "ARCH0045", Setup = Claim, Right = "[HyperParameter(\"gated\", Default = \"false\")]", Wrong = "[HyperParameter(\"gated\")]", At = "bool [|IsGated|] {", Message = "No checkpoint of TinyForCausalLM can be converted: nothing says what 'IsGated' is called there; add Hf = \"...\" to its attribute" },
    ];

    /// <summary>The part of the small architecture that begins and ends with these texts.</summary>
    private static string Between(string first, string last)
    {
        var start = TinyArchitecture.Source.IndexOf(first, StringComparison.Ordinal);
        return TinyArchitecture.Source[start..(TinyArchitecture.Source.IndexOf(last, start, StringComparison.Ordinal) + last.Length)];
    }
}
