using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ArchGen.CommandLine.Options;

/// <summary>Options whose value is a number: written as in C and JSON (0.8, never 0,8), whatever the machine's language, and within bounds.</summary>
internal static class NumberOption
{
    /// <summary>Takes numbers from <paramref name="min"/> to <paramref name="max"/>, and -1 if it has a meaning.</summary>
    /// <param name="minusOne">The meaning of -1, such as "for all"; null if -1 is an error.</param>
    public static Option<T> Within<T>(this Option<T> option, T min, T max, string? minusOne = null) where T : struct, INumber<T>, IMinMaxValue<T>
    {
        option.CustomParser = result => Read(result, option, min, max, minusOne) ?? default;
        return option;
    }

    /// <summary>The same for an option that may be left out.</summary>
    public static Option<T?> Within<T>(this Option<T?> option, T min, T max, string? minusOne = null) where T : struct, INumber<T>, IMinMaxValue<T>
    {
        option.CustomParser = result => Read(result, option, min, max, minusOne);
        return option;
    }

    /// <summary>The same for several with commas between them, 64,128; the option may be repeated.</summary>
    public static Option<int[]> EachWithin(this Option<int[]> option, int min, int max)
    {
        option.CustomParser = result =>
            [.. result.Tokens.SelectMany(t => t.Value.Split(',')).Select(text => Read(result, option, text, min, max, null) ?? min)];
        return option;
    }

    /// <summary>Reads a number; false if the text is anything else, or too large for the type.</summary>
    public static bool TryParse<T>(string text, out T value) where T : struct, INumber<T>
    {
        var style = default(T) is float or double
            ? NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent
            : NumberStyles.AllowLeadingSign;
        return T.TryParse(text, style, CultureInfo.InvariantCulture, out value) && T.IsFinite(value);
    }

    private static T? Read<T>(ArgumentResult result, Option option, T min, T max, string? minusOne) where T : struct, INumber<T>, IMinMaxValue<T> =>
        Read(result, option, result.Tokens[^1].Value, min, max, minusOne);

    private static T? Read<T>(ArgumentResult result, Option option, string text, T min, T max, string? minusOne)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        var isNumber = TryParse<T>(text, out var value);
        if (isNumber && ((value >= min && value <= max) || (minusOne is not null && value == -T.One))) return value;
        var kind = isNumber ? "" : default(T) is float or double ? "a number such as 0.8" : "a whole number";
        var expected = string.Join(", ", new[] { kind, Range(min, max) }.Where(part => part.Length > 0));
        result.AddError($"{option.Name} is {(isNumber ? text : $"'{text}'")}, expected {expected}{(minusOne is null ? "" : $", or -1 {minusOne}")}.");
        return null;
    }

    private static string Range<T>(T min, T max) where T : struct, INumber<T>, IMinMaxValue<T> =>
        (min == T.MinValue, max == T.MaxValue) switch
        {
            (true, true) => "",
            (false, true) => string.Create(CultureInfo.InvariantCulture, $"{min} or more"),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $"{max} or less"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{min} to {max}"),
        };
}
