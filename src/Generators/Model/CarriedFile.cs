namespace ArchGen.Generators.Model;

/// <summary>A file whose source an assembly carries, for variants in other assemblies.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Types">The full names of the types that it declares outside of others.</param>
/// <param name="Text">Its text, packed.</param>
internal sealed record CarriedFile(string Name, EquatableArray<string> Types, string Text)
{
    /// <summary>
    /// The version of the language. It is raised with every change after which a declaration of before means something else, or nothing: what a library
    /// carries is read by the generator of whoever refers to it.
    /// </summary>
    public const int Language = 1;

    /// <summary>What the paths of carried files begin with in the compilation that reads them.</summary>
    public const string Root = "(carried)/";

    /// <summary>What stands in place of a type for a file that can be needed without being named: it has extension methods.</summary>
    public const string Ambient = "*";

    /// <summary>Whether a path is that of a file which another assembly carries.</summary>
    public static bool IsCarried(string path) => path.StartsWith(Root, StringComparison.Ordinal);
}
