using System.Reflection;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>Calls each member of a type with one wrong argument, the others valid.</summary>
internal static class Probe
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>Parameters whose wrong values may get another error, and why.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["Dim.op_Implicit(value) value"] = "Arithmetic of dimensions is checked: an OverflowException, and ModelLoader says what it means for a file.",
    };

    /// <summary>Each answer is one that callers can understand.</summary>
    public static void Assert(string type, Func<ParameterInfo, IEnumerable<(string Text, object? Value)>> wrong)
    {
        var faults = Faults(type, wrong);
        Xunit.Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static List<string> Faults(string name, Func<ParameterInfo, IEnumerable<(string Text, object? Value)>> wrong)
    {
        var faults = new List<string>();
        foreach (var member in PublicMembers.Taking(PublicMembers.Types.First(type => type.FullName == name)))
        {
            foreach (var parameter in member.GetParameters())
            {
                foreach (var (text, value) in wrong(parameter))
                {
                    if (Allowed.ContainsKey($"{PublicMembers.NameOf(member)} {parameter.Name}")) continue;
                    if (Fault(member, parameter, value) is { } fault) faults.Add($"{PublicMembers.NameOf(member)}, {parameter.Name} = {text}: {fault}");
                }
            }
        }

        return faults;
    }

    private static string? Fault(MethodBase member, ParameterInfo wrong, object? value)
    {
        using var values = new Values();
        object? target = null;
        if (member is MethodInfo { IsStatic: false })
        {
            target = values.Find(member.DeclaringType!);
            if (target is null) return Missing(member.DeclaringType!);
            // A setter of a shared object would change it for all.
            if (member.IsSpecialName && member.Name.StartsWith("set_", StringComparison.Ordinal)) target = Clone.Invoke(target, []);
        }

        var arguments = member.GetParameters().Select(parameter => parameter == wrong ? value : parameter.IsOut ? null : values.For(parameter)).ToArray();
        foreach (var (parameter, argument) in member.GetParameters().Zip(arguments))
        {
            if (parameter != wrong && argument is null && !parameter.IsOut && !Values.MayBeNull(parameter)) return Missing(parameter.ParameterType);
        }

        return Refusal.Fault(member, Call.Of(member, target, arguments));
    }

    private static string? Missing(Type type) =>
        Unmade.Types.ContainsKey(type) ? null : $"no {type} could be made: give {nameof(Factories)} one, or {nameof(Unmade)} a reason";
}
