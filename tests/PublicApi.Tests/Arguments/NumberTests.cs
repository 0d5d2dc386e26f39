using System.Reflection;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>
/// Numbers that no caller means, empty texts, lists and spans, paths that cannot be, cancelled tokens: an answer or a refusal by name, never an error of the
/// library's own code.
/// </summary>
public sealed class NumberTests
{
    public static TheoryData<string> Types => NullTests.Types;

    [Theory]
    [MemberData(nameof(Types))]
    public void A_wrong_number_or_an_empty_list_is_refused_by_name(string type) => Probe.Assert(type, Wrong);

    private static IEnumerable<(string Text, object? Value)> Wrong(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(int)) return [("0", 0), ("-1", -1), ("int.MaxValue", int.MaxValue), ("int.MinValue", int.MinValue)];
        if (type == typeof(long)) return [("0", 0L), ("-1", -1L), ("long.MaxValue", long.MaxValue), ("long.MinValue", long.MinValue)];
        if (type == typeof(float)) return [("NaN", float.NaN), ("-1", -1f), ("infinity", float.PositiveInfinity)];
        if (type == typeof(double)) return [("NaN", double.NaN), ("-1", -1d), ("infinity", double.PositiveInfinity)];
        if (type == typeof(string)) return [("an empty text", ""), ("a path below a file", Path.Combine(Environment.ProcessPath!, "none.gguf"))];
        if (type == typeof(CancellationToken)) return [("a cancelled token", new CancellationToken(canceled: true))];
        if (type.IsEnum) return [("an unknown value", Enum.ToObject(type, 99))];
        var item = type.IsByRefLike || type.IsGenericType && type.GetGenericArguments().Length == 1 ? type.GetGenericArguments()[0]
            : type.IsArray ? type.GetElementType()! : null;
        if (item is null || !type.IsByRefLike && !type.IsAssignableFrom(item.MakeArrayType())) return [];
        return [("nothing", Array.CreateInstance(item, 0))];
    }
}
