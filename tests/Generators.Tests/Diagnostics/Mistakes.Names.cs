namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of names and expressions.</summary>
internal static partial class Mistakes
{
    /// <summary>Names and expressions.</summary>
    private static Mistake[] Names =>
    [
        new()
        {
            Id = "ARCH0002", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"3*[|Emdb|], Embd\")]",
            Message = "'Emdb' is not a numeric hyper-parameter of Tiny; did you mean 'Embd'?",
        },
        new()
        {
            Id = "ARCH0002", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"3*Embd, [|Breadth|]\")]",
            Message = "'Breadth' is not a numeric hyper-parameter of Tiny",
        },
        new()
        {
            Id = "ARCH0002", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"[|IsGated|], Embd\")]",
            Message = "'IsGated' is not a numeric hyper-parameter of Tiny",
        },
        new()
        {
            Id = "ARCH0018", Right = "Default = \"false\"", Wrong = "Default = [|\"fals\"|]",
            Message = "Default names 'fals', which is not true, false or a bool hyper-parameter; did you mean 'false'?",
        },
        new()
        {
            Id = "ARCH0002",
            Setup = ("[HyperParameter(\"gated\", Default = \"false\")] public partial bool IsGated { get; }",
                "[HyperParameter(\"width\", Default = \"Embd/Heads\")] public partial int Width { get; }\n\n    public bool IsGated => Width > 64;"),
            Right = "Embd/Heads", Wrong = "Embd/[|Hedas|]",
            Message = "'Hedas' is not a numeric hyper-parameter of Tiny; did you mean 'Heads'?",
        },
        new()
        {
            Id = "ARCH0002", Right = "Count = nameof(BlockCount)", Wrong = "Count = \"[|BlockCounts|]\"",
            Message = "'BlockCounts' is not a numeric hyper-parameter of Tiny; did you mean 'BlockCount'?",
        },
        new()
        {
            Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"[|3*|], Embd\")]",
            Message = "'3*' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed",
        },
        new()
        {
            Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"3*Embd, [|Sqrt(Embd)|]\")]",
            Message = "'Sqrt(Embd)' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed",
        },
        new()
        {
            Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor([|\"\"|])]",
            Message = "'' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed",
        },
        new()
        {
            Id = "ARCH0003", Right = "[Tensor(\"3*Embd, Embd\")]", Wrong = "[Tensor(\"[|Embd/0|], Embd\")]",
            Message = "'Embd/0' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed",
        },
        new()
        {
            Id = "ARCH0018", Right = "TiedTo = nameof(TokenEmbd)", Wrong = "TiedTo = [|\"TokenEmb\"|]",
            Message = "TiedTo names 'TokenEmb', which is not an Embedding or a Linear, declared before this one, that every file has; did you mean "
                + "'TokenEmbd'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Tensor(\"Embd\")] public partial RmsNorm OutputNorm",
            Wrong = "[Tensor(\"Embd\", Epsilon = [|nameof(TokenEmbd)|])] public partial RmsNorm OutputNorm",
            Message = "Epsilon names 'TokenEmbd', which is not a numeric hyper-parameter",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm",
            Wrong = "[Tensor(\"Embd\", Epsilon = [|\"RmsEpsilom\"|])] public partial RmsNorm AttnNorm",
            Message = "Epsilon names 'RmsEpsilom', which is not a numeric hyper-parameter; did you mean 'RmsEpsilon'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate",
            Wrong = "[Tensor(\"Ff, Embd\", RequiredIf = [|\"IsGate\"|])] public partial Linear? FfnGate",
            Message = "RequiredIf names 'IsGate', which is not a bool property of the block or the model; did you mean 'IsGated'?",
        },
        new()
        {
            Id = "ARCH0018", Setup = (Kinds.Text, "[When(nameof(IsGated))]\n    " + Kinds.Replacement), Right = "nameof(IsGated)",
            Wrong = "[|nameof(BlockCount)|]",
            Message = "[When] names 'BlockCount', which is not a bool property, a LayerPattern or a bool method of one int in Tiny, or a tensor of GatedLayer",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[Hf([|\"AttnNrm\"|], \"norm\")]\n[Architecture(",
            Message = "[Hf] names 'AttnNrm', which is not a tensor, a list of blocks or a hyper-parameter; did you mean 'AttnNorm'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[Untied([|nameof(Output)|])]\n[Architecture(",
            Message = "[Untied] names 'Output', which is not an inherited tensor that is tied to another one",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[HfTensor([|\"IsGate\"|], \"gated\")]\n[Architecture(",
            Message = "[HfTensor] names 'IsGate', which is not a hyper-parameter; did you mean 'IsGated'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[HfTensor(\"IsGated\", \"gated\", From = [|\"OnePlu\"|])]\n[Architecture(",
            Message = "From names 'OnePlu', which is not a method of the architecture that takes and returns Weights; did you mean 'OnePlus'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[Default([|\"RopeFreqBas\"|], \"1\")]\n[Architecture(",
            Message = "[Default] names 'RopeFreqBas', which is not an inherited hyper-parameter; did you mean 'RopeFreqBase'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[Default([|nameof(IsGated)|], \"true\")]\n[Architecture(",
            Message = "[Default] names 'IsGated', which is not an inherited hyper-parameter",
        },
        new()
        {
            Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")", Wrong = "ConfigDefaults(\"[|hidden_sise|]=64\")",
            Message = "[ConfigDefaults] names 'hidden_sise', which is not a key of config.json that this architecture reads; did you mean 'hidden_size'?",
        },
        new()
        {
            Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")", Wrong = "ConfigDefaults(\"[|hidden_size|]\")",
            Message = "[ConfigDefaults] names 'hidden_size', which is not a key and its value, such as rope_theta=10000",
        },
        new()
        {
            Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")", Wrong = "ConfigDefaults(\"[|hidden_size|]=64|hidden_size=32\")",
            Message = "[ConfigDefaults] names 'hidden_size', which is not named once here",
        },
        new()
        {
            Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")",
            Wrong = "ConfigDefaults(\"hidden_size=64\", For = \"[|TinyForCasualLM|]\")",
            Message = "[ConfigDefaults] names 'TinyForCasualLM', which is not a class that [HuggingFace] or [TextOf] names; did you mean 'TinyForCausalLM'?",
        },
        new()
        {
            Id = "ARCH0018", Setup = Defaults, Right = "ConfigDefaults(\"hidden_size=64\")",
            Wrong = "Hf(nameof(Ff), \"n_inner\", For = \"TinyForCausalLM|[|TinyModell|]\"), ConfigDefaults(\"hidden_size=64\")",
            Message = "[Hf] names 'TinyModell', which is not a class that [HuggingFace] or [TextOf] names",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[HfFused(\"norms\", [|\"AttnNrm\"|])]\n[Architecture(",
            Message = "[HfFused] names 'AttnNrm', which is not a tensor; did you mean 'AttnNorm'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[HfFrom(nameof(OnePlus), [|\"AttnNrm\"|])]\n[Architecture(",
            Message = "[HfFrom] names 'AttnNrm', which is not a tensor; did you mean 'AttnNorm'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(",
            Wrong = "[HfFused(\"norms\", \"AttnNorm\", \"OutputNorm\"), HfFrom(nameof(OnePlus), \"AttnOutput\", [|\"AttnNorm\"|])]\n[Architecture(",
            Message = "[HfFrom] names 'AttnNorm', which is not in a module of its own: [HfFused] names it too",
        },
        new()
        {
            Id = "ARCH0041", Right = "[Architecture(", Wrong = "[[|HfFrom(nameof(OnePlus))|]]\n[Architecture(",
            Message = "[HfFrom] names no tensor; add those that it holds for: nameof(AttnQ)",
        },
        new()
        {
            Id = "ARCH0041", Right = "[Architecture(", Wrong = "[[|HfFused(\"qkv\")|]]\n[Architecture(",
            Message = "[HfFused] names no tensor; add those that it holds for: nameof(AttnQ)",
        },
        new()
        {
            Id = "ARCH0031", Right = "[HyperParameter(\"gated\", Default",
            Wrong = "[HyperParameter(\"rope.base\", Default = \"10000\")] public new partial float [|RopeFreqBase|] { get; }\n"
                + "    [HyperParameter(\"gated\", Default",
            Message = "'RopeFreqBase' has the name of DecoderModel.RopeFreqBase, but does not override it: the layers of bases go on with theirs; restate "
                + "its source with [Hf] or its default with [Default] on the class, or rename this one",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Architecture(", Wrong = "[HfFrom([|\"OneplusW\"|], \"AttnNorm\")]\n[Architecture(",
            Message = "[HfFrom] names 'OneplusW', which is not a method of the architecture that takes and returns Weights; did you mean 'OnePlus'?",
        },
        new()
        {
            Id = "ARCH0018", Right = "[Tensor(\"Embd\")] public partial RmsNorm AttnNorm",
            Wrong = "[Tensor(\"Embd\", From = [|\"OneplusW\"|])] public partial RmsNorm AttnNorm",
            Message = "From names 'OneplusW', which is not a method of the architecture that takes and returns Weights; did you mean 'OnePlus'?",
        },
        new()
        {
            Id = "ARCH0011", Right = "[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate",
            Wrong = "[Tensor(\"Ff, Embd\", Name = \"ffn_up\")] public partial Linear? [|FfnGate|]",
            Message = "'FfnUp' and 'FfnGate' both have the name 'ffn_up.weight'",
        },
        new()
        {
            Id = "ARCH0011", Setup = Width, Right = "[HyperParameter(\"width\"", Wrong = "[HyperParameter([|\"attention.head_count\"|]",
            Message = "'Heads' and 'Width' both have the name 'attention.head_count'",
        },
    ];
}
