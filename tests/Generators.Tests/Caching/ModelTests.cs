using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Caching;

/// <summary>What the generator keeps between runs holds no compilation alive.</summary>
public class ModelTests
{
    private static readonly Type[] Forbidden =
        [typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SyntaxReference), typeof(Location), typeof(Compilation), typeof(SemanticModel),
        typeof(IOperation), typeof(AttributeData)];

    [Fact]
    public void No_model_reaches_a_symbol_or_syntax()
    {
        var broken = TinyArchitecture.With("FfnDown.Of(Silu(up))", "FfnDown.Of(h)");
        var run = GeneratorRun.Of([.. DeclaredArchitectures.Files, new SourceFile("Broken.cs", broken)]);
        var values = run.Result.TrackedSteps.Where(
            s => s.Key is ArchitectureGenerator.ModelStep or ArchitectureGenerator.CatalogStep or ArchitectureGenerator.MisplacedStep)
            .SelectMany(s => s.Value).SelectMany(s => s.Outputs).Select(o => o.Value).ToList();
        Assert.True(values.Count >= 11);
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var value in values) Walk(value, value.GetType().Name, visited);
        Assert.True(visited.Count > 1000);
    }

    private static void Walk(object? value, string path, HashSet<object> visited)
    {
        if (value is null or string || value.GetType() is { IsPrimitive: true } or { IsEnum: true }) return;
        if (!value.GetType().IsValueType && !visited.Add(value)) return;
        Assert.False(Forbidden.Any(f => f.IsInstanceOfType(value)), $"{path} is a {value.GetType().Name}");
        if (value is IEnumerable items && !value.GetType().Name.StartsWith("ImmutableArray", StringComparison.Ordinal))
        {
            foreach (var item in items) Walk(item, path + "[]", visited);
        }

        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (field.FieldType.IsPointer) continue;
                Walk(field.GetValue(value), $"{path}.{field.Name}", visited);
            }
        }
    }
}
