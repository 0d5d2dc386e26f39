using System.Numerics;

namespace ArchGen.Grammars.JsonSchema.Numbers;

/// <summary>
/// Automata of number keywords. All are over the numbers that are spelled without exponent, without superfluous zeros in front, and without the sign of a
/// negative zero; each holds all spellings of a value or none, so that unions, intersections and complements of spellings are those of values.
/// </summary>
internal static class DecimalRules
{
    /// <summary>All numbers that are spelled as above.</summary>
    public static DecimalAutomaton Plain { get; } = DecimalAutomaton.Explore<SpellingState>(default, SpellingState.Step, SpellingState.Accepts);

    /// <summary>The numbers without a fraction, or with one of zeros.</summary>
    public static DecimalAutomaton Integers { get; } = MultipleOf(new(1, 0));

    /// <summary>The integers that are spelled without a fraction.</summary>
    public static DecimalAutomaton PlainIntegers { get; } = DecimalAutomaton.Combine(
        Plain,
        DecimalAutomaton.Explore(0, (_, symbol) => symbol == DecimalAutomaton.Point ? null : 0, _ => true),
        (a, b) => a && b);

    /// <summary>The numbers that compare to a bound in one of the given ways.</summary>
    public static DecimalAutomaton Compare(ExactDecimal bound, bool less, bool equal, bool greater)
    {
        var comparison = new Comparison(bound);
        var automaton = DecimalAutomaton.Explore<Comparison.State>(
            default,
            comparison.Step,
            state => comparison.Order(state) switch { < 0 => less, 0 => equal, _ => greater });
        return Spelled(automaton);
    }

    /// <summary>The multiples of a positive number.</summary>
    /// <exception cref="SchemaException">The divisor has too many digits to be decided.</exception>
    public static DecimalAutomaton MultipleOf(ExactDecimal divisor)
    {
        var modulus = BigInteger.Abs(divisor.Coefficient) * BigInteger.Pow(10, Math.Max(0, divisor.Exponent));
        var places = Math.Max(0, -divisor.Exponent);
        if (modulus * (places + 2) > DecimalAutomaton.MaxStates / 2) throw new SchemaException("the divisor has too many digits to be decided");
        var divider = new Division((int)modulus, places);
        return Spelled(DecimalAutomaton.Explore<Division.State>(default, divider.Step, divider.Accepts));
    }

    private static DecimalAutomaton Spelled(DecimalAutomaton automaton) => DecimalAutomaton.Combine(Plain, automaton, (a, b) => a && b);

    private readonly record struct SpellingState(Phase Phase, bool IsNegative, bool HasNonZero)
    {
        public static SpellingState? Step(SpellingState state, int symbol)
        {
            if (symbol == DecimalAutomaton.Minus) return state.Phase == Phase.Start ? new(Phase.Sign, true, false) : null;
            if (symbol == DecimalAutomaton.Point) return state.Phase is Phase.Zero or Phase.Integer ? state with { Phase = Phase.Point } : null;
            var hasNonZero = state.HasNonZero || symbol != 0;
            return state.Phase switch
            {
                Phase.Start or Phase.Sign => state with { Phase = symbol == 0 ? Phase.Zero : Phase.Integer, HasNonZero = hasNonZero },
                Phase.Integer => state,
                Phase.Point or Phase.Fraction => state with { Phase = Phase.Fraction, HasNonZero = hasNonZero },
                _ => null,
            };
        }

        public static bool Accepts(SpellingState state) =>
            state.Phase is Phase.Zero or Phase.Integer or Phase.Fraction && (state.HasNonZero || !state.IsNegative);
    }

    private enum Phase : byte
    {
        Start,
        Sign,
        Zero,
        Integer,
        Point,
        Fraction,
    }

    /// <summary>Compares the magnitude digit by digit: integers of more digits are larger, of equally many the first different digit decides.</summary>
    private sealed class Comparison(ExactDecimal bound)
    {
        private readonly string _integer = bound.IntegerDigits;
        private readonly string _fraction = bound.FractionDigits;

        public readonly record struct State(bool IsNegative, bool InFraction, int Position, int Order);

        public State? Step(State state, int symbol)
        {
            if (symbol == DecimalAutomaton.Minus) return state == default ? new State(true, false, 0, 0) : null;
            if (symbol == DecimalAutomaton.Point) return state.InFraction ? null : new State(state.IsNegative, true, 0, IntegerOrder(state));
            var (digits, position, order) = (state.InFraction ? _fraction : _integer, state.Position, state.Order);
            if (position < digits.Length)
            {
                return state with { Position = position + 1, Order = order != 0 ? order : Math.Sign(symbol - (digits[position] - '0')) };
            }

            if (state.InFraction) return order == 0 && symbol != 0 ? state with { Order = 1 } : state;
            return state with { Position = digits.Length + 1, Order = 1 };
        }

        /// <summary>-1 if the number that ends here is less than the bound, 0 if it is equal, 1 if it is greater.</summary>
        public int Order(State state)
        {
            var order = state.InFraction ? state.Order : IntegerOrder(state);
            var read = state.InFraction ? state.Position : 0;
            if (order == 0 && read < _fraction.Length) order = -1;
            if (state.IsNegative != bound.IsNegative) return state.IsNegative ? -1 : 1;
            return state.IsNegative ? -order : order;
        }

        private int IntegerOrder(State state) => state.Position < _integer.Length ? -1 : state.Order;
    }

    /// <summary>Divides digit by digit. After the point, <paramref name="places"/> digits belong to the dividend; the others must be zeros.</summary>
    private sealed class Division(int modulus, int places)
    {
        public readonly record struct State(int Remainder, int Place, bool InFraction);

        public State? Step(State state, int symbol)
        {
            if (symbol == DecimalAutomaton.Minus) return state == default ? state : null;
            if (symbol == DecimalAutomaton.Point) return state.InFraction ? null : state with { InFraction = true };
            if (state.InFraction && state.Place >= places) return symbol == 0 ? state : null;
            var remainder = (int)(((10L * state.Remainder) + symbol) % modulus);
            return state with { Remainder = remainder, Place = state.InFraction ? state.Place + 1 : 0 };
        }

        public bool Accepts(State state)
        {
            long remainder = state.Remainder;
            for (var place = state.Place; place < places; place++) remainder = remainder * 10 % modulus;
            return remainder == 0;
        }
    }
}
