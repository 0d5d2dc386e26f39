using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Patterns;

/// <summary>
/// Makes a set of strings of a pattern. A pattern is found anywhere in the string. It is worked out from its end: each part is given the language of what may
/// follow up to the end of the string, which makes an anchor or a lookahead an intersection.
/// </summary>
internal sealed class PatternCompiler(RegexBuilder builder, StringSets strings)
{
    private const int MaxUnrolled = 16;

    private readonly Dictionary<string, StringSet> _known = new(StringComparer.Ordinal);

    /// <summary>The strings in which the pattern is found.</summary>
    /// <exception cref="SchemaException">The pattern is invalid, not supported, or not regular.</exception>
    public StringSet Compile(string pattern)
    {
        if (_known.TryGetValue(pattern, out var known)) return known;
        var root = Read(pattern);
        try
        {
            Rest all = new(_ => strings.All.Regex);
            root = Trim(root, isStart: false);
            var set = root.HasStart
                ? builder.Or(After(root, all, isStart: true), builder.Concat(builder.Plus(strings.Character), After(root, all, isStart: false)))
                : Run(Trim(root, isStart: true)) ?? builder.Concat(strings.All.Regex, After(Trim(root, isStart: true), all, isStart: false));
            var result = strings.Of(set);
            _known.Add(pattern, result);
            return result;
        }
        catch (RequestException exception)
        {
            throw new SchemaException($"the pattern \"{pattern}\" is too large ({exception.Message})");
        }
    }

    /// <summary>
    /// The strings with a run of characters of one set, such as <c>[a-z]{162}</c>, written so that a run that is too short begins anew after it and not at each
    /// of its characters. Null for any other pattern.
    /// </summary>
    private Regex? Run(RegexTree node)
    {
        while (node is RegexTree.Sequence { Parts: [var only] }) node = only;
        if (node is not RegexTree.Repeated { Body: RegexTree.Set { Points: var set }, Min: > 1 and var length }) return null;
        var inside = JsonCharacters.Class(builder, set);
        var outside = JsonCharacters.Class(builder, set.Complement());
        var before = builder.Star(builder.Concat(builder.Repeat(inside, 0, length - 1), outside));
        return builder.Concat(before, builder.Repeat(inside, length, length), strings.All.Regex);
    }

    private static RegexTree Read(string pattern)
    {
        try
        {
            return RegexParser.Read(pattern, RegexSyntax.Ecma);
        }
        catch (RequestException exception)
        {
            throw new SchemaException(exception.Message);
        }
    }

    /// <summary>
    /// The pattern with no more repetitions at one of its sides than must be: where anything may be beside it, x{2,9} finds what x{2} finds.
    /// </summary>
    private static RegexTree Trim(RegexTree node, bool isStart)
    {
        switch (node)
        {
            case RegexTree.Repeated { Body.IsPlain: true } repeat:
                return repeat with { Max = repeat.Min };
            case RegexTree.Union choice:
                return new RegexTree.Union([.. choice.Sides.Select(part => Trim(part, isStart))]);
            case RegexTree.Sequence { Parts.Length: > 0 } sequence:
                RegexTree[] parts = [.. sequence.Parts];
                for (var i = 0; i < parts.Length; i++)
                {
                    var at = isStart ? i : parts.Length - 1 - i;
                    parts[at] = Trim(parts[at], isStart);
                    if (parts[at] is not RegexTree.Repeated { Max: 0 }) break;
                }

                return new RegexTree.Sequence(parts);
            default:
                return node;
        }
    }

    /// <summary>What may follow, given whether the string starts here. Each answer is worked out once.</summary>
    private sealed class Rest(Func<bool, Regex> compute)
    {
        private readonly Regex?[] _known = new Regex?[2];

        public Regex At(bool isStart) => _known[isStart ? 1 : 0] ??= compute(isStart);
    }

