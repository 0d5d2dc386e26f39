using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace ArchGen;

/// <summary>
/// A dimension: a polynomial over named hyper-parameters with rational coefficients, such as <c>Heads*HeadDim</c>, <c>2*Ff</c> or <c>Embd/Heads</c>.
/// Two dimensions are equal if their normal forms are. A quotient by a single term is a term with negative exponents
/// (that it divides without remainder is checked at load, when the numbers are known).
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Dim : IEquatable<Dim>
{
    // Sorted by key, none of them zero.
    private readonly Term[] _terms;
    private readonly string _text;

    private Dim(long value)
    {
        _terms = value == 0 ? [] : [new Term(value, 1, [])];
        _text = value.ToString(CultureInfo.InvariantCulture);
    }

    private Dim(IEnumerable<Term> terms)
    {
        var sum = new List<Term>();
        foreach (var term in terms)
        {
            var at = 0;
            while (at < sum.Count && string.CompareOrdinal(sum[at].Key, term.Key) < 0) at++;
            if (at < sum.Count && sum[at].Key == term.Key) sum[at] = sum[at].Plus(term);
            else sum.Insert(at, term);
        }

        sum.RemoveAll(t => t.Numerator == 0);
        _terms = [.. sum];
        _text = Print();
    }

    private Dim(string name)
    {
        _terms = [new Term(1, 1, [new Factor(name, 1)])];
        _text = name;
    }

    /// <summary>A dimension that is a hyper-parameter.</summary>
    public static Dim Symbol(string name) => new(name);

    /// <summary>A dimension that is a number.</summary>
    public static implicit operator Dim(long value) => new(value);

    /// <summary>The number of tokens in the batch, known only when a graph runs.</summary>
    public static Dim Tokens { get; } = Symbol("T");

    /// <summary>The number of tokens of the encoder, for cross attention.</summary>
    public static Dim EncoderTokens { get; } = Symbol("S");

    /// <summary>The number of tokens whose output is requested.</summary>
    public static Dim Outputs { get; } = Symbol("O");

    /// <summary>The names in this dimension, in ordinal order.</summary>
    public IEnumerable<string> Symbols =>
        _terms.SelectMany(t => t.Factors.Select(f => f.Name)).Distinct().OrderBy(n => n, StringComparer.Ordinal);

    /// <summary>Whether this is a whole number, and its value.</summary>
    public bool IsConstant(out long value)
    {
        value = 0;
        if (_terms.Length == 0) return true;
        if (_terms.Length > 1) return false;
        var term = _terms[0];
        value = term.Numerator;
        return term.Factors.Length == 0 && term.Denominator == 1;
    }

    /// <summary>Whether it is a sum, and one of its terms a number over something: <c>Heads + 1/2</c>, <c>Heads + 3/KvHeads</c>.</summary>
    public bool IsSumWithRest => _terms.Length > 1 && _terms.Any(t => t.IsNumberOverSomething);

    /// <summary>The sum.</summary>
    public static Dim operator +(Dim a, Dim b) => AreConstant(a, b, out var x, out var y) ? x + y : new Dim(a._terms.Concat(b._terms));

    /// <summary>The difference.</summary>
    public static Dim operator -(Dim a, Dim b) => AreConstant(a, b, out var x, out var y) ? x - y : a + (b * -1);

    /// <summary>The product.</summary>
    public static Dim operator *(Dim a, Dim b) =>
        AreConstant(a, b, out var x, out var y) ? x * y : new Dim(a._terms.SelectMany(t => b._terms.Select(u => t.Times(u))));

    /// <summary>The quotient. Division by zero gives a symbol that is equal to no other dimension.</summary>
    public static Dim operator /(Dim a, Dim b)
    {
        var areConstant = AreConstant(a, b, out var x, out var y);
        if (a.Equals(b)) return 1;
        if (areConstant && y != 0 && x % y == 0) return x / y;
        if (b._terms.Length != 1) return Symbol($"({a})/({b})");
        var inverse = b._terms[0].Inverse();
        return new Dim(a._terms.Select(t => t.Times(inverse)));
    }

    private static bool AreConstant(Dim a, Dim b, out long x, out long y)
    {
        if (a is null) throw new ArgumentNullException(nameof(a));
        if (b is null) throw new ArgumentNullException(nameof(b));
        y = 0;
        return a.IsConstant(out x) && b.IsConstant(out y);
    }

    /// <summary>The value for the given hyper-parameters. A quotient with a remainder gives null.</summary>
    public long? Evaluate(Func<string, long> value)
    {
        double sum = 0;
        foreach (var term in _terms)
        {
            var product = (double)term.Numerator / term.Denominator;
            foreach (var factor in term.Factors) product *= Math.Pow(value(factor.Name), factor.Exponent);
            sum += product;
        }

        var rounded = Math.Round(sum);
        return Math.Abs(sum - rounded) < 1e-6 && Math.Abs(rounded) < long.MaxValue ? (long)rounded : null;
    }

    /// <summary>This dimension with some names replaced.</summary>
    public Dim Substitute(Func<string, Dim?> replacement)
    {
        Dim sum = 0;
        foreach (var term in _terms)
        {
            Dim product = new([new Term(term.Numerator, term.Denominator, [])]);
            foreach (var factor in term.Factors)
            {
                var value = replacement(factor.Name) ?? Symbol(factor.Name);
                for (var i = 0; i < Math.Abs(factor.Exponent); i++) product = factor.Exponent > 0 ? product * value : product / value;
            }

            sum += product;
        }

        return sum;
    }

    /// <inheritdoc/>
    public bool Equals(Dim? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dim);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The normal form as text, equal for equal dimensions: <c>Heads*HeadDim + 2*Ff</c>.</summary>
    public override string ToString() => _text;

    private string Print()
    {
        if (_terms.Length == 0) return "0";
        if (_terms.Length == 1 && _terms[0].Numerator > 0) return _terms[0].ToString();
        var text = new StringBuilder();
        // Positive terms first, so that a difference reads as one: "A - B", not "-B + A".
        foreach (var term in _terms.OrderBy(t => t.Numerator < 0))
        {
            if (text.Length > 0) text.Append(term.Numerator < 0 ? " - " : " + ");
            else if (term.Numerator < 0) text.Append('-');
            text.Append(term);
        }

        return text.ToString();
    }

    /// <summary>A name to a power. A class, since generic code over references is compiled once: shapes are inferred while a model loads.</summary>
    private sealed class Factor(string name, int exponent)
    {
        public string Name { get; } = name;
        public int Exponent { get; } = exponent;
    }

    /// <summary>A rational coefficient times powers of names, sorted by name.</summary>
    private sealed class Term
    {
        public Term(long numerator, long denominator, Factor[] factors)
        {
            var divisor = Gcd(Math.Abs(numerator), Math.Abs(denominator)) * (denominator < 0 ? -1 : 1);
            Numerator = divisor == 0 ? numerator : numerator / divisor;
            Denominator = divisor == 0 ? denominator : denominator / divisor;
            Factors = factors;
            Key = string.Join("*", factors.Select(f => f.Name + "^" + f.Exponent.ToString(CultureInfo.InvariantCulture)));
        }

        public long Numerator { get; }
        public long Denominator { get; }
        public Factor[] Factors { get; }
        public string Key { get; }

        public bool IsNumberOverSomething => (Denominator != 1 || Factors.Length > 0) && Factors.All(f => f.Exponent < 0);

        public Term Plus(Term other) =>
            new((Numerator * other.Denominator) + (other.Numerator * Denominator), Denominator * other.Denominator, Factors);

        public Term Times(Term other)
        {
            var factors = new List<Factor>(Factors.Length + other.Factors.Length);
            int i = 0, j = 0;
            while (i < Factors.Length || j < other.Factors.Length)
            {
                var order = i == Factors.Length ? 1 : j == other.Factors.Length ? -1 : string.CompareOrdinal(Factors[i].Name, other.Factors[j].Name);
                var factor = order < 0 ? Factors[i++]
                    : order > 0 ? other.Factors[j++]
                    : new Factor(Factors[i].Name, Factors[i++].Exponent + other.Factors[j++].Exponent);
                if (factor.Exponent != 0) factors.Add(factor);
            }

            return new Term(Numerator * other.Numerator, Denominator * other.Denominator, [.. factors]);
        }

        public Term Inverse() => Numerator == 0
            ? new Term(1, 1, [new Factor("1/0", 1)])
            : new Term(Denominator, Numerator, [.. Factors.Select(f => new Factor(f.Name, -f.Exponent))]);

        public override string ToString()
        {
            if (Numerator == 1 && Denominator == 1 && Factors.Length == 1 && Factors[0].Exponent == 1) return Factors[0].Name;
            var above = Powers(1).ToList();
            var below = Powers(-1).ToList();
            var coefficient = Math.Abs(Numerator);
            if (coefficient != 1 || above.Count == 0) above.Insert(0, coefficient.ToString(CultureInfo.InvariantCulture));
            if (Denominator != 1) below.Insert(0, Denominator.ToString(CultureInfo.InvariantCulture));
            var text = string.Join("*", above);
            return below.Count switch
            {
                0 => text,
                1 => text + "/" + below[0],
                _ => text + "/(" + string.Join("*", below) + ")",
            };
        }

        private IEnumerable<string> Powers(int sign) =>
            Factors.Where(f => Math.Sign(f.Exponent) == sign).SelectMany(f => Enumerable.Repeat(f.Name, Math.Abs(f.Exponent)));

        private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
    }
}
