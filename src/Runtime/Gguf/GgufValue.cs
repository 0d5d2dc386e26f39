using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>
/// One metadata value. An array is held as one array of its element type, not as boxed elements.
/// The accessors throw a <see cref="ModelFileException"/> with the key if the value is not what the caller needs. An integer of any width and sign is
/// accepted where an integer is expected, if it fits.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class GgufValue
{
    internal const string Remedy = "The file's metadata does not fit what this program expects: convert the model again, or correct the key.";

    private readonly object _value;
    private readonly string _place;

    private GgufValue(GgufValueType type, GgufValueType elementType, object value, string place = "metadata value")
    {
        Type = type;
        ElementType = elementType;
        _value = value;
        _place = place;
    }

    /// <summary>The type written in the file.</summary>
    public GgufValueType Type { get; }

    /// <summary>The type of the elements of an array; for anything else the same as <see cref="Type"/>.</summary>
    public GgufValueType ElementType { get; }

    /// <summary>Whether the value is an array.</summary>
    public bool IsArray => Type == GgufValueType.Array;

    /// <summary>Number of elements of an array; 1 for anything else.</summary>
    public int Count => IsArray ? ((Array)_value).Length : 1;

    /// <summary>A value of type u8.</summary>
    public static GgufValue From(byte value) => Scalar(GgufValueType.UInt8, value);

    /// <summary>A value of type i8.</summary>
    public static GgufValue From(sbyte value) => Scalar(GgufValueType.Int8, value);

    /// <summary>A value of type u16.</summary>
    public static GgufValue From(ushort value) => Scalar(GgufValueType.UInt16, value);

    /// <summary>A value of type i16.</summary>
    public static GgufValue From(short value) => Scalar(GgufValueType.Int16, value);

    /// <summary>A value of type u32.</summary>
    public static GgufValue From(uint value) => Scalar(GgufValueType.UInt32, value);

    /// <summary>A value of type i32.</summary>
    public static GgufValue From(int value) => Scalar(GgufValueType.Int32, value);

    /// <summary>A value of type u64.</summary>
    public static GgufValue From(ulong value) => Scalar(GgufValueType.UInt64, value);

    /// <summary>A value of type i64.</summary>
    public static GgufValue From(long value) => Scalar(GgufValueType.Int64, value);

    /// <summary>A value of type f32.</summary>
    public static GgufValue From(float value) => Scalar(GgufValueType.Float32, value);

    /// <summary>A value of type f64.</summary>
    public static GgufValue From(double value) => Scalar(GgufValueType.Float64, value);

    /// <summary>A value of type bool.</summary>
    public static GgufValue From(bool value) => Scalar(GgufValueType.Bool, value);

    /// <summary>A value of type string.</summary>
    public static GgufValue From(string value) => Scalar(GgufValueType.String, value);

    /// <summary>An array of u8. The array belongs to the value from now on.</summary>
    public static GgufValue From(byte[] values) => ArrayOf(GgufValueType.UInt8, values);

    /// <summary>An array of i8. The array belongs to the value from now on.</summary>
    public static GgufValue From(sbyte[] values) => ArrayOf(GgufValueType.Int8, values);

    /// <summary>An array of u16. The array belongs to the value from now on.</summary>
    public static GgufValue From(ushort[] values) => ArrayOf(GgufValueType.UInt16, values);

    /// <summary>An array of i16. The array belongs to the value from now on.</summary>
    public static GgufValue From(short[] values) => ArrayOf(GgufValueType.Int16, values);

    /// <summary>An array of u32. The array belongs to the value from now on.</summary>
    public static GgufValue From(uint[] values) => ArrayOf(GgufValueType.UInt32, values);

    /// <summary>An array of i32. The array belongs to the value from now on.</summary>
    public static GgufValue From(int[] values) => ArrayOf(GgufValueType.Int32, values);

    /// <summary>An array of u64. The array belongs to the value from now on.</summary>
    public static GgufValue From(ulong[] values) => ArrayOf(GgufValueType.UInt64, values);

    /// <summary>An array of i64. The array belongs to the value from now on.</summary>
    public static GgufValue From(long[] values) => ArrayOf(GgufValueType.Int64, values);

    /// <summary>An array of f32. The array belongs to the value from now on.</summary>
    public static GgufValue From(float[] values) => ArrayOf(GgufValueType.Float32, values);

    /// <summary>An array of f64. The array belongs to the value from now on.</summary>
    public static GgufValue From(double[] values) => ArrayOf(GgufValueType.Float64, values);

    /// <summary>An array of bool. The array belongs to the value from now on.</summary>
    public static GgufValue From(bool[] values) => ArrayOf(GgufValueType.Bool, values);

    /// <summary>An array of string. The array belongs to the value from now on.</summary>
    public static GgufValue From(string[] values) => ArrayOf(GgufValueType.String, values);

    /// <summary>An array of arrays.</summary>
    public static GgufValue From(GgufValue[] arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return Array.TrueForAll(arrays, a => a.IsArray)
            ? ArrayOf(GgufValueType.Array, arrays)
            : throw new ArgumentException("Each element must be an array.", nameof(arrays));
    }

    /// <summary>An integer of any GGUF type, as a 32-bit one.</summary>
    /// <exception cref="ModelFileException">The value is no integer, or does not fit.</exception>
    public int AsInt32() => AsInteger<int>();

    /// <summary>An integer of any GGUF type, as an unsigned 32-bit one.</summary>
    /// <exception cref="ModelFileException">The value is no integer, or does not fit.</exception>
    public uint AsUInt32() => AsInteger<uint>();

    /// <summary>An integer of any GGUF type, as a 64-bit one.</summary>
    /// <exception cref="ModelFileException">The value is no integer, or does not fit.</exception>
    public long AsInt64() => AsInteger<long>();

    /// <summary>An integer of any GGUF type, as an unsigned 64-bit one.</summary>
    /// <exception cref="ModelFileException">The value is no integer, or does not fit.</exception>
    public ulong AsUInt64() => AsInteger<ulong>();

    /// <summary>A number as f32, rounded where it must be.</summary>
    public float AsSingle() => (float)AsDouble();

    /// <summary>A number as f64.</summary>
    public double AsDouble() => _value switch
    {
        float value => value,
        double value => value,
        _ when GgufNumbers.TryGetInteger(_value, out var value) => (double)value,
        _ => throw Mismatch("a number"),
    };

    /// <summary>True or false.</summary>
    /// <exception cref="ModelFileException">The value is of another type.</exception>
    public bool AsBool() => _value is bool value ? value : throw Mismatch("true or false (bool)");

    /// <summary>A string.</summary>
    /// <exception cref="ModelFileException">The value is of another type.</exception>
    public string AsString() => _value as string ?? throw Mismatch("a string");

    /// <summary>The elements, each as a value; for small arrays whose element type is not known beforehand.</summary>
    public GgufValue[] AsArray()
    {
        if (!IsArray)
            throw Mismatch("an array");
        var elements = (Array)_value;
        var values = new GgufValue[elements.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var element = elements.GetValue(i)!;
            var bare = element as GgufValue ?? Scalar(ElementType, element);
            values[i] = bare.At($"{_place}[{i}]");
        }

        return values;
    }

    /// <summary>The strings of an array. The array belongs to this value: do not change it.</summary>
    public string[] AsStrings() => Elements<string>(GgufValueType.String, "an array of strings");

    /// <summary>The truth values of an array. The array belongs to this value: do not change it.</summary>
    public bool[] AsBools() => Elements<bool>(GgufValueType.Bool, "an array of bool");

    /// <summary>The integers of an array, of any integer type. The array may belong to this value: do not change it.</summary>
    public int[] AsInt32s() => Convert<int>("an array of integers", acceptsReal: false);

    /// <summary>The integers of an array, of any integer type. The array may belong to this value: do not change it.</summary>
    public long[] AsInt64s() => Convert<long>("an array of integers", acceptsReal: false);

    /// <summary>The numbers of an array, as f32. The array may belong to this value: do not change it.</summary>
    public float[] AsSingles() => Convert<float>("an array of numbers", acceptsReal: true);

    /// <summary>The bytes of an array of u8 or i8.</summary>
    public ReadOnlySpan<byte> AsBytes() => IsArray && ElementType is GgufValueType.UInt8 or GgufValueType.Int8
        ? MemoryMarshal.Cast<sbyte, byte>(MemoryMarshal.CreateReadOnlySpan(
            ref MemoryMarshal.GetArrayDataReference((sbyte[])_value), Count))
        : throw Mismatch("an array of bytes (u8 or i8)");

    /// <summary>Type and value for a message; long values are truncated.</summary>
    public override string ToString() => _value switch
    {
        _ when IsArray => $"array of {Count} {ElementType.Name}",
        string text => $"string {MessageText.Quote(text)}",
        bool value => value ? "bool true" : "bool false",
        IFormattable value => $"{Type.Name} {value.ToString(null, CultureInfo.InvariantCulture)}",
        _ => Type.Name,
    };

    /// <summary>The same value with another place named in its messages.</summary>
    internal GgufValue At(string place) => new(Type, ElementType, _value, place);

    /// <summary>The array as it is held: one of the element type, or of <see cref="GgufValue"/> for arrays of arrays.</summary>
    internal T[] RawElements<T>() => (T[])_value;

    /// <summary>The scalar as it is held.</summary>
    internal T RawScalar<T>() => (T)_value;

    private static GgufValue Scalar(GgufValueType type, object value) => new(type, type, value);

    private static GgufValue ArrayOf(GgufValueType elementType, Array values) => new(GgufValueType.Array, elementType, values);

    private T AsInteger<T>()
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Int128 min = Int128.CreateChecked(T.MinValue), max = Int128.CreateChecked(T.MaxValue);
        return GgufNumbers.TryGetInteger(_value, out var value) && value >= min && value <= max
            ? T.CreateTruncating(value)
            : throw Mismatch($"an integer from {min} to {max}");
    }

    private T[] Elements<T>(GgufValueType type, string expected) =>
        IsArray && ElementType == type ? (T[])_value : throw Mismatch(expected);

    private T[] Convert<T>(string expected, bool acceptsReal)
        where T : struct, INumber<T>, IMinMaxValue<T> =>
        (IsArray ? GgufNumbers.Convert<T>(ElementType, _value, acceptsReal, _place) : null) ?? throw Mismatch(expected);

    private ModelFileException Mismatch(string expected) => new($"{_place}: found {this}; expected {expected}. {Remedy}");
}
