namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Mistakes of graphs beside that of the forward pass.</summary>
internal static partial class Mistakes
{
    private const string Draft = "public Tensor Draft(Tokens tokens, [Rows(\"T, Embd\")] Tensor rows) => "
        + "Output.Of(OutputNorm.Of(rows + TokenEmbd.Of(tokens)));";
    private const string Main = "public override Tensor Forward(Tokens tokens)";

    /// <summary>A second graph.</summary>
    private static (string Text, string Replacement) Drafting => (Main, $"[Graph(\"draft\")] {Draft}\n\n    {Main}");

    private static Mistake[] Graphs =>
    [
        new()
        {
            Id = "ARCH0011", Setup = Drafting, Right = Main,
            Wrong = $"[Graph([|\"draft\"|])] public Tensor Rows(Tokens tokens) => TokenEmbd.Of(tokens);\n\n    {Main}",
            Message = "'Draft' and 'Rows' both have the name 'draft'",
        },
        new()
        {
            Id = "ARCH0049", Setup = Drafting, Right = Main,
            Wrong = $"[Graph(\"rows\")] public Tensor [|Draft|](Tokens tokens) => TokenEmbd.Of(tokens);\n\n    {Main}",
            Message = "'Draft' is the method of two graphs; give one of them another name",
        },
        new()
        {
            Id = "ARCH0049", Right = Main, Wrong = "[Graph(\"main\")] public override Tensor [|Forward|](Tokens tokens)",
            Message = "'Forward' is the graph without a name; remove [Graph], or give the method another name",
        },
        new()
        {
            Id = "ARCH0049", Setup = Drafting, Right = "[Graph(\"draft\")]", Wrong = "[Graph([|\"The draft\"|])]",
            Message = "'The draft' is not the name of a graph; use lower-case letters, digits and -",
        },
        new()
        {
            Id = "ARCH0049", Setup = Drafting, Right = "[Graph(\"draft\")]", Wrong = "[Graph(\"draft\", Tokens = [|\"N\"|])]",
            Message = "'N' is no dimension of tokens; write T or S",
        },
        new()
        {
            Id = "ARCH0049", Setup = Drafting, Right = "public Tensor Draft(", Wrong = "private Tensor [|Draft|](",
            Message = "'Draft' has [Graph], so it must be a public method of the model, and not generic; write public Tensor Draft(Tokens tokens)",
        },
        new()
        {
            Id = "ARCH0049", Setup = Drafting, Right = Draft, Wrong = "public Tokens [|Draft|](Tokens tokens) => tokens;",
            Message = "'Draft' has [Graph], so it returns one Tensor; return logits or embeddings",
        },
        new()
        {
            Id = "ARCH0049", Setup = Drafting, Right = "Draft(Tokens tokens, [Rows(\"T, Embd\")] Tensor rows)",
            Wrong = "[|Draft|](Tokens tokens, Tensor rows, int count)",
            Message = "'Draft' has [Graph], so it takes the tokens, and perhaps rows of another graph; write Draft(Tokens tokens) or "
                + "Draft(Tokens tokens, Tensor rows)",
        },
        new()
        {
            Id = "ARCH0049", Setup = Drafting, Right = "[Rows(\"T, Embd\")]", Wrong = "[Rows([|\"Embd\"|])]",
            Message = "'Embd' is no shape of rows; write T, Embd for a row of each token, or S, Embd for rows that are attended to",
        },
        new()
        {
            Id = "ARCH0049", Right = "public Tensor Forward(Tensor x)", Wrong = "[Graph(\"layer\")] public Tensor [|Forward|](Tensor x)",
            Message = "'Forward' has [Graph], but it is a method of the block Layer; declare it in Tiny",
        },
        new()
        {
            Id = "ARCH0002", Setup = Drafting, Right = "[Rows(\"T, Embd\")]", Wrong = "[Rows(\"T, [|Emdb|]\")]",
            Message = "'Emdb' is not a numeric hyper-parameter of Tiny; did you mean 'Embd'?",
        },
        new()
        {
            Id = "ARCH0001", Setup = Drafting, Right = "rows + TokenEmbd.Of(tokens)", Wrong = "Concat(rows, rows) + [|TokenEmbd.Of(tokens)|]",
            Message = "add of [T, 2*Embd] and [T, Embd]: 2*Embd and Embd differ (add: a [T, 2*Embd], b [T, Embd])",
        },
        new()
        {
            Id = "ARCH0035", Setup = Drafting, Right = "Output.Of(OutputNorm.Of(rows + TokenEmbd.Of(tokens)))",
            Wrong = "[|Sum(rows + TokenEmbd.Of(tokens))|]",
            Message = "Tiny.Draft returns [T, 1], but a model returns logits [T, Vocab], or embeddings [T, Embd]; end with the output tensor, as in "
                + "Output.Of(x)",
        },
        new()
        {
            Id = "ARCH0041", Right = Main, Wrong = $"protected override Tensor [|Rank|](Tensor row) => row;\n\n    {Main}",
            Message = "'Rank' is a ranking head, but nothing says which files of Tiny are rankers; let the class name IRankerSizes, or a part that does",
        },
        new()
        {
            Id = "ARCH0041", Setup = Drafting, Right = Main, Wrong = $"public int [|BuildDraft|] => 1;\n\n    {Main}",
            Message = "'BuildDraft' is a name that generated code has a meaning for; choose another; a tensor's name in the file is its Name = \"...\"",
        },
    ];
}
