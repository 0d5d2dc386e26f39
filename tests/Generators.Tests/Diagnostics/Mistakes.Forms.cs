namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of defaults, names and forms.</summary>
internal static partial class Mistakes
{
    /// <summary>Defaults and names.</summary>
    private static Mistake[] Defaulted =>
    [
        new()
        {
            Id = "ARCH0028", Right = "Default = \"false\"", Wrong = "Default = [|\"1\"|]",
            Message = "The default '1' of 'IsGated' is of type int, but 'IsGated' is of type bool; write true, false or a bool hyper-parameter",
        },
        new()
        {
            Id = "ARCH0028", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"1.5\"|]",
            Message = "The default '1.5' of 'Width' is of type float, but 'Width' is of type int; write a whole number, or an expression over hyper-parameters "
                + "that are",
        },
        new()
        {
            Id = "ARCH0028", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"true\"|]",
            Message = "The default 'true' of 'Width' is of type bool, but 'Width' is of type int; write a whole number, or an expression over hyper-parameters "
                + "that are",
        },
        new()
        {
            Id = "ARCH0028", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"RmsEpsilon\"|]",
            Message = "The default 'RmsEpsilon' of 'Width' is of type float, but 'Width' is of type int; write a whole number, or an expression over "
                + "hyper-parameters that are",
        },
        new()
        {
            Id = "ARCH0028", Right = "[Architecture(", Wrong = "[Default(nameof(HeadDim), [|\"1.5\"|])]\n[Architecture(",
            Message = "The default '1.5' of 'HeadDim' is of type float, but 'HeadDim' is of type int; write a whole number, or an expression over "
                + "hyper-parameters that are",
        },
        new()
        {
            Id = "ARCH0002", Right = "[Architecture(", Wrong = "[Default(nameof(HeadDim), \"2*[|Headz|]\")]\n[Architecture(",
            Message = "'Headz' is not a numeric hyper-parameter of Tiny; did you mean 'Heads'?",
        },
        new()
        {
            Id = "ARCH0029", Right = "[Architecture(", Wrong = "[Default(nameof(HeadDim), [|\"2*HeadDim\"|])]\n[Architecture(",
            Message = "The default of 'HeadDim' depends on itself (HeadDim -> HeadDim); give one of these a number as its default, or none",
        },
        new()
        {
            Id = "ARCH0029", Setup = Width, Right = "\"Embd/Heads\"", Wrong = "[|\"2*Width\"|]",
            Message = "The default of 'Width' depends on itself (Width -> Width); give one of these a number as its default, or none",
        },
        new()
        {
            Id = "ARCH0029",
            Setup = (Width.Text,
                Width.Replacement
                + "\n    [HyperParameter(\"height\", Default = \"Width\")] public partial int Height { get; }\n    public int Area => Width*Height;"),
            Right = "\"Embd/Heads\"", Wrong = "[|\"Height\"|]",
            Message = "The default of 'Width' depends on itself (Width -> Height -> Width); give one of these a number as its default, or none",
        },
        new()
        {
            Id = "ARCH0030", Right = "[Tensor(\"Embd, Ff\")]", Wrong = "[Tensor(\"Embd, Ff\", Name = [|\"ffn\\\"down\"|])]",
            Message = "'ffn_down' cannot be a name in a file: it has a quote at position 4; names are made of letters, digits and signs such as '.', '_' and "
                + "'-'",
        },
        new()
        {
            Id = "ARCH0030", Right = "\"tiny\"", Wrong = "[|\"ti\\\\ny\"|]",
            Message = "'ti_ny' cannot be a name in a file: it has a backslash at position 3; names are made of letters, digits and signs such as '.', '_' and "
                + "'-'",
        },
        new()
        {
            Id = "ARCH0030", Right = "\"gated\"", Wrong = "[|\"ga\\nted\"|]",
            Message = "'ga_ted' cannot be a name in a file: it has the character U+000A at position 3; names are made of letters, digits and signs such as "
                + "'.', '_' and '-'",
        },
        new()
        {
            Id = "ARCH0030", Right = "[Tensor(\"Embd, Ff\")]", Wrong = "[Tensor(\"Embd, Ff\", Hf = [|\"a||b\"|])]",
            Message = "'' cannot be a name in a file: it is empty; names are made of letters, digits and signs such as '.', '_' and '-'",
        },
        new()
        {
            Id = "ARCH0011", Setup = ("[Tensor(\"Embd, Ff\")]", "[Tensor(\"Embd, Ff\", Hf = \"mlp.down\")]"),
            Right = "[Tensor(\"Embd, Embd\")] public partial Linear AttnOutput",
            Wrong = "[Tensor(\"Embd, Embd\", Hf = \"attn.out|mlp.down\")] public partial Linear AttnOutput", At = "Linear [|FfnDown|] {",
            Message = "'AttnOutput' and 'FfnDown' both have the name 'mlp.down.weight'",
        },
        new()
        {
            Id = "ARCH0011", Setup = Shift, Right = "[Tensor(\"Embd, Ff\")]", Wrong = "[Tensor(\"Embd, Ff\", Bias = Bias.Required)]", At = "Weight [|Shift|] {",
            Message = "'FfnDown' and 'Shift' both have the name 'ffn_down.bias'",
        },
        new()
        {
            Id = "ARCH0014", Right = "\"blk.{i}\"", Wrong = "[|\"blk\"|]",
            Message = "The list of blocks 'Layers' has no pattern: every block would be named 'blk'; write {i} where its number stands, as in blk.{i}",
        },
        new()
        {
            Id = "ARCH0031", Setup = Hiding, Right = "Tensor Feed(", Wrong = "Tensor [|FeedForward|](",
            Message = "'FeedForward' has the name of Layer.FeedForward, but does not override it: it is private there, so Layer goes on with its own; make "
                + "that one protected virtual and override it, or rename this one",
        },
        new()
        {
            Id = "ARCH0031",
            Setup = (Hiding.Text, Hiding.Replacement.Replace("public bool IsWide => false;",
                "[Tensor(\"Embd\")] public new partial RmsNorm AttnNorm { get; }")),
            Right = "public new partial RmsNorm AttnNorm", Wrong = "public partial RmsNorm [|AttnNorm|]",
            Message = "'AttnNorm' has the name of Layer.AttnNorm, but does not override it: it is inherited already; remove this one, or rename it",
        },
        new()
        {
            Id = "ARCH0031", Setup = Hiding, Right = "bool IsWide => false", Wrong = "string [|Prefix|] => \"\"",
            Message = "'Prefix' has the name of Block.Prefix, but does not override it: Block goes on with its own; rename this one, or write new if both are "
                + "meant",
        },
    ];

