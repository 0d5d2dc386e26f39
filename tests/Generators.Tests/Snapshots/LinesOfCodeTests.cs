using System.Text.RegularExpressions;

namespace ArchGen.Generators.Tests.Snapshots;

/// <summary>How long an architecture is: lines that are neither empty nor a comment. Where one outgrows its share, the language lacks a word.</summary>
public class LinesOfCodeTests
{
    private const int MostOfAny = 120, MostOfVariant = 15, MostOfDenseLlama = 60;

    public static TheoryData<string> Names => [.. DeclaredArchitectures.Names];

    /// <summary>Those that derive from another architecture and run its blocks' dense forward pass, with other parts or without some.</summary>
    public static TheoryData<string> Variants => [.. DeclaredArchitectures.Names.Where(IsVariant)];

    [Theory]
    [MemberData(nameof(Names))]
    public void NoArchitectureIsLong(string name) => Assert.InRange(Lines(name).Count, 1, MostOfAny);

    [Theory]
    [MemberData(nameof(Variants))]
    public void AVariantIsItsDelta(string name) => Assert.InRange(Lines(name).Count, 1, MostOfVariant);

    [Fact]
    public void TheRuleFindsTheDenseVariants()
    {
        var variants = DeclaredArchitectures.Names.Where(IsVariant).ToList();
        foreach (var name in new[] { "Baichuan", "Bloom", "InternLm2", "NomicBert", "Qwen2", "Qwen3", "Refact", "SmolLm3" }) Assert.Contains(name, variants);
    }

    /// <summary>Llama's file is the mixture's too.</summary>
    [Fact]
    public void ADenseLlamaIsShort() =>
        Assert.InRange(Lines("Llama").Count(line => !Regex.IsMatch(line, "Expert|Mixture|Moe")), 30, MostOfDenseLlama);

    private static bool IsVariant(string name)
    {
        var text = DeclaredArchitectures.Files.Single(f => f.Path == name + ".cs").Text;
        var isDerived = Regex.Match(text, @"class \w+ : (\w+)[;\n]") is { Success: true } declared && DeclaredArchitectures.Names.Contains(declared.Groups[1].Value);
        return isDerived && !text.Contains("override Tensor Forward(", StringComparison.Ordinal) && !text.Contains("Experts", StringComparison.Ordinal);
    }

    private static List<string> Lines(string name) =>
    [
        .. DeclaredArchitectures.Files.Single(f => f.Path == name + ".cs").Text.Split('\n').Select(l => l.Trim())
            .Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)),
    ];
}
