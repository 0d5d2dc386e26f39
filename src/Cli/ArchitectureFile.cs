using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ArchGen.Cli;

/// <summary>An assembly with architectures that <c>--architectures FILE</c> names.</summary>
internal static class ArchitectureFile
{
    private const string Expected = "Name the assembly of your architectures, such as bin/Release/net10.0/Models.dll.";

    private static string Version { get; } = WithoutCommit(
        typeof(ArchitectureInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    /// <summary>The architectures that are declared in an assembly, by name.</summary>
    /// <param name="path">The assembly's file. Its references are looked for beside it.</param>
    /// <exception cref="RequestException">
    /// The file is missing, is no assembly, has no architectures, or was built with another version of ArchGen; or the program was compiled ahead of time.
    /// </exception>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A program that is compiled ahead of time ends with the first message.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "A program that is compiled ahead of time ends with the first message.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A program that is compiled ahead of time ends with the first message.")]
    public static IReadOnlyList<ArchitectureInfo> Read(string path)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw Error(
                path, "this program was compiled ahead of time and loads no assembly. Use the tool ArchGen.Cli, or a program of your own (docs/packages.md).");
        }

        if (!File.Exists(path)) throw Error(path, "there is no such file. " + Expected);
        var file = Path.GetFullPath(path);
        CheckVersion(path, file);
        try
        {
            var assembly = new ArchitectureContext(file).LoadFromAssemblyPath(file);
            var catalog = assembly.GetCustomAttribute<CatalogAttribute>()
                ?? throw Error(path, $"it has no architectures. Declare one, with a reference to the package ArchGen {Version}.");
            CheckLanguage(path, catalog.Language);
            var found = catalog.Catalog.GetProperty("Own")?.GetValue(null) as IReadOnlyList<ArchitectureInfo> ?? throw Misfit(path);
            if (found.Count == 0) throw Error(path, $"it declares no architectures; its references may. {Expected}");
            // A member that this version lacks is found here, not in the middle of a command.
            foreach (var architecture in found) architecture.Create();
            return found;
        }
        catch (BadImageFormatException error)
        {
            throw Error(path, "it is no .NET assembly. " + Expected, error);
        }
        // The constructors of the architectures are another's code.
        catch (Exception error) when (error is not ArchGenException)
        {
            throw Misfit(path, error);
        }
    }

    /// <summary>Checks the version of the package that the build has written beside the assembly, if it has.</summary>
    private static void CheckVersion(string path, string file)
    {
        var list = Path.ChangeExtension(file, ".deps.json");
        if (!File.Exists(list)) return;
        const string package = "ArchGen/";
        var names = Libraries(path, list).Where(name => name.StartsWith(package, StringComparison.Ordinal));
        if (names.Select(name => name[package.Length..]).FirstOrDefault(version => version != Version) is { } built)
        {
            throw Error(
                path, $"it was built with ArchGen {built}, and this is {Version}. Build it with version {Version}, or use version {built} of the tool.");
        }
    }

    /// <summary>Checks the version of the language that the assembly itself states, since nothing need be beside it.</summary>
    private static void CheckLanguage(string path, int language)
    {
        var own = typeof(Architectures.Catalog).Assembly.GetCustomAttribute<CatalogAttribute>()!.Language;
        if (language == own) return;
        throw Error(
            path, string.Create(CultureInfo.InvariantCulture, $"it was built with version {language} of the language of architectures, and this reads version ")
                + string.Create(CultureInfo.InvariantCulture, $"{own}. Build it with the package ArchGen {Version}."));
    }

    private static IEnumerable<string> Libraries(string path, string list)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(list));
            return [.. document.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Error(path, $"{Path.GetFileName(list)} beside it, which the build wrote, is damaged. Build it again.", error);
        }
    }

    private static RequestException Misfit(string path, Exception? error = null)
    {
        var cause = error is null ? "" : $" {error.GetBaseException().Message}";
        var remedy = $"Build it with the package ArchGen {Version}, with everything that it needs beside it.";
        return Error(path, $"it does not fit ArchGen {Version}. {remedy}{cause}", error);
    }

    private static RequestException Error(string path, string message, Exception? cause = null) => new($"--architectures {path}: {message}", cause);

    // 1.2.3 of 1.2.3+a1b2c3.
    private static string WithoutCommit(string version) => version.Split('+')[0];
}
