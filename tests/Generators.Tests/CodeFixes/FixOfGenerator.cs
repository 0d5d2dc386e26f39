using ArchGen.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace ArchGen.Generators.Tests.CodeFixes;

/// <summary>
/// A source with marked diagnostics of the generator, <c>{|ARCH0005:Tiny|}</c>, and what the fixes make of it, applied as an editor applies them: one at
/// a time, and all at once.
/// </summary>
internal sealed class FixOfGenerator : CSharpCodeFixTest<EmptyDiagnosticAnalyzer, EmptyCodeFixProvider, DefaultVerifier>
{
    public static readonly CodeFixProvider[] Fixes = [new MakePartial(), new UseNearestName(), new RemoveUnused()];

    private FixOfGenerator(string source, string fixedSource, string? title)
    {
        TestCode = source;
        FixedCode = fixedSource;
        ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        TestState.AdditionalReferences.AddRange(GeneratorRun.References);
        // A generator's diagnostics are reported in generated code too, and a pragma does not keep it from reporting them.
        TestBehaviors = TestBehaviors.SkipGeneratedSourcesCheck | TestBehaviors.SkipGeneratedCodeCheck | TestBehaviors.SkipSuppressionCheck;
        // With one document, fixing all in the project or the solution is the same.
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInProjectCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck;
        CompilerDiagnostics = CompilerDiagnostics.None;
        if (title is not null) CodeActionVerifier = (action, verify) => verify.Equal(title, action.Title);
    }

    /// <summary>
    /// The marked diagnostics are reported and no others; the fixes, of the title where one is given, make <paramref name="fixedSource"/> of the source,
    /// and that is without errors and warnings.
    /// </summary>
    public static async Task VerifyFix(string source, string fixedSource, string? title = null)
    {
        await new FixOfGenerator(source, fixedSource, title).RunAsync(TestContext.Current.CancellationToken);
        GeneratorRun.Of(fixedSource).AssertClean();
    }

    /// <summary>The marked diagnostics are reported, and no fix is offered.</summary>
    public static Task VerifyNoFix(string source) => new FixOfGenerator(source, source, null).RunAsync(TestContext.Current.CancellationToken);

    protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => Fixes;

    protected override IEnumerable<Type> GetSourceGenerators() => [typeof(ArchitectureGenerator)];

    protected override ParseOptions CreateParseOptions() => GeneratorRun.Options;

    protected override CompilationOptions CreateCompilationOptions() => GeneratorRun.CompilationOptions;
}
