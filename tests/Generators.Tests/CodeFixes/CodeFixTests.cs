using System.Collections.Immutable;
using ArchGen.CodeFixes;
using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Tests.CodeFixes;

/// <summary>The one remedy of a diagnostic, applied as an editor applies it: the text is as expected, and nothing is left to report.</summary>
public class CodeFixTests
{
    internal static readonly CodeFixProvider[] Fixes = [new MakePartial(), new UseNearestName(), new AddEpsilon(), new RemoveUnused()];

    /// <summary>Mistakes whose fix gives the text without the mistake.</summary>
    [Theory]
    [InlineData("public partial class Tiny", "public class Tiny", "Make 'Tiny' partial")]
    [InlineData("public partial class Layer", "public class Layer", "Make 'Layer' partial")]
    [InlineData("public partial Linear FfnUp", "public Linear FfnUp", "Make 'FfnUp' partial")]
    [InlineData("public partial bool IsGated", "public bool IsGated", "Make 'IsGated' partial")]
    [InlineData("[Tensor(\"3*Embd, Embd\")]", "[Tensor(\"3*Emdb, Embd\")]", "Change Emdb to Embd")]
    [InlineData("[Tensor(\"Ff, Embd\")] public partial Linear FfnUp", "[Tensor(\"Fff, Embd\")] public partial Linear FfnUp", "Change Fff to Ff")]
    [InlineData("Default = \"false\"", "Default = \"fals\"", "Change \"fals\" to \"false\"")]
    [InlineData(", Epsilon = nameof(RmsEpsilon)", "", "Add Epsilon = nameof(RmsEpsilon) to [Architecture]")]
    public async Task The_mistake_is_undone(string right, string wrong, string title)
    {
        var source = TinyArchitecture.With(right, wrong);
        var (fixedSource, offered) = await Apply(source);
        Assert.Equal(title, offered);
        Assert.Equal(TinyArchitecture.Source, fixedSource);
    }

    [Theory]
    [InlineData("TiedTo = nameof(TokenEmbd)", "TiedTo = \"TokenEmb\"", "TiedTo = \"TokenEmbd\"")]
    [InlineData("Count = nameof(BlockCount)", "Count = \"BlockCounts\"", "Count = \"BlockCount\"")]
    [InlineData("[Tensor(\"Embd\")] public partial RmsNorm AttnNorm", "[Tensor(\"Embd\", Epsilon = \"RmsEpsilom\")] public partial RmsNorm AttnNorm",
        "[Tensor(\"Embd\", Epsilon = \"RmsEpsilon\")] public partial RmsNorm AttnNorm")]
    [InlineData("public override Tensor Forward", "[Tensor(\"Embd\")] public partial RmsNorm Lost { get; }\n\n    public override Tensor Forward",
        "public override Tensor Forward")]
    [InlineData("public partial class Layer", "[HyperParameter(\"unread\")] public partial int Unread { get; }\n\n    public partial class Layer",
        "public partial class Layer")]
    [InlineData("public Tensor Forward(Tensor x)",
        "// What it remembers.\n        [State(\"Embd\")] public partial State Memory { get; }\n\n        public Tensor Forward(Tensor x)",
        "public Tensor Forward(Tensor x)")]
    [InlineData("[Tensor(\"Embd, Ff\")]", "[Tensor(\"Embd, Ff\")] public partial Linear Spare { get; } [Tensor(\"Embd, Ff\", Name = \"ffn_down\")]",
        "[Tensor(\"Embd, Ff\", Name = \"ffn_down\")]")]
    public async Task The_fixed_text_is_clean(string right, string wrong, string remedied)
    {
        var (fixedSource, _) = await Apply(TinyArchitecture.With(right, wrong));
        Assert.Equal(TinyArchitecture.With(right, remedied), fixedSource);
    }

    [Fact]
    public async Task A_layer_norm_gets_the_epsilon_of_layer_norms()
    {
        var source = TinyArchitecture.Source.Replace("RmsNorm", "LayerNorm").Replace("nameof(RmsEpsilon)", "nameof(LayerNormEpsilon)");
        var (fixedSource, title) = await Apply(TinyArchitecture.Replace(source, ", Epsilon = nameof(LayerNormEpsilon)", ""));
        Assert.Equal("Add Epsilon = nameof(LayerNormEpsilon) to [Architecture]", title);
        Assert.Equal(source, fixedSource);
    }

