using System.Reflection;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>A null where none may be is an ArgumentNullException with the parameter's name, or at least never an error of the library's own code.</summary>
public sealed class NullTests
{
    public static TheoryData<string> Types => [.. PublicMembers.Types.Where(type => PublicMembers.Taking(type).Any()).Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_null_is_refused_by_name(string type) => Probe.Assert(type, Nulls);

    private static IEnumerable<(string Text, object? Value)> Nulls(ParameterInfo parameter)
    {
        if (!parameter.IsOut && !parameter.ParameterType.IsValueType && !Values.MayBeNull(parameter)) yield return ("null", null);
    }
}
