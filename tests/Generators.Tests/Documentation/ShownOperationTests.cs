extern alias Dsl;

using System.Reflection;
using System.Text.RegularExpressions;
using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpAttribute = Dsl::ArchGen.OpAttribute;

namespace ArchGen.Generators.Tests.Documentation;

/// <summary>The operations in docs/language.md: each row's example compiles among the declarations of docs/language/Examples.cs, and calls the row's.</summary>
public partial class ShownOperationTests
{
    private const string LayerPlace = "// An example of a layer.\n", ModelPlace = "// An example of a model.\n", Result = "shown";

    private static readonly IReadOnlyList<(IReadOnlyList<string> Words, IReadOnlyList<string> Examples)> Rows =
    [
        .. new DocsPage("language.md").Sections(2)["Functions and operators"].Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => CellBorder().Split(l.Trim('|', ' '))).Select(cells => (Spans(cells[0]), Spans(cells[2]))),
    ];

    private static readonly Lazy<GeneratorRun> Compiled = new(() => GeneratorRun.Of(
        File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs", "language", "Examples.cs"))
            .Replace(LayerPlace, Written(isModel: false), StringComparison.Ordinal).Replace(ModelPlace, Written(isModel: true), StringComparison.Ordinal)));

    /// <summary>The one thing that is reported of each is that nobody reads its result: it was read, and has a shape.</summary>
    [Fact]
    public void The_examples_compile()
    {
        var run = Compiled.Value;
        Assert.Empty(run.Reported.Where(d => d.Id != "ARCH0012").Select(d => d.ToString()));
        // A tuple may be unread.
        Assert.Equal(Rows.Sum(r => r.Examples.Count(e => !e.Contains(".Split(", StringComparison.Ordinal))), run.Diagnostics.Count);
    }

    [Fact]
    public void Each_example_calls_the_operations_of_its_row()
    {
        var calls = Calls(Compiled.Value);
        for (var i = 0; i < Rows.Count; i++)
        {
            Assert.NotEmpty(Rows[i].Examples);
            var called = calls.Where(c => c.Row == i).Select(c => c.Word).ToHashSet();
            // The first two rows are the operators.
            if (i < 2) Assert.Contains(called, word => word.StartsWith("op_", StringComparison.Ordinal));
            else Assert.All(Rows[i].Words, word => Assert.Contains(word, called));
        }
    }

    [Fact]
    public void Each_operation_has_an_example()
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        var operations = typeof(OpAttribute).Assembly.GetExportedTypes().SelectMany(t => t.GetMethods(All))
            .Where(m => m.GetCustomAttribute<OpAttribute>() is not null)
            .Select(m => m.IsSpecialName
                ? m.Name
                : Word(m.DeclaringType!.Name, m.DeclaringType.BaseType?.Name, m.Name, m.GetParameters().Select(p => p.Name!)));
        var called = Calls(Compiled.Value).Select(c => c.Word).ToHashSet();
        Assert.Empty(operations.Where(word => !called.Contains(word)).Distinct());
    }

    /// <summary>Each example is a variable of its own, whose name has its row.</summary>
    private static string Written(bool isModel) => string.Concat(Rows
        .SelectMany((row, i) => row.Examples.Select((example, n) => (Text: example, Name: $"{Result}{i}_{n}")))
        .Where(e => isModel == e.Text.Contains("Embd.", StringComparison.Ordinal)).Select(e => $"var {e.Name} = {e.Text};\n"));

    /// <summary>The operations that the example of each row calls.</summary>
    private static List<(int Row, string Word)> Calls(GeneratorRun run)
    {
        var tree = run.Output.SyntaxTrees.Single(t => t.FilePath == "File0.cs");
        var semantics = run.Output.GetSemanticModel(tree);
        return
        [
            .. tree.GetRoot().DescendantNodes().OfType<VariableDeclaratorSyntax>().Where(v => v.Identifier.Text.StartsWith(Result, StringComparison.Ordinal))
                .SelectMany(v => v.Initializer!.DescendantNodes().Select(node => semantics.GetSymbolInfo(node).Symbol).OfType<IMethodSymbol>()
                    .Select(m => (Row(v.Identifier.Text), Word(m)))),
        ];
    }

    private static int Row(string name) => int.Parse(name[Result.Length..name.IndexOf('_')], System.Globalization.CultureInfo.InvariantCulture);

    private static string Word(IMethodSymbol method) => method.MethodKind == MethodKind.UserDefinedOperator
        ? method.Name
        : Word(method.ContainingType.Name, method.ContainingType.BaseType?.Name, method.Name, method.Parameters.Select(p => p.Name));

    /// <summary>A function of the vocabulary, a method of a tensor or one of a module, as the page writes them.</summary>
    private static string Word(string type, string? baseType, string name, IEnumerable<string> parameters) =>
        $"{(type == "Tensor" ? "x." : baseType == "Module" ? type + "." : "")}{name}({string.Join(", ", parameters)})";

    private static IReadOnlyList<string> Spans(string cell) => [.. Code().Matches(cell).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();
}
