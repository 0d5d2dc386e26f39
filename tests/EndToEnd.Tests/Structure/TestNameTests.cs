using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.EndToEnd.Tests.Structure;

/// <summary>The name of a test is a sentence: A_parked_worker_wakes_up.</summary>
public sealed partial class TestNameTests
{
    [Fact]
    public void The_name_of_a_test_is_a_sentence()
    {
        var others =
            from file in Repository.Files(".cs", "tests")
            from method in CSharpSyntaxTree.ParseText(Repository.Read(file)).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            where method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTest) && !Sentence().IsMatch(method.Identifier.Text)
            select $"{file}: {method.Identifier.Text}";
        Assert.Empty(others);
    }

    private static bool IsTest(AttributeSyntax attribute) => attribute.Name.ToString() is var name
        && (name.EndsWith("Fact", StringComparison.Ordinal) || name.EndsWith("Theory", StringComparison.Ordinal));

    /// <summary>Words with underscores between, or one word. Capital letters inside a word are those of a name, such as SmolLM2.</summary>
    [GeneratedRegex("^([A-Za-z0-9]+(_[A-Za-z0-9]+)+|[A-Z][a-z0-9]*)$")]
    private static partial Regex Sentence();
}
