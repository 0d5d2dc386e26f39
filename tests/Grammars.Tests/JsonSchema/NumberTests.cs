using System.Globalization;
using ArchGen.Grammars.JsonSchema.Numbers;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>The automata of number keywords against decimal arithmetic.</summary>
public sealed class NumberTests
{
    private static readonly string[] Bounds =
        ["0", "1", "-1", "9", "10", "11", "99", "100", "-10", "0.5", "-0.5", "0.05", "1.05", "-1.05", "12.34", "99.9", "-100.01", "1e2", "15e-1", "2.50"];

    private static readonly string[] Divisors = ["1", "2", "3", "7", "10", "25", "0.1", "0.5", "0.25", "1.5", "0.07", "2.0", "1e1"];

    [Fact]
    public void Comparisons_are_those_of_the_values()
    {
        foreach (var text in Bounds)
        {
            var bound = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            var parsed = ExactDecimal.Parse(text)!.Value;
            var less = DecimalRules.Compare(parsed, less: true, equal: false, greater: false);
            var equal = DecimalRules.Compare(parsed, less: false, equal: true, greater: false);
            var greater = DecimalRules.Compare(parsed, less: false, equal: false, greater: true);
            foreach (var (number, value) in Numbers())
            {
                Assert.True(less.Matches(number) == (value < bound), $"{number} < {text}");
                Assert.True(equal.Matches(number) == (value == bound), $"{number} = {text}");
                Assert.True(greater.Matches(number) == (value > bound), $"{number} > {text}");
            }
        }
    }

    [Fact]
    public void Multiples_are_those_of_the_values()
    {
        foreach (var text in Divisors)
        {
            var divisor = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            var multiples = DecimalRules.MultipleOf(ExactDecimal.Parse(text)!.Value);
            foreach (var (number, value) in Numbers()) Assert.True(multiples.Matches(number) == (value % divisor == 0), $"{number} of {text}");
        }
    }

    [Fact]
    public void What_JSON_does_not_spell_is_in_no_set()
    {
        var all = DecimalRules.Compare(new(0, 0), less: true, equal: true, greater: true);
        string[] texts = ["", "-", "01", "-01", "1.", ".5", "-.5", "1..2", "--1", "1-", "+1", "-0", "-0.0", "1e5", "0x1", "1.2.3"];
        Assert.All(texts, text => Assert.False(all.Matches(text), text));
    }

    [Fact]
    public void A_long_number_is_compared_digit_by_digit()
    {
        var bound = ExactDecimal.Parse("12345678901234567890123456789012345.678")!.Value;
        var least = DecimalRules.Compare(bound, less: false, equal: true, greater: true);
        Assert.True(least.Matches("12345678901234567890123456789012345.678"));
        Assert.True(least.Matches("12345678901234567890123456789012345.6780"));
        Assert.True(least.Matches("12345678901234567890123456789012346"));
        Assert.False(least.Matches("12345678901234567890123456789012345.677"));
        Assert.False(least.Matches("1234567890123456789012345678901234.9"));
    }

    [Fact]
    public void A_number_without_end_is_refused()
    {
        Assert.Null(ExactDecimal.Parse("1e999999"));
        Assert.Null(ExactDecimal.Parse(new string('9', 2000)));
        Assert.Equal(new ExactDecimal(0, 0), ExactDecimal.Parse("0e99"));
    }

    private static IEnumerable<(string Text, decimal Value)> Numbers()
    {
        string[] integers = ["0", "1", "2", "5", "7", "9", "10", "11", "12", "14", "15", "21", "99", "100", "101", "250", "999", "1000"];
        string[] fractions = ["", ".0", ".5", ".50", ".05", ".07", ".1", ".25", ".34", ".9", ".99", ".01", ".001", ".000"];
        foreach (var integer in integers)
        {
            foreach (var fraction in fractions)
            {
                var value = decimal.Parse(integer + fraction, CultureInfo.InvariantCulture);
                yield return (integer + fraction, value);
                if (value != 0) yield return ($"-{integer}{fraction}", -value);
            }
        }
    }
}
