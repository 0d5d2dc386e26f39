using System.Reflection;

namespace ArchGen.Server.Http;

/// <summary>The version of the server in answers.</summary>
internal static class ServerVersion
{
    /// <summary>Begins with "b", as clients of llama.cpp expect.</summary>
    public static string Build { get; } = "b0-archgen-" + Version();

    private static string Version()
    {
        var version = typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        var end = version.IndexOf('+');
        return end < 0 ? version : version[..end];
    }
}
