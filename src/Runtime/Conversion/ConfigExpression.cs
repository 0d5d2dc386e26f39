using System.Globalization;
using System.Text.Json;

namespace ArchGen.Conversion;

/// <summary>
/// A source of a key's value in config.json: alternatives separated by <c>|</c>, each a key, a path, a text in single quotes, or arithmetic
/// over keys and numbers: <c>+ - * /</c>, <c>sqrt(x)</c>, <c>roundup(x, n)</c> to a multiple, <c>set(flag)</c>: true or nothing,
/// <c>if(flag, x, y)</c>: x where the flag is true, else y, and <c>period(list, text)</c>: after how many elements of a list the text stands again.
/// </summary>
internal static class ConfigExpression
{
    /// <summary>
    /// The value of the first alternative that has all its keys: a long, a double, a bool, a string, or a list of longs or of strings; null if none has.
    /// What the file says goes before what rests on a default of the class: its key may have another of the names that the alternatives list.
    /// </summary>
    /// <exception cref="ArchGenException">A key is not of the kind that the source needs.</exception>
    public static object? Evaluate(string source, CheckpointConfig config)
    {
        // All alternatives are looked up, so that a config which states a thing twice has both read.
        var values = source.Split('|').Select(alternative => Read(alternative.Trim(), config)).Where(found => found.Value is not null).ToList();
        return values.Where(found => found.Given > 0).OrderBy(found => found.Assumed).Concat(values).FirstOrDefault().Value;
    }

    /// <summary>The keys that a source names.</summary>
    public static IEnumerable<string> KeysOf(string source) =>
        source.Split('|').Where(alternative => !alternative.Contains('\'', StringComparison.Ordinal))
            .SelectMany(alternative => alternative.Split([' ', '+', '-', '*', '/', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries)).Where(word => !char.IsDigit(word[0]));

    /// <summary>An alternative's value, and how many keys of the file and how many defaults it was made of.</summary>
    private static (object? Value, int Given, int Assumed) Read(string alternative, CheckpointConfig config)
    {
        var (given, assumed) = (config.Given, config.Assumed);
        var value = new Reader(alternative, config).Read();
        return (value, config.Given - given, config.Assumed - assumed);
    }

    /// <summary>Reads one alternative. Every key is looked up even if another is missing, so that all of them count as read.</summary>
    private sealed class Reader(string text, CheckpointConfig config)
    {
        private int _at;

        public object? Read()
        {
            if (text.StartsWith('\'') && text.EndsWith('\'')) return text[1..^1];
            var value = Sum();
            return _at == text.Length ? value : throw Malformed();
        }

        private object? Sum()
        {
            var left = Product();
            while (Next('+', '-') is { } op) left = Combine(op, left, Product());
            return left;
        }

        private object? Product()
        {
            var left = Operand();
            while (Next('*', '/') is { } op) left = Combine(op, left, Operand());
            return left;
        }

        private object? Operand()
        {
            SkipSpaces();
            if (Next('(') is not null) return Closed(Sum());
            var start = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '.')) _at++;
            var word = text[start.._at];
            if (word.Length == 0) throw Malformed();
            if (char.IsDigit(word[0])) return Number(word);
            if (word is "true" or "false") return word == "true";
            if (Next('(') is null) return Value(word);
            if (word == "sqrt") return Closed(Sum()) is { } number ? Math.Sqrt(Double(number)) : null;
            if (word == "set") return Closed(Sum()) is true ? true : null;
            if (word == "roundup") return RoundUp();
            if (word == "if") return Choose();
            if (word == "period") return Period();
            throw Malformed();
        }

        private object? Closed(object? value) => Next(')') is not null ? value : throw Malformed();

        private object? RoundUp()
        {
            var number = Sum();
            if (Next(',') is null) throw Malformed();
            var multiple = Closed(Sum());
            return number is null || multiple is null ? null : (long)(Math.Ceiling(Math.Floor(Double(number)) / Double(multiple)) * Double(multiple));
        }

        private object? Choose()
        {
            var flag = Sum();
            var whenTrue = Next(',') is not null ? Sum() : throw Malformed();
            var otherwise = Next(',') is not null ? Closed(Sum()) : throw Malformed();
            return flag is true ? whenTrue : otherwise;
        }

        private object? Period()
        {
            var end = text.IndexOf(')', _at);
            var parts = (end < 0 ? throw Malformed() : text[_at..end]).Split(',', StringSplitOptions.TrimEntries);
            _at = end + 1;
            if (parts.Length != 2) throw Malformed();
            if (config.Find(parts[0]) is not { ValueKind: JsonValueKind.Array } list) return null;
            var places = list.EnumerateArray().Select((element, i) => (Text: element.ToString(), Place: (long)i + 1)).Where(e => e.Text == parts[1]).Select(e => e.Place).ToList();
            var period = places.Count == 0 ? list.GetArrayLength() + 1 : places[0];
            for (var i = 0; i < Math.Max(places.Count, list.GetArrayLength() / period); i++)
            {
                if (i >= places.Count || places[i] != (i + 1) * period) throw config.Error(parts[0], $"has {parts[1]} at no fixed distance; this architecture declares one. Declare the layers' kinds");
            }

            return period;
        }

        private object? Value(string path) => config.Find(path) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } word => word.GetString()!,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { ValueKind: JsonValueKind.Number } number => Number(number.GetRawText()),
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out _)) => list.EnumerateArray().Select(e => e.GetInt64()).ToArray(),
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
                list.EnumerateArray().Select(e => e.GetString()!).ToArray(),
            { } other => throw config.Error(
                path, $"is {CheckpointConfig.Text(other)}, expected a number, a text, true, false or a list of whole numbers or texts"),
        };

        private static object Number(string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? (object)whole : double.Parse(text, CultureInfo.InvariantCulture);

        private object? Combine(char op, object? left, object? right)
        {
            if (left is null || right is null) return null;
            if (left is long a && right is long b)
            {
                try
                {
                    checked
                    {
                        switch (op)
                        {
                            case '+': return a + b;
                            case '-': return a - b;
                            case '*': return a * b;
                            case '/' when b != 0 && a % b == 0: return a / b;
                        }
                    }
                }
                catch (OverflowException error)
                {
                    throw new ArchGenException($"{config.Place}: {text} is too large. Correct the numbers.", error);
                }
            }

            var (x, y) = (Double(left), Double(right));
            return op switch { '+' => x + y, '-' => x - y, '*' => x * y, _ => x / y };
        }

        private double Double(object value) => value switch
        {
            long whole => whole,
            double number => number,
            _ => throw new ArchGenException(
                $"{config.Place}: {text} needs numbers, found {(value is string word ? $"'{word}'" : value is Array ? "a list" : value)}. Correct the config."),
        };

        private char? Next(char first, char second = '\0')
        {
            SkipSpaces();
            return _at < text.Length && (text[_at] == first || text[_at] == second) ? text[_at++] : null;
        }

        private void SkipSpaces()
        {
            while (_at < text.Length && text[_at] == ' ') _at++;
        }

        private InvalidOperationException Malformed() => new($"'{text}' is no source of a hyper-parameter.");
    }
}
