using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Tests.CodeFixes;

/// <summary>The one remedy of a diagnostic, applied as an editor applies it: the text is as expected, and nothing is left to report.</summary>
public class CodeFixTests
{
    /// <summary>Mistakes whose fix gives the text without the mistake.</summary>
    [Theory]
    [InlineData("public partial class Tiny", "public class {|ARCH0005:Tiny|}", "Make 'Tiny' partial")]
    [InlineData("public partial class Layer", "public class {|ARCH0005:Layer|}", "Make 'Layer' partial")]
    [InlineData("public partial Linear FfnUp", "public Linear {|ARCH0005:FfnUp|}", "Make 'FfnUp' partial")]
    [InlineData("public partial bool IsGated", "public bool {|ARCH0005:IsGated|}", "Make 'IsGated' partial")]
    [InlineData("[Tensor(\"3*Embd, Embd\")]", "[Tensor(\"3*{|ARCH0002:Emdb|}, Embd\")]", "Change Emdb to Embd")]
    [InlineData("[Tensor(\"Ff, Embd\")] public partial Linear FfnUp", "[Tensor(\"{|ARCH0002:Fff|}, Embd\")] public partial Linear FfnUp", "Change Fff to Ff")]
    [InlineData("Default = \"false\"", "Default = {|ARCH0018:\"fals\"|}", "Change \"fals\" to \"false\"")]
    public Task The_mistake_is_undone(string right, string wrong, string title) =>
        FixOfGenerator.VerifyFix(TinyArchitecture.With(right, wrong), TinyArchitecture.Source, title);

    [Theory]
    [InlineData("TiedTo = nameof(TokenEmbd)", "TiedTo = {|ARCH0018:\"TokenEmb\"|}", "TiedTo = \"TokenEmbd\"")]
    [InlineData("Count = nameof(BlockCount)", "Count = \"{|ARCH0002:BlockCounts|}\"", "Count = \"BlockCount\"")]
    [InlineData("[Tensor(\"Embd\")] public partial RmsNorm AttnNorm",
        "[Tensor(\"Embd\", Epsilon = {|ARCH0018:\"RmsEpsilom\"|})] public partial RmsNorm AttnNorm",
        "[Tensor(\"Embd\", Epsilon = \"RmsEpsilon\")] public partial RmsNorm AttnNorm")]
    [InlineData("public override Tensor Forward",
        "[Tensor(\"Embd\")] public partial RmsNorm {|ARCH0007:Lost|} { get; }\n\n    public override Tensor Forward", "public override Tensor Forward")]
    [InlineData("public partial class Layer",
        "[HyperParameter(\"unread\")] public partial int {|ARCH0008:Unread|} { get; }\n\n    public partial class Layer", "public partial class Layer")]
    [InlineData("public Tensor Forward(Tensor x)",
        "// What it remembers.\n        [State(\"Embd\")] public partial State {|ARCH0025:Memory|} { get; }\n\n        public Tensor Forward(Tensor x)",
        "public Tensor Forward(Tensor x)")]
    [InlineData("[Tensor(\"Embd, Ff\")]",
        "[Tensor(\"Embd, Ff\")] public partial Linear {|ARCH0007:Spare|} { get; } [Tensor(\"Embd, Ff\", Name = \"ffn_down\")]",
        "[Tensor(\"Embd, Ff\", Name = \"ffn_down\")]")]
    public Task The_fixed_text_is_clean(string right, string wrong, string remedied) =>
        FixOfGenerator.VerifyFix(TinyArchitecture.With(right, wrong), TinyArchitecture.With(right, remedied));

    /// <summary>A nameof of the wrong member keeps its form.</summary>
    [Fact]
    public Task A_nameof_stays_one()
    {
        string With(string name) => TinyArchitecture.With("[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate",
            $"[Tensor(\"Ff, Embd\", RequiredIf = {name})] public partial Linear? FfnGate")
            .Replace("private Tensor FeedForward", "public int IsGate => 1;\n\n        private Tensor FeedForward");
        return FixOfGenerator.VerifyFix(With("{|ARCH0018:nameof(IsGate)|}"), With("nameof(IsGated)"), "Change nameof(IsGate) to nameof(IsGated)");
    }

    [Fact]
    public Task No_near_name_no_fix() =>
        FixOfGenerator.VerifyNoFix(TinyArchitecture.With("[Tensor(\"3*Embd, Embd\")]", "[Tensor(\"3*{|ARCH0002:Breadth|}, Embd\")]"));

    /// <summary>Several mistakes of one kind, one at a time and all at once.</summary>
    [Fact]
    public Task All_at_once() => FixOfGenerator.VerifyFix(
        TinyArchitecture.With("public partial Linear FfnUp", "public Linear {|ARCH0005:FfnUp|}")
            .Replace("public partial Linear FfnDown", "public Linear {|ARCH0005:FfnDown|}")
            .Replace("public partial class Layer", "public class {|ARCH0005:Layer|}"),
        TinyArchitecture.Source);

    [Fact]
    public void Each_fix_is_of_diagnostics_that_there_are() =>
        Assert.Empty(FixOfGenerator.Fixes.SelectMany(f => f.FixableDiagnosticIds).Except(Generators.Diagnostics.Descriptors.All.Select(d => d.Id)));

    /// <summary>Every mistake of a fixable kind, as the tests of diagnostics know them: the first fix that is offered makes it go.</summary>
    public static TheoryData<string> Fixable =>
        [.. Mistakes.All.Where(m => FixOfGenerator.Fixes.Any(f => f.FixableDiagnosticIds.Contains(m.Id))).Select(m => m.ToString())];

    [Theory]
    [MemberData(nameof(Fixable))]
    public async Task Every_fixable_mistake_goes(string name)
    {
        var mistake = Mistakes.All.Single(m => m.ToString() == name);
        var text = await Fixed(mistake.WrongSource);
        if (text is null)
        {
            Assert.DoesNotContain("did you mean", mistake.Message, StringComparison.Ordinal);
            return;
        }

        GeneratorRun.Of(text).AssertClean();
    }

    /// <summary>The source with the one fix of its one diagnostic applied; null where no fix is offered.</summary>
    private static async Task<string?> Fixed(string source)
    {
        using var workspace = new AdhocWorkspace();
        var document = workspace.AddDocument(workspace.AddProject("Test", LanguageNames.CSharp).Id, "File0.cs", SourceText.From(source));
        var diagnostic = Assert.Single(GeneratorRun.Of(source).Diagnostics);
        var actions = new List<CodeAction>();
        foreach (var fix in FixOfGenerator.Fixes.Where(f => f.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        }

        if (actions.Count == 0) return null;
        var operation = (await Assert.Single(actions).GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        return (await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }
}
