using System.Reflection;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>Which errors are an answer to a wrong argument, and which show that nothing looked at it.</summary>
internal static class Refusal
{
    /// <summary>What is wrong with an error; null if it is one that callers can understand.</summary>
    public static string? Fault(MethodBase member, Exception? error) => error switch
    {
        AggregateException { InnerException: { } inner } => Fault(member, inner),
        null or ArchGenException or Testing.CheckFailedException or ObjectDisposedException or OperationCanceledException => null,
        ArgumentException { ParamName: { } name } => IsOf(member, name) ? null : $"names \"{name}\", which is none of its parameters: {error.Message}",
        ArgumentException => $"an ArgumentException without the parameter's name: {error.Message}",
        ShapeException or FormatException or NotSupportedException or InvalidOperationException or IOException or KeyNotFoundException => null,
        _ => $"{error.GetType().Name}: {error.Message} {Place(error)}",
    };

    private static bool IsOf(MethodBase member, string name) => member.GetParameters().Any(parameter => parameter.Name == name);

    private static string Place(Exception error) =>
        string.Join(" < ", (error.StackTrace ?? "").Split('\n').Take(3).Select(line => line.Trim().Split(" in ")[^1].Split('/')[^1]));
}
