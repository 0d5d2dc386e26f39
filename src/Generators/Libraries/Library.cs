using System.Runtime.CompilerServices;
using ArchGen.Generators.Model;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Libraries;

/// <summary>A referenced assembly and the sources that it carries, which are unpacked and parsed once, when they are asked for.</summary>
internal sealed class Library
{
    private static readonly ConditionalWeakTable<IAssemblySymbol, Library> Known = new();

    private readonly Dictionary<string, List<LibraryFile>> _declaring = new(StringComparer.Ordinal);

    private Library(IAssemblySymbol assembly)
    {
        if (CarriedLanguage.IsOther(assembly)) return;
        foreach (var attribute in assembly.Attributes(KnownNames.DeclarationSource).Where(a => a.ConstructorArguments.Length == 4))
        {
            var types = attribute.Text(2).Split(';');
            var file = new LibraryFile($"{CarriedFile.Root}{assembly.Name}/{attribute.Text(1)}", types, attribute.Text(3));
            foreach (var type in types)
            {
                var name = type.Substring(type.LastIndexOf('.') + 1);
                if (!_declaring.TryGetValue(name, out var files)) _declaring.Add(name, files = []);
                files.Add(file);
            }
        }
    }

    /// <summary>The library that an assembly is; its symbol is the same as long as the assembly and its own references are.</summary>
    public static Library Of(IAssemblySymbol assembly) => Known.GetValue(assembly, a => new Library(a));

    /// <summary>Whether it carries anything.</summary>
    public bool IsEmpty => _declaring.Count == 0;

    /// <summary>The simple names of the types that it carries.</summary>
    public IEnumerable<string> Names => _declaring.Keys;

    /// <summary>The files that declare a type of a simple name.</summary>
    public IReadOnlyList<LibraryFile> Declaring(string name) => _declaring.TryGetValue(name, out var files) ? files : [];
}
