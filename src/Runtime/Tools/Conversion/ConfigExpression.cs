using System.Globalization;
using System.Text.Json;

namespace ArchGen.Tools.Conversion;

/// <summary>Evaluates the source of a key's value, which <see cref="ConfigSource"/> reads.</summary>
internal static class ConfigExpression
{
    /// <summary>
    /// The value of the first alternative that has all its keys: a long, a double, a bool, a string, or a list of longs or of strings; null if none has.
    /// A value of the file has precedence over a default of the class: the file may have its key under another name that the alternatives list.
    /// </summary>
    /// <exception cref="ModelFileException">A key is not of the kind that the source needs.</exception>
    /// <exception cref="ConfigSourceException">The source is malformed; those of declarations are checked when they are compiled.</exception>
    public static object? Evaluate(string source, CheckpointConfig config)
    {
        // All alternatives are looked up, so that a config that states a value twice has both keys read.
        var texts = source.Split('|');
        var values = ConfigSource.Parse(source).Select((term, i) => Read(term, texts[i].Trim(), config)).Where(found => found.Value is not null).ToList();
        return values.Where(found => found.Given > 0).OrderBy(found => found.Assumed).Concat(values).FirstOrDefault().Value;
    }

    /// <summary>What a method of an architecture returns, as the value of a source: a long, a double, a bool, a string, or a list of one of these.</summary>
    public static object? Plain(object? value) => value switch
    {
        int number => (long)number,
        float number => (double)number,
        IReadOnlyList<int> numbers => numbers.Select(n => (long)n).ToArray(),
        IReadOnlyList<float> numbers => numbers.Select(n => (double)n).ToArray(),
        IReadOnlyList<double> numbers => numbers.ToArray(),
        IReadOnlyList<bool> flags => flags.ToArray(),
        IReadOnlyList<string> texts => texts.ToArray(),
        _ => value,
    };

    /// <summary>An alternative's value, and the numbers of the file's keys and of the defaults that it was made of.</summary>
    private static (object? Value, int Given, int Assumed) Read(ConfigTerm term, string text, CheckpointConfig config)
    {
        var (given, assumed) = (config.Given, config.Assumed);
        var value = new Alternative(text, config).Value(term);
        return (value, config.Given - given, config.Assumed - assumed);
    }

    /// <summary>Evaluates one alternative. Every key is looked up even if another is missing, so that all of them count as read.</summary>
    private sealed class Alternative(string text, CheckpointConfig config)
    {
        public object? Value(ConfigTerm term)
        {
            if (term.Constant is not null) return term.Constant;
            if (term.Operands.Count == 0) return Value(term.Word);
            var operands = term.Operands.Select(Value).ToList();
            return Combine(term.Word[0], operands[0], operands[1]);
        }

        private object? Value(string path) => config.Find(path) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } word => word.GetString()!,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { ValueKind: JsonValueKind.Number } number => Number(number.GetRawText()),
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out _)) =>
                list.EnumerateArray().Select(e => e.GetInt64()).ToArray(),
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number) =>
                list.EnumerateArray().Select(e => e.GetDouble()).ToArray(),
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind is JsonValueKind.True or JsonValueKind.False) =>
                list.EnumerateArray().Select(e => e.GetBoolean()).ToArray(),
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
                list.EnumerateArray().Select(e => e.GetString()!).ToArray(),
            { } other => throw config.Error(
                path, $"is {CheckpointConfig.Text(other)}, expected a number, a text, true, false or a list of these"),
        };

        private static object Number(string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? (object)whole
                : double.Parse(text, CultureInfo.InvariantCulture);

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
                    throw new ModelFileException($"{config.Place}: {text} is too large. Correct the numbers.", error);
                }
            }

            var (x, y) = (Double(left), Double(right));
            return op switch { '+' => x + y, '-' => x - y, '*' => x * y, _ => x / y };
        }

        private double Double(object value) => value switch
        {
            long whole => whole,
            double number => number,
            _ => throw new ModelFileException(
                $"{config.Place}: {text} needs numbers, found {(value is string word ? $"'{word}'" : value is Array ? "a list" : value)}. Correct the config."),
        };
    }
}