    private Regex After(RegexTree node, Rest rest, bool isStart)
    {
        if (node.IsPlain) return AfterPlain(Plain(node), rest, isStart);
        switch (node)
        {
            case RegexTree.Sequence sequence:
                return Chain(sequence.Parts, rest).At(isStart);
            case RegexTree.Union choice:
                return builder.Or([.. choice.Sides.Select(part => After(part, rest, isStart))]);
            case RegexTree.Anchor { IsStart: true }:
                return isStart ? rest.At(true) : Regex.Nothing;
            case RegexTree.Anchor:
                return builder.IsNullable(rest.At(isStart)) ? Regex.Empty : Regex.Nothing;
            case RegexTree.Lookahead lookahead:
                return builder.And(Ahead(lookahead, isStart), rest.At(isStart));
            default:
                return AfterRepeat((RegexTree.Repeated)node, rest, isStart);
        }
    }

    private Regex AfterPlain(Regex plain, Rest rest, bool isStart)
    {
        if (!isStart || !builder.IsNullable(plain)) return builder.Concat(plain, rest.At(false));
        var (here, further) = (rest.At(true), rest.At(false));
        return here == further ? builder.Concat(plain, here) : builder.Or(here, builder.Concat(builder.NotEmpty(plain), further));
    }

    private Rest Chain(RegexTree[] parts, Rest rest)
    {
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var (part, following) = (parts[i], rest);
            rest = new(isStart => After(part, following, isStart));
        }

        return rest;
    }

    private Regex Ahead(RegexTree.Lookahead lookahead, bool isStart)
    {
        var ahead = After(lookahead.Body, new(_ => strings.All.Regex), isStart);
        return lookahead.IsNegative ? builder.And(strings.All.Regex, builder.Not(ahead)) : ahead;
    }

    private Regex AfterRepeat(RegexTree.Repeated repeat, Rest rest, bool isStart)
    {
        if (repeat.Max <= MaxUnrolled)
        {
            var optional = rest;
            for (var i = repeat.Min; i < repeat.Max; i++)
            {
                var following = optional;
                optional = new(start => builder.Or(rest.At(start), After(repeat.Body, following, start)));
            }

            return Chain([.. Enumerable.Repeat(repeat.Body, repeat.Min)], optional).At(isStart);
        }

        return AfterGuarded(repeat, rest) ?? throw new SchemaException("a pattern has an anchor or a lookahead inside a repetition, which is not supported");
    }

    /// <summary><c>((?!x).)*</c> up to the end of the string: no rest of the string matches x. Null for any other repetition.</summary>
    private Regex? AfterGuarded(RegexTree.Repeated repeat, Rest rest)
    {
        if (repeat is not { Max: RegexBuilder.Unbounded, Min: <= 1, Body: RegexTree.Sequence { Parts: var parts } }) return null;
        if (rest.At(false) != Regex.Empty) return null;
        var guards = parts.SkipLast(1).OfType<RegexTree.Lookahead>().Where(guard => guard.Body.IsPlain).ToArray();
        if (guards.Length != parts.Length - 1 || !parts[^1].IsPlain) return null;
        var result = builder.Repeat(Plain(parts[^1]), repeat.Min, RegexBuilder.Unbounded);
        foreach (var guard in guards)
        {
            var wrong = builder.And(strings.All.Regex, builder.Not(Ahead(guard, isStart: false)), builder.Plus(strings.Character));
            result = builder.And(result, builder.Not(builder.Concat(strings.All.Regex, wrong)));
        }

        return result;
    }

    private Regex Plain(RegexTree node) => node switch
    {
        RegexTree.Set character => JsonCharacters.Class(builder, character.Points),
        RegexTree.Sequence sequence => builder.Concat([.. sequence.Parts.Select(Plain)]),
        RegexTree.Union choice => builder.Or([.. choice.Sides.Select(Plain)]),
        RegexTree.Repeated repeat => builder.Repeat(Plain(repeat.Body), repeat.Min, repeat.Max),
        _ => throw new InvalidOperationException("Only a plain part is a language of its own."),
    };
}
