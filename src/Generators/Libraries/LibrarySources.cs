using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ArchGen.Generators.Model;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Libraries;

/// <summary>
/// Adds to a compilation the files of its libraries that it can refer to, so that a variant of an architecture of another assembly is read as one of an
/// architecture beside it. The compiler takes a type in source for the one of the same name in a library, and a type of the project counts for one in such a
/// file. Nothing is generated for these files.
/// </summary>
internal static class LibrarySources
{
    private static readonly ConditionalWeakTable<Compilation, Compilation> Extended = new();

    /// <summary>The compilation with the files of libraries that it names, and those that these name in turn.</summary>
    public static Compilation AddTo(Compilation compilation) => Extended.GetValue(compilation, Extend);

    /// <summary>The files of libraries in a compilation that has them.</summary>
    public static IEnumerable<DeclarationFile> FilesIn(Compilation extended) =>
        extended.SyntaxTrees.Where(t => CarriedFile.IsCarried(t.FilePath)).Select(t => new DeclarationFile(t, extended));

    private static Compilation Extend(Compilation compilation)
    {
        var libraries = CatalogPlaces.Libraries(compilation).Select(Library.Of).Where(l => !l.IsEmpty).ToList();
        if (libraries.Count == 0 || compilation.SyntaxTrees.FirstOrDefault()?.Options is not CSharpParseOptions options) return compilation;
        var files = new Dictionary<LibraryFile, SyntaxTree>();
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var names = compilation.SyntaxTrees.Select(SourceNames.Of).ToList();
        var pending = new Stack<string>(names.SelectMany(n => n.Mentioned).Concat(Misspelt(names, libraries)));
        while (pending.Count > 0)
        {
            if (!asked.Add(pending.Pop() is var name ? name : "")) continue;
            foreach (var library in libraries)
            {
                var found = library.Declaring(name);
                if (found.Count > 0) found = [.. found, .. library.Declaring(CarriedFile.Ambient)];
                foreach (var file in found.Where(f => !files.ContainsKey(f)))
                {
                    if (file.Tree(options, t => compilation.Assembly.GetTypeByMetadataName(t) is not null) is not { } tree) continue;
                    files.Add(file, tree);
                    foreach (var mentioned in SourceNames.Of(tree).Mentioned) pending.Push(mentioned);
                }
            }
        }

        var ordered = files.OrderBy(f => f.Key.Path, StringComparer.Ordinal).ThenBy(f => f.Key.Types[0], StringComparer.Ordinal);
        return files.Count == 0 ? compilation : compilation.AddSyntaxTrees(ordered.Select(f => f.Value));
    }

    /// <summary>
    /// What may be meant by bases that there are not: the one whose name is nearest, so that a misspelt base entails no more reports here than beside it.
    /// </summary>
    private static IEnumerable<string> Misspelt(IReadOnlyList<SourceNames> files, IReadOnlyList<Library> libraries)
    {
        var known = new HashSet<string>(files.SelectMany(f => f.Declared).Concat(libraries.SelectMany(l => l.Names)), StringComparer.Ordinal);
        return files.SelectMany(f => f.Bases).Distinct().Where(b => !known.Contains(b)).Select(b => Spelling.Nearest(b, known)).OfType<string>();
    }
}
