using System.Globalization;

namespace ArchGen.Generators.Tests.Caching;

/// <summary>The same declarations give the same text, everywhere and always.</summary>
public class DeterminismTests
{
    [Fact]
    public void Two_runs_give_the_same_text() => Assert.Equal(DeclaredArchitectures.Run.Generated, GeneratorRun.Of(DeclaredArchitectures.Files).Generated);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_order_of_files_does_not_matter(int seed)
    {
        var files = DeclaredArchitectures.Files.ToArray();
        new Random(seed).Shuffle(files);
        Assert.Equal(DeclaredArchitectures.Run.Generated.OrderBy(g => g.Key), GeneratorRun.Of(files).Generated.OrderBy(g => g.Key));
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    public void The_culture_does_not_matter(string name)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Without the culture's data (invariant globalization) what it would change is set by hand.
            var foreign = (CultureInfo)new CultureInfo("").Clone();
            foreign.NumberFormat.NumberDecimalSeparator = ",";
            foreign.NumberFormat.NegativeSign = "\u2212";
            CultureInfo.CurrentCulture = Available(name) ?? foreign;
            Assert.Equal(DeclaredArchitectures.Run.Generated, GeneratorRun.Of(DeclaredArchitectures.Files).Generated);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Lines_end_with_a_line_feed() => Assert.All(DeclaredArchitectures.Run.Generated, g =>
    {
        Assert.DoesNotContain('\r', g.Value);
        Assert.EndsWith(g.Key.EndsWith(".Source.g.cs", StringComparison.Ordinal) ? ")]\n" : "}\n", g.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(g.Value.Split('\n'), line => line.Length > 0 && char.IsWhiteSpace(line[^1]));
    });

    private static CultureInfo? Available(string name)
    {
        try
        {
            return new CultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
