using System.Text.RegularExpressions;

namespace ArchGen.Generators.Tests.Snapshots;

/// <summary>
/// How long an architecture of ArchGen's own is: lines that are neither empty nor a comment, but for the namespace and the table of its config classes'
/// defaults. Where one outgrows its share, the language lacks a word.
/// </summary>
public class LinesOfCodeTests
{
    private const int MostOfAny = 120, MostOfVariant = 15, MostOfDenseLlama = 40;

    public static TheoryData<string> Names => [.. DeclaredArchitectures.Own];

    /// <summary>
    /// Those that derive from another architecture, perhaps by way of what several share, and have neither a mixture of experts nor several kinds of layers
    /// of their own.
    /// </summary>
    public static TheoryData<string> Variants => [.. DeclaredArchitectures.Own.Where(IsVariant)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_architecture_is_long(string name) => Assert.InRange(Lines(name).Count, 1, MostOfAny);

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_variant_is_its_delta(string name) =>
        Assert.InRange(Lines(name).TakeWhile(l => !l.StartsWith("[HuggingFace", StringComparison.Ordinal)).Count(), 1, MostOfVariant);

    [Fact]
    public void The_rule_finds_the_dense_variants()
    {
        var variants = DeclaredArchitectures.Own.Where(IsVariant).ToList();
        string[] dense = ["Bloom", "Gemma2", "Gemma3", "NomicBert"];
        Assert.Superset(dense.ToHashSet(StringComparer.Ordinal), variants.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Llama's file is the mixture's too.</summary>
    [Fact]
    public void A_dense_llama_is_short() =>
        Assert.InRange(Lines("Llama").Count(line => !Regex.IsMatch(line, "Expert|Mixture|Moe")), 10, MostOfDenseLlama);

    private static bool IsVariant(string name)
    {
        var isDerived = Bases(name).Any(DeclaredArchitectures.Names.Contains);
        // A default over ExpertsUsed makes no mixture.
        return isDerived && !Regex.IsMatch(Text(name), @"Experts(?!Used"")|\[When\(");
    }

    private static IEnumerable<string> Bases(string name)
    {
        while (Regex.Match(Text(name), $@"class {name} : (\w+)[;\n]") is { Success: true } declared) yield return name = declared.Groups[1].Value;
    }

    /// <summary>The file that declares a class; empty for one of the language.</summary>
    private static string Text(string name) => DeclaredArchitectures.Files.SingleOrDefault(f => Path.GetFileName(f.Path) == name + ".cs")?.Text ?? "";

    private static List<string> Lines(string name) =>
    [
        .. Text(name).Split('\n').Select(l => l.Trim())
            .Where(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal) && !l.StartsWith("namespace ", StringComparison.Ordinal)
                && !l.StartsWith("[ConfigDefaults(", StringComparison.Ordinal) && !l.StartsWith("+ \"|", StringComparison.Ordinal)),
    ];
}
