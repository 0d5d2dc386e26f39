using System.Globalization;
using System.Text;

namespace ArchGen.Graphs;

/// <summary>Parses the format of <see cref="GraphText"/>.</summary>
internal sealed class GraphTextParser(string text)
{
    private readonly string[] _lines = text.Split('\n');
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Node> _names = new(StringComparer.Ordinal);
    private int _line;
    private int _at;

    private string Line => _lines[_line];

    private char Next => _at < Line.Length ? Line[_at] : '\0';

    public Graph Parse()
    {
        var header = true;
        string name = "", output = "";
        int outputLine = 0, outputAt = 0;
        for (_line = 0; _line < _lines.Length; _line++)
        {
            _at = 0;
            SkipSpace();
            if (_at >= Line.Length || Line.AsSpan(_at).StartsWith("//")) continue;
            if (!header)
            {
                ReadNode();
                continue;
            }

            if (ReadName() != "graph") throw Error(0, "expected 'graph NAME -> OUTPUT'");
            name = ReadName();
            Expect('-');
            if (Next != '>') throw Unexpected("'->'");
            _at++;
            SkipSpace();
            (outputLine, outputAt) = (_line, _at);
            output = ReadName();
            ExpectEnd();
            header = false;
        }

        _line = _lines.Length - 1;
        _at = Line.Length;
        if (header) throw Error(_at, "the text is empty, expected 'graph NAME -> OUTPUT'");
        if (!_names.TryGetValue(output, out var result))
        {
            _line = outputLine;
            throw Error(outputAt, $"the output is '{output}', but no line defines it");
        }

        var graph = new Graph(name, [.. _nodes], result);
        GraphVerifier.Verify(graph);
        return graph;
    }

    private void ReadNode()
    {
        var start = _at;
        var name = ReadName();
        if (_names.ContainsKey(name)) throw Error(start, $"'{name}' is defined already");
        Expect('=');
        SkipSpace();
        var wordStart = _at;
        var word = ReadName();
        var spec = OpTable.Named(word) ?? throw Error(wordStart, $"'{word}' is no operation");
        var inputs = new Node?[spec.Operands.Count];
        var numbers = new List<(Attr Key, double Value)>();
        SkipSpace();
        if (Next == '(') ReadArguments(spec, inputs, numbers);
        Expect(':');
        var node = new Node(_nodes.Count, name, spec.Op, ReadShape(), inputs, new Attributes([.. numbers]));
        _nodes.Add(node);
        _names.Add(name, node);
    }

    private void ReadArguments(OpSpec spec, Node?[] inputs, List<(Attr Key, double Value)> numbers)
    {
        Expect('(');
        SkipSpace();
        if (Next == ')')
        {
            _at++;
            return;
        }

        var required = 0;
        do
        {
            SkipSpace();
            var start = _at;
            var word = ReadName();
            SkipSpace();
            if (Next == '=')
            {
                _at++;
                numbers.Add(ReadNumber(spec, start, word));
            }
            else if (Next == ':')
            {
                _at++;
                var slot = Enumerable.Range(0, inputs.Length).FirstOrDefault(i => spec.Operands[i].IsOptional && spec.Operands[i].Name == word, -1);
                if (slot < 0) throw Error(start, $"{spec.Word} has no optional operand '{word}', only {List([.. spec.Operands.Select(o => o.ToString())])}");
                if (inputs[slot] is not null) throw Error(start, $"'{word}' is given already");
                SkipSpace();
                start = _at;
                inputs[slot] = Operand(start, ReadName());
            }
            else
            {
                while (required < inputs.Length && spec.Operands[required].IsOptional) required++;
                if (required == inputs.Length)
                {
                    var operands = List([.. spec.Operands.Select(o => o.ToString())]);
                    throw Error(start, $"one operand too many: {spec.Word} takes {operands}, the optional ones by name");
                }

                inputs[required++] = Operand(start, word);
            }

            SkipSpace();
        }
        while (Next == ',' && ++_at > 0);
        Expect(')');
    }

    private Node Operand(int start, string name) =>
        _names.TryGetValue(name, out var node) ? node : throw Error(start, $"no line before this one defines '{name}'");

    private (Attr Key, double Value) ReadNumber(OpSpec spec, int start, string word)
    {
        var index = Enumerable.Range(0, spec.Attributes.Count).FirstOrDefault(i => Attributes.Name(spec.Attributes[i]) == word, -1);
        if (index < 0) throw Error(start, $"{spec.Word} takes no number '{word}', only {List([.. spec.Attributes.Select(Attributes.Name)])}");
        var key = spec.Attributes[index];
        SkipSpace();
        start = _at;
        while (GraphText.IsBare(Next) || Next == '+') _at++;
        var value = Line[start.._at];
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return (key, number);
        if (key == Attr.Kind && RopeKindNames.Find(value) is { } kind) return (key, (int)kind);
        if (key == Attr.Mask && Enum.TryParse<AttentionMask>(value, ignoreCase: true, out var mask)) return (key, (int)mask);
        throw Error(start, $"found '{value}', expected a number");
    }

    private Shape ReadShape()
    {
        SkipSpace();
        var start = _at;
        if (Next != '[') throw Unexpected("a shape, '['");
        _at = Line.Length;
        try
        {
            return DimParser.ParseShape(Line[start..]);
        }
        catch (DimFormatException exception)
        {
            throw Error(start + exception.Column - 1, exception.Message[(exception.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        }
    }

    private string ReadName()
    {
        SkipSpace();
        var start = _at;
        if (Next != '"')
        {
            // "->" ends a bare name even without a space before it.
            while (GraphText.IsBare(Next) && !Line.AsSpan(_at).StartsWith("->")) _at++;
            var name = Line[start.._at];
            return GraphText.IsBare(name) ? name : throw Error(start, name.Length == 0 ? Found("a name") : $"the name '{name}' needs quotes");
        }

        var text = new StringBuilder();
        for (_at++; Next != '"'; _at++)
        {
            if (_at >= Line.Length) throw Error(start, "the quote is not closed");
            if (Next != '\\')
            {
                text.Append(Next);
                continue;
            }

            _at++;
            if (Next is '"' or '\\')
            {
                text.Append(Next);
            }
            else if (Next == 'u' && _at + 4 < Line.Length
                && ushort.TryParse(Line.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                text.Append((char)code);
                _at += 4;
            }
            else
            {
                throw Unexpected("'\"', '\\' or 'u' and four hexadecimal digits");
            }
        }

        _at++;
        return text.ToString();
    }

    private void SkipSpace()
    {
        while (_at < Line.Length && char.IsWhiteSpace(Line[_at])) _at++;
    }

    private void Expect(char expected)
    {
        SkipSpace();
        if (Next != expected) throw Unexpected($"'{expected}'");
        _at++;
    }

    private void ExpectEnd()
    {
        SkipSpace();
        if (_at < Line.Length) throw Unexpected("the end of the line");
    }

    private GraphException Unexpected(string expected) => Error(_at, Found(expected));

    private string Found(string expected) => $"found {(_at < Line.Length ? $"'{Line[_at]}'" : "the end of the line")}, expected {expected}";

    private GraphException Error(int at, string message) => new($"Graph text, line {_line + 1}, column {at + 1}: {message}.");

    private static string List(IReadOnlyList<string> words) => words.Count == 0 ? "none" : string.Join(", ", words);
}