    /// <summary>A nameof of the wrong member keeps its form.</summary>
    [Fact]
    public async Task A_nameof_stays_one()
    {
        var (fixedSource, title) = await Apply(TinyArchitecture.With("[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate",
            "[Tensor(\"Ff, Embd\", RequiredIf = nameof(IsGate))] public partial Linear? FfnGate")
            .Replace("private Tensor FeedForward", "public int IsGate => 1;\n\n        private Tensor FeedForward"));
        Assert.Equal("Change nameof(IsGate) to nameof(IsGated)", title);
        Assert.Contains("RequiredIf = nameof(IsGated))", fixedSource, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_near_name_no_fix()
    {
        var source = TinyArchitecture.With("[Tensor(\"3*Embd, Embd\")]", "[Tensor(\"3*Breadth, Embd\")]");
        Assert.Equal(["ARCH0002"], GeneratorRun.Of(source).Diagnostics.Select(d => d.Id));
        Assert.Null(await Offer(source));
    }

    /// <summary>All mistakes of one kind at once, as "fix all" has it.</summary>
    [Fact]
    public async Task All_at_once()
    {
        var source = TinyArchitecture.With("public partial Linear FfnUp", "public Linear FfnUp")
            .Replace("public partial Linear FfnDown", "public Linear FfnDown").Replace("public partial class Layer", "public class Layer");
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source);
        var diagnostics = GeneratorRun.Of(source).Diagnostics;
        Assert.Equal(["ARCH0005", "ARCH0005", "ARCH0005"], diagnostics.Select(d => d.Id));
        var fix = new MakePartial();
        var context = new FixAllContext(document, fix, FixAllScope.Document, nameof(MakePartial), ["ARCH0005"], new Known(diagnostics, document),
            CancellationToken.None);
        var action = await fix.GetFixAllProvider()!.GetFixAsync(context);
        Assert.Equal(TinyArchitecture.Source, await TextAfter(action!, document));
    }

    [Fact]
    public void Each_fix_is_of_diagnostics_that_there_are() =>
        Assert.Empty(Fixes.SelectMany(f => f.FixableDiagnosticIds).Except(Generators.Diagnostics.Descriptors.All.Select(d => d.Id)));

    /// <summary>Every mistake of a fixable kind, as the tests of diagnostics know them: the first fix that is offered makes it go.</summary>
    public static TheoryData<string> Fixable => [.. Mistakes.All.Where(m => Fixes.Any(f => f.FixableDiagnosticIds.Contains(m.Id))).Select(m => m.ToString())];

    [Theory]
    [MemberData(nameof(Fixable))]
    public async Task Every_fixable_mistake_goes(string name)
    {
        var mistake = Mistakes.All.Single(m => m.ToString() == name);
        var offer = await Offer(mistake.WrongSource);
        if (offer is null)
        {
            Assert.DoesNotContain("did you mean", mistake.Message, StringComparison.Ordinal);
            return;
        }

        GeneratorRun.Of(offer.Value.Text).AssertClean();
    }

    private static async Task<(string Text, string Title)> Apply(string source)
    {
        var offer = await Offer(source);
        Assert.NotNull(offer);
        GeneratorRun.Of(offer.Value.Text).AssertClean();
        return offer.Value;
    }

    private static async Task<(string Text, string Title)?> Offer(string source)
    {
        using var workspace = new AdhocWorkspace();
        var document = Open(workspace, source);
        var diagnostic = Assert.Single(GeneratorRun.Of(source).Diagnostics);
        var actions = new List<CodeAction>();
        foreach (var fix in Fixes.Where(f => f.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        }

        return actions.Count == 0 ? null : (await TextAfter(Assert.Single(actions), document), actions[0].Title);
    }

    private static Document Open(AdhocWorkspace workspace, string source)
    {
        var project = workspace.AddProject("Test", LanguageNames.CSharp);
        return workspace.AddDocument(project.Id, "File0.cs", SourceText.From(source));
    }

    private static async Task<string> TextAfter(CodeAction action, Document document)
    {
        var operation = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        return (await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }

    /// <summary>The generator's diagnostics, moved to the document's own tree.</summary>
    private sealed class Known(IEnumerable<Diagnostic> diagnostics, Document document) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document of, CancellationToken cancellation)
        {
            var tree = (await document.GetSyntaxTreeAsync(cancellation))!;
            return diagnostics.Select(d => Diagnostic.Create(d.Descriptor, Location.Create(tree, d.Location.SourceSpan), d.Properties));
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellation) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellation) =>
            GetDocumentDiagnosticsAsync(document, cancellation);
    }
}
