using ArchGen.Runtime.Elementwise;

namespace ArchGen.Vulkan.Modules;

/// <summary>A float of a shader: the result of an instruction, or a constant. What is computed with it is written to the function that it is in.</summary>
internal readonly struct Term : IMath<Term>
{
    private readonly FunctionWriter? _function;
    private readonly uint _id;
    private readonly float _constant;

    /// <summary>The result of an instruction.</summary>
    public Term(FunctionWriter function, uint id) => (_function, _id) = (function, id);

    private Term(float constant) => _constant = constant;

    public static implicit operator Term(float value) => new(value);

    public static Term operator -(Term x) => Write(SpirvOp.FNegate, x);

    public static Term operator +(Term a, Term b) => Write(SpirvOp.FAdd, a, b);

    public static Term operator -(Term a, Term b) => Write(SpirvOp.FSub, a, b);

    public static Term operator *(Term a, Term b) => Write(SpirvOp.FMul, a, b);

    public static Term operator /(Term a, Term b) => Write(SpirvOp.FDiv, a, b);

    // The driver makes it one instruction where that is faster.
    public static Term MultiplyAdd(Term a, Term b, Term c) => (a * b) + c;

    // FMin and FMax may drop a NaN.
    public static Term Min(Term a, Term b) => WhereLess(b, a, b, a);

    public static Term Max(Term a, Term b) => WhereLess(a, b, b, a);

    public static Term Abs(Term x) => Write(GlslOp.FAbs, x);

    public static Term WhereLess(Term a, Term b, Term yes, Term no)
    {
        var function = FunctionOf(a, b);
        var module = function.Module;
        var less = function.Result(SpirvOp.FOrdLessThan, module.Bool, a.IdIn(function), b.IdIn(function));
        return new Term(function, function.Result(SpirvOp.Select, module.Float, less, yes.IdIn(function), no.IdIn(function)));
    }

    public static Term Sqrt(Term x) => Write(GlslOp.Sqrt, x);

    public static Term Exp(Term x) => Write(GlslOp.Exp, x);

    // Vulkan lets Log be off by 2^-21 for numbers from 0.5 to 2, which is much for those near 1.
    public static Term LogOnePlus(Term x) => Functions.LogOnePlus(x);

    // What the table is made by. The last places of tanh differ, and so now and then the last place of a half.
    public static Term GeluTable(Term x)
    {
        var h = RoundToHalf(x);
        var y = RoundToHalf(0.5f * h * (1 + Functions.Tanh(0.79788456080286535588f * h * (1 + (0.044715f * h * h)))));
        return WhereLess(x, 10, WhereLess(-10, x, y, 0), x);
    }

    /// <summary>The id of the float in a function.</summary>
    public uint IdIn(FunctionWriter function) => _function is null ? function.Module.Constant(_constant) : _id;

    /// <summary>A float below 65520 rounded to the nearest in half precision, ties to even.</summary>
    private static Term RoundToHalf(Term x)
    {
        var function = FunctionOf(x, x);
        var module = function.Module;
        var bits = function.Result(SpirvOp.Bitcast, module.Uint, x._id);
        var shifted = function.Result(SpirvOp.ShiftRightLogical, module.Uint, bits, module.Constant(13u));
        var isOdd = function.Result(SpirvOp.BitwiseAnd, module.Uint, shifted, module.Constant(1u));
        var carried = function.Sum(function.Sum(bits, module.Constant(0xfffu)), isOdd);
        var kept = function.Result(SpirvOp.BitwiseAnd, module.Uint, carried, module.Constant(0xffffe000u));
        var normal = new Term(function, function.Result(SpirvOp.Bitcast, module.Float, kept));
        // Halves below 2^-14 are multiples of 2^-24.
        var small = Write(GlslOp.RoundEven, x * 16777216f) * (1 / 16777216f);
        return WhereLess(Abs(x), 1 / 16384f, small, normal);
    }

    private static Term Write(SpirvOp op, Term x)
    {
        var function = FunctionOf(x, x);
        return new Term(function, function.Result(op, function.Module.Float, x._id));
    }

    private static Term Write(SpirvOp op, Term a, Term b)
    {
        var function = FunctionOf(a, b);
        return new Term(function, function.Result(op, function.Module.Float, a.IdIn(function), b.IdIn(function)));
    }

    private static Term Write(GlslOp op, Term x)
    {
        var function = FunctionOf(x, x);
        return new Term(function, function.Result(op, x._id));
    }

    private static FunctionWriter FunctionOf(Term a, Term b) =>
        a._function ?? b._function ?? throw new InvalidOperationException("an operation of a shader has constants alone");
}
