using System.Runtime.CompilerServices;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// Which types of a compilation a file's meaning depends on: those that it names, those that these name in turn, and those that need no naming. Coarser
/// than what the compiler would find, and never less: an edit elsewhere cannot change what the file means.
/// </summary>
internal sealed class SourceDependencies
{
    private static readonly ConditionalWeakTable<Compilation, SourceDependencies> Known = new();

    private readonly Dictionary<SyntaxTree, int[]> _ofTree = [];
    private readonly List<SourceUnit> _units = [];
    private readonly List<int[]> _ofFile = [];
    private readonly List<int> _ambient = [];
    private readonly Dictionary<string, List<int>> _declaring = new(StringComparer.Ordinal);
    private readonly int[]?[] _named;
    private readonly Surroundings _surroundings;

    private SourceDependencies(Compilation compilation)
    {
        var namespaces = new SortedSet<string>(StringComparer.Ordinal);
        List<string> ambient = [];
        foreach (var tree in compilation.SyntaxTrees)
        {
            var names = SourceNames.Of(tree);
            int[] own = [.. Enumerable.Range(_units.Count, names.Units.Count)];
            _ofTree.Add(tree, own);
            foreach (var name in names.Namespaces) namespaces.Add(name);
            if (names.Ambient is not null)
            {
                ambient.Add(names.Ambient);
                _ambient.AddRange(own);
            }

            foreach (var unit in names.Units)
            {
                foreach (var name in unit.Declared)
                {
                    if (!_declaring.TryGetValue(name, out var units)) _declaring.Add(name, units = []);
                    units.Add(_units.Count);
                }

                _units.Add(unit);
                _ofFile.Add(own);
            }
        }

        _named = new int[]?[_units.Count];
        _surroundings = new Surroundings(compilation, string.Join(";", namespaces), string.Join("\n", ambient));
    }

    /// <summary>All that the meaning of a file depends on, equal for two compilations if it is the same in both.</summary>
    public static SourceContext Of(SyntaxTree tree, Compilation compilation) => Known.GetValue(compilation, c => new SourceDependencies(c)).Of(tree);

    /// <summary>Files, and those that they refer to by the names of types, in the order of the compilation.</summary>
    public static IEnumerable<SyntaxTree> Reached(IEnumerable<SyntaxTree> trees, Compilation compilation)
    {
        var dependencies = Known.GetValue(compilation, c => new SourceDependencies(c));
        var reached = new bool[dependencies._units.Count];
        dependencies.Follow(trees.SelectMany(t => dependencies._ofTree[t]), reached, wholeFiles: true);
        return compilation.SyntaxTrees.Where(t => dependencies._ofTree[t].Any(u => reached[u]));
    }

    private SourceContext Of(SyntaxTree tree)
    {
        var reached = new bool[_units.Count];
        // An ambient file is part of the surroundings; what it names counts as named.
        foreach (var unit in _ambient) Follow(Named(unit), reached, wholeFiles: false);
        Follow(_ofTree[tree], reached, wholeFiles: false);
        return new SourceContext(SourceNames.Of(tree), _units.Where((_, i) => reached[i]).ToEquatable(), _surroundings);
    }

    private void Follow(IEnumerable<int> first, bool[] reached, bool wholeFiles)
    {
        var pending = new Stack<int>(first);
        while (pending.Count > 0)
        {
            var unit = pending.Pop();
            if (reached[unit]) continue;
            reached[unit] = true;
            foreach (var named in Named(unit)) pending.Push(named);
            if (!wholeFiles) continue;
            foreach (var beside in _ofFile[unit]) pending.Push(beside);
        }
    }

    /// <summary>The types that one names.</summary>
    private int[] Named(int unit) => _named[unit] ??=
        [.. _units[unit].Mentioned.SelectMany(n => _declaring.TryGetValue(n, out var units) ? units : []).Where(u => u != unit).Distinct()];
}

/// <summary>A file, the types that its meaning depends on, and what surrounds them all.</summary>
internal sealed record SourceContext(SourceNames File, EquatableArray<SourceUnit> Types, Surroundings Surroundings);

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
