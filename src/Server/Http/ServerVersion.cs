using System.Reflection;

namespace ArchGen.Server.Http;

/// <summary>Which server this is.</summary>
internal static class ServerVersion
{
    /// <summary>The version, such as <c>1.4.0</c>.</summary>
    public static string Number { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>The version as clients of llama.cpp expect it: it begins with "b".</summary>
    public static string Build { get; } = $"b{Number}-archgen";
}
