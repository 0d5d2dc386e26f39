using System.Runtime.CompilerServices;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// Which files of a compilation a file's meaning depends on: those that declare a type that it names, those that these name in turn, and those that
/// need no naming. Coarser than what the compiler would find, and never less: an edit elsewhere cannot change what the file means.
/// </summary>
internal sealed class SourceDependencies
{
    private static readonly ConditionalWeakTable<Compilation, SourceDependencies> Known = new();

    private readonly Dictionary<SyntaxTree, int> _index = [];
    private readonly SourceNames[] _files;
    private readonly List<int> _ambient = [];
    private readonly Dictionary<string, List<int>> _declaring = new(StringComparer.Ordinal);
    private readonly Surroundings _surroundings;

    private SourceDependencies(Compilation compilation)
    {
        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        _files = [.. compilation.SyntaxTrees.Select(SourceNames.Of)];
        foreach (var tree in compilation.SyntaxTrees)
        {
            var i = _index.Count;
            _index.Add(tree, i);
            if (_files[i].Ambient is not null) _ambient.Add(i);
            foreach (var name in _files[i].Namespaces) namespaces.Add(name);
            foreach (var name in _files[i].Declared)
            {
                if (!_declaring.TryGetValue(name, out var files)) _declaring.Add(name, files = []);
                files.Add(i);
            }
        }

        _surroundings = new Surroundings(compilation, string.Join(";", namespaces), string.Join("\n", _ambient.Select(i => _files[i].Ambient)));
    }

    /// <summary>All that the meaning of a file depends on, equal for two compilations if it is the same in both.</summary>
    public static SourceContext Of(SyntaxTree tree, Compilation compilation) => Known.GetValue(compilation, c => new SourceDependencies(c)).Of(tree);

    /// <summary>Files, and those that they refer to by the names of types, in the order of the compilation.</summary>
    public static IEnumerable<SyntaxTree> Reached(IEnumerable<SyntaxTree> trees, Compilation compilation)
    {
        var dependencies = Known.GetValue(compilation, c => new SourceDependencies(c));
        var reached = new SortedSet<int>(trees.Select(t => dependencies._index[t]));
        if (reached.Count == 0) return [];
        dependencies.Follow(reached, reached);
        return compilation.SyntaxTrees.Where((_, i) => reached.Contains(i));
    }

    private SourceContext Of(SyntaxTree tree)
    {
        var reached = new SortedSet<int> { _index[tree] };
        // An ambient file is part of the surroundings; what it names counts as named.
        Follow(_ambient.Concat(reached), reached);
        return new SourceContext(SourceNames.Of(tree), reached.Select(i => _files[i]).ToEquatable(), _surroundings);
    }

    private void Follow(IEnumerable<int> first, SortedSet<int> reached)
    {
        var pending = new Stack<int>(first);
        while (pending.Count > 0)
        {
            foreach (var name in _files[pending.Pop()].Mentioned)
            {
                if (!_declaring.TryGetValue(name, out var files)) continue;
                foreach (var file in files)
                {
                    if (reached.Add(file)) pending.Push(file);
                }
            }
        }
    }
}

/// <summary>A file, the files that its meaning depends on, and what surrounds them all.</summary>
internal sealed record SourceContext(SourceNames File, EquatableArray<SourceNames> Files, Surroundings Surroundings);

/// <summary>What the meaning of every file depends on: the libraries, the options, which namespaces there are, and what needs no naming.</summary>
internal sealed class Surroundings(Compilation compilation, string namespaces, string ambient) : IEquatable<Surroundings>
{
    private readonly string? _assembly = compilation.AssemblyName;
    private readonly string _namespaces = namespaces;
    private readonly string _ambient = ambient;
    private readonly CompilationOptions _options = compilation.Options;
    private readonly IReadOnlyList<MetadataReference> _references = [.. compilation.References];

    public bool Equals(Surroundings? other) => ReferenceEquals(this, other)
        || (other is not null && _assembly == other._assembly && _namespaces == other._namespaces && _ambient == other._ambient
            && _options.Equals(other._options) && _references.SequenceEqual(other._references));

    public override bool Equals(object? obj) => Equals(obj as Surroundings);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_namespaces);
}
