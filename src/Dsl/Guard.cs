using System.Runtime.CompilerServices;

namespace ArchGen;

/// <summary>Refuses an argument in the middle of an expression.</summary>
internal static class Guard
{
    /// <summary>The value.</summary>
    /// <exception cref="ArgumentNullException">It is null; the exception names the parameter.</exception>
    public static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class => value ?? throw new ArgumentNullException(name);

    /// <summary>The list.</summary>
    /// <exception cref="ArgumentException">It is null or empty; the exception names the parameter.</exception>
    public static IReadOnlyList<T> NotEmpty<T>(IReadOnlyList<T>? list, [CallerArgumentExpression(nameof(list))] string? name = null) =>
        NotNull(list, name) is { Count: > 0 } full ? full : throw new ArgumentException("The list is empty.", name);
}