    /// <summary>Forms of declarations.</summary>
    private static Mistake[] Forms =>
    [
        new()
        {
            Id = "ARCH0041", Right = "public partial Linear FfnUp { get; }", Wrong = "public partial Linear [|FfnUp|] { get; set; }",
            Message = "'FfnUp' can be set, but its value comes from the file; end its declaration with { get; }",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial Linear FfnUp { get; }", Wrong = "public partial Linear [|FfnUp|] { get; private set; }",
            Message = "'FfnUp' can be set, but its value comes from the file; end its declaration with { get; }",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial bool IsGated { get; }", Wrong = "public partial bool [|IsGated|] { get; init; }",
            Message = "'IsGated' can be set, but its value comes from the file; end its declaration with { get; }",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial Linear AttnOutput { get; }", Wrong = "public static partial Linear [|AttnOutput|] { get; }",
            Message = "'AttnOutput' is static, but each model has its own, which the generator makes; remove static",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial Linear AttnOutput { get; }", Wrong = "public required partial Linear [|AttnOutput|] { get; init; }",
            Message = "'AttnOutput' is required, but each model has its own, which the generator makes; remove required",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial Linear AttnOutput { get; }", Wrong = "public partial Linear [|AttnOutput|] => null!;",
            Message = "'AttnOutput' is implemented here, but the generator implements it; end its declaration with { get; }",
            Compiler = ["CS9249"],
        },
        new()
        {
            Id = "ARCH0041", Setup = ("AttnOutput.Of(Attention", "((Linear)AttnOutput).Of(Attention"), Right = "Linear AttnOutput { get; }",
            Wrong = "Linear [|attn_output|] { get; }\n        private Linear AttnOutput => attn_output;",
            Message = "'attn_output' does not begin with an upper-case letter, as every name of a declaration does; write AttnQ for attn_q: the tensor's name "
                + "in the file follows from it, or is its Name = \"...\"",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial class Layer : Block\n    {",
            Wrong = "public partial class Layer : Block\n    {\n        public [|Layer|](int width)\n        {\n        }\n",
            Message = "'Layer' has no constructor that generated code can call without arguments; remove this one; what differs between files is a "
                + "hyper-parameter",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial class Layer : Block\n    {",
            Wrong = "public partial class Layer : Block\n    {\n        private [|Layer|]()\n        {\n        }\n",
            Message = "'Layer' has no constructor that generated code can call without arguments; remove this one; what differs between files is a "
                + "hyper-parameter",
        },
        new()
        {
            Id = "ARCH0041", Right = "partial class Tiny : DecoderModel", Wrong = "partial class [|Tiny|](int width) : DecoderModel",
            Message = "'Tiny' has no constructor that generated code can call without arguments; remove this one; what differs between files is a "
                + "hyper-parameter",
            Compiler = [],
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial class Layer : Block\n    {",
            Wrong = "public required int [|Width|] { get; set; }\n\n    public partial class Layer : Block\n    {",
            Message = "'Width' is required, but 'Tiny' is made by generated code, which has nothing to give it; remove required, or make it a hyper-parameter",
        },
        new()
        {
            Id = "ARCH0041",
            Setup = ("private Tensor FeedForward(Tensor h)\n        {\n            var up = FfnUp.Of(h);",
                "[Tensor(\"Embd\")] public partial Weight Shift { get; }\n\n        private Tensor FeedForward(Tensor h)\n        {\n            var up = "
                + "FfnUp.Of(h * Shift);"),
            Right = "Weight Shift { get; }", Wrong = "Weight [|Bias|] { get; }\n        private Weight Shift => Bias;",
            Message = "'Bias' is a name that generated code has a meaning for; choose another; a tensor's name in the file is its Name = \"...\"",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial class Layer : Block",
            Wrong = "public override RopeKind [|RopeKind|] => RopeKind.Interleaved;\n\n    public partial class Layer : Block",
            Message = "'RopeKind' is a name that generated code has a meaning for; choose another; a tensor's name in the file is its Name = \"...\"",
        },
        new()
        {
            Id = "ARCH0041", Right = "public partial class Layer : Block", Wrong = "private Linear? _output = null;\n\n    public partial class Layer : Block",
            At = "Linear [|Output|] {",
            Message = "'_output' is the generated field of 'Output', and Tiny has another member of that name; rename one of them",
            Compiler = ["CS9248"],
        },
    ];
}
