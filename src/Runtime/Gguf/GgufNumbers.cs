using System.Numerics;

namespace ArchGen.Gguf;

/// <summary>Converts the numbers of a metadata value to the type that a caller needs.</summary>
internal static class GgufNumbers
{
    /// <summary>The value of an integer of any GGUF type; false if it is no integer.</summary>
    public static bool TryGetInteger(object value, out Int128 integer)
    {
        (var isInteger, integer) = value switch
        {
            byte v => (true, v),
            sbyte v => (true, v),
            ushort v => (true, v),
            short v => (true, v),
            uint v => (true, v),
            int v => (true, v),
            ulong v => (true, v),
            long v => (true, v),
            _ => (false, (Int128)0),
        };
        return isInteger;
    }

    /// <summary>The elements of an array as numbers of one type: the array itself if it has that type.</summary>
    /// <param name="elementType">The type of the elements.</param>
    /// <param name="values">The array.</param>
    /// <param name="acceptsReal">Whether the elements may be floating point numbers.</param>
    /// <param name="place">The key of the array, for errors.</param>
    /// <returns>The numbers; null if the elements are no such numbers.</returns>
    /// <exception cref="ModelFileException">An element does not fit.</exception>
    public static T[]? Convert<T>(GgufValueType elementType, object values, bool acceptsReal, string place)
        where T : struct, INumber<T>, IMinMaxValue<T> => elementType switch
        {
            GgufValueType.UInt8 => Convert<byte, T>(values, place),
            GgufValueType.Int8 => Convert<sbyte, T>(values, place),
            GgufValueType.UInt16 => Convert<ushort, T>(values, place),
            GgufValueType.Int16 => Convert<short, T>(values, place),
            GgufValueType.UInt32 => Convert<uint, T>(values, place),
            GgufValueType.Int32 => Convert<int, T>(values, place),
            GgufValueType.UInt64 => Convert<ulong, T>(values, place),
            GgufValueType.Int64 => Convert<long, T>(values, place),
            GgufValueType.Float32 when acceptsReal => Convert<float, T>(values, place),
            GgufValueType.Float64 when acceptsReal => Convert<double, T>(values, place),
            _ => null,
        };

    private static TTo[] Convert<TFrom, TTo>(object values, string place)
        where TFrom : struct, INumber<TFrom>
        where TTo : struct, INumber<TTo>, IMinMaxValue<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
            return (TTo[])values;
        var from = (TFrom[])values;
        var to = new TTo[from.Length];
        for (var i = 0; i < from.Length; i++)
        {
            try
            {
                to[i] = TTo.CreateChecked(from[i]);
            }
            catch (OverflowException)
            {
                throw new ModelFileException(
                    $"{place}: element {i} is {from[i]}; expected {TTo.MinValue} to {TTo.MaxValue}. {GgufValue.Remedy}");
            }
        }

        return to;
    }
}
