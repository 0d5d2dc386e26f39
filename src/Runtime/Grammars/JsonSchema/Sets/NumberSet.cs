using ArchGen.Grammars.JsonSchema.Numbers;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>A set of numbers, by their values. Only the set of all numbers is spelled with exponents.</summary>
internal sealed class NumberSet
{
    private readonly DecimalAutomaton? _automaton;

    private NumberSet(DecimalAutomaton? automaton) => _automaton = automaton;

    public static NumberSet All { get; } = new(null);

    public static NumberSet None { get; } = new(null);

    public static NumberSet Integers { get; } = new(DecimalRules.Integers);

    public bool IsEmpty => this == None;

    /// <summary>The numbers of an automaton of <see cref="DecimalRules"/>.</summary>
    public static NumberSet Of(DecimalAutomaton automaton)
    {
        if (automaton.IsEmpty) return None;
        if (automaton.Equals(DecimalRules.Integers)) return Integers;
        return automaton.Equals(DecimalRules.Plain) ? All : new(automaton);
    }

    public static NumberSet Intersect(NumberSet a, NumberSet b)
    {
        if (a == b || a.IsEmpty || b == All) return a;
        if (b.IsEmpty || a == All) return b;
        return Combine(a, b, static (left, right) => left && right);
    }

    public static NumberSet Union(NumberSet a, NumberSet b)
    {
        if (a == b || b.IsEmpty || a == All) return a;
        if (a.IsEmpty || b == All) return b;
        return Combine(a, b, static (left, right) => left || right);
    }

    public static NumberSet Complement(NumberSet set)
    {
        if (set == All) return None;
        return set.IsEmpty ? All : Of(DecimalAutomaton.Combine(DecimalRules.Plain, set._automaton!, static (plain, inside) => plain && !inside));
    }

    /// <summary>
    /// The spellings. If all of the numbers are integers, they have no fraction, so that a reader of integers takes them; otherwise a fraction of zeros is
    /// allowed, too.
    /// </summary>
    public Regex ToRegex(RegexBuilder builder)
    {
        if (IsEmpty) return Regex.Nothing;
        if (this == All) return AnyNumber(builder);
        if (this == Integers) return AnyInteger(builder);
        var integers = Intersect(this, Integers);
        var isInteger = integers == this || (!integers.IsEmpty && integers._automaton!.Equals(_automaton!));
        var automaton = isInteger ? DecimalAutomaton.Combine(_automaton!, DecimalRules.PlainIntegers, static (a, b) => a && b) : _automaton!;
        return builder.Automaton(automaton);
    }

    private static NumberSet Combine(NumberSet a, NumberSet b, Func<bool, bool, bool> accepts) =>
        Of(DecimalAutomaton.Combine(a._automaton!, b._automaton!, accepts));

    private static Regex AnyInteger(RegexBuilder builder)
    {
        var digit = builder.Bytes(ByteSet.Range((byte)'0', (byte)'9'));
        var positive = builder.Concat(builder.Bytes(ByteSet.Range((byte)'1', (byte)'9')), builder.Star(digit));
        return builder.Concat(builder.Optional(builder.Byte((byte)'-')), builder.Or(builder.Byte((byte)'0'), positive));
    }

    private static Regex AnyNumber(RegexBuilder builder)
    {
        var digits = builder.Plus(builder.Bytes(ByteSet.Range((byte)'0', (byte)'9')));
        var fraction = builder.Optional(builder.Concat(builder.Byte((byte)'.'), digits));
        var sign = builder.Optional(builder.Bytes(ByteSet.Of((byte)'+') | ByteSet.Of((byte)'-')));
        var exponent = builder.Optional(builder.Concat(builder.Bytes(ByteSet.Of((byte)'e') | ByteSet.Of((byte)'E')), sign, digits));
        return builder.Concat(AnyInteger(builder), fraction, exponent);
    }
}
