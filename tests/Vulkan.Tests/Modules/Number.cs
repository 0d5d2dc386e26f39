using ArchGen.Runtime.Elementwise;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>One float, computed as a shader does: what a shader's results are compared with where there is no other processor.</summary>
internal readonly record struct Number(float Value) : IMath<Number>
{
    public static implicit operator Number(float value) => new(value);

    public static Number operator -(Number x) => new(-x.Value);

    public static Number operator +(Number a, Number b) => new(a.Value + b.Value);

    public static Number operator -(Number a, Number b) => new(a.Value - b.Value);

    public static Number operator *(Number a, Number b) => new(a.Value * b.Value);

    public static Number operator /(Number a, Number b) => new(a.Value / b.Value);

    public static Number MultiplyAdd(Number a, Number b, Number c) => (a * b) + c;

    public static Number Min(Number a, Number b) => WhereLess(b, a, b, a);

    public static Number Max(Number a, Number b) => WhereLess(a, b, b, a);

    public static Number Abs(Number x) => new(Math.Abs(x.Value));

    public static Number WhereLess(Number a, Number b, Number yes, Number no) => a.Value < b.Value ? yes : no;

    public static Number Sqrt(Number x) => new(MathF.Sqrt(x.Value));

    public static Number Exp(Number x) => new(MathF.Exp(x.Value));

    public static Number LogOnePlus(Number x) => Functions.LogOnePlus(x);

    public static Number GeluTable(Number x) => new(Eager.GeluTable.Of(x.Value));
}
