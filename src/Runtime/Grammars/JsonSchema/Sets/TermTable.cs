using ArchGen.Grammars.JsonSchema.Reading;

namespace ArchGen.Grammars.JsonSchema.Sets;

internal enum TermKind : byte
{
    Never,
    Any,

    /// <summary>A set of values.</summary>
    Set,

    /// <summary>A schema of the document, read when it is needed, so that schemas may be recursive.</summary>
    Node,
    Not,
    And,
    Or,

    /// <summary>Exactly one of the parts.</summary>
    One,
}

/// <summary>
/// The conditions of a schema as terms of sets, schemas and Boolean operations. Terms are stored once each, so that a set of conditions that a recursive schema
/// meets again is the same term, and the grammar is finite.
/// </summary>
internal sealed class TermTable
{
    /// <summary>The most terms of one schema.</summary>
    public const int MaxTerms = 200_000;

    private readonly List<Entry> _entries = [new(TermKind.Never), new(TermKind.Any)];
    private readonly Dictionary<Entry, int> _ids = [];
    private readonly Dictionary<ValueSet, int> _sets = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SchemaNode, int> _nodes = [];

    public TermKind Kind(Term term) => _entries[term.Id].Kind;

    public ReadOnlySpan<int> Parts(Term term) => _entries[term.Id].Parts;

    public ValueSet Set(Term term) => _entries[term.Id].Set!;

    public SchemaNode Node(Term term) => _entries[term.Id].Node!;

    /// <summary>The values of a set.</summary>
    public Term Of(ValueSet set)
    {
        if (_sets.TryGetValue(set, out var id)) return new(id);
        id = Add(new(TermKind.Set) { Set = set });
        _sets.Add(set, id);
        return new(id);
    }

    /// <summary>The values of a schema.</summary>
    public Term Of(SchemaNode node)
    {
        if (_nodes.TryGetValue(node, out var id)) return new(id);
        id = Add(new(TermKind.Node) { Node = node });
        _nodes.Add(node, id);
        return new(id);
    }

    /// <summary>All of the conditions. The order is kept, since it decides that of an object's properties.</summary>
    public Term And(params ReadOnlySpan<Term> parts)
    {
        List<int> kept = [];
        HashSet<int> seen = [];
        foreach (var part in parts)
        {
            foreach (var inner in Flatten(part, TermKind.And))
            {
                if (inner == Term.Never.Id || seen.Contains(FindNot(inner))) return Term.Never;
                if (inner != Term.Any.Id && seen.Add(inner)) kept.Add(inner);
            }
        }

        return kept.Count switch { 0 => Term.Any, 1 => new(kept[0]), _ => Intern(TermKind.And, kept) };
    }

    /// <summary>At least one of the conditions.</summary>
    public Term Or(params ReadOnlySpan<Term> parts)
    {
        List<int> kept = [];
        HashSet<int> seen = [];
        foreach (var part in parts)
        {
            foreach (var inner in Flatten(part, TermKind.Or))
            {
                if (inner == Term.Any.Id || seen.Contains(FindNot(inner))) return Term.Any;
                if (inner != Term.Never.Id && seen.Add(inner)) kept.Add(inner);
            }
        }

        return kept.Count switch { 0 => Term.Never, 1 => new(kept[0]), _ => Intern(TermKind.Or, kept) };
    }

    /// <summary>Exactly one of the conditions.</summary>
    public Term One(params ReadOnlySpan<Term> parts)
    {
        List<int> kept = [];
        foreach (var part in parts)
        {
            if (!part.IsNever) kept.Add(part.Id);
        }

        return kept.Count switch { 0 => Term.Never, 1 => new(kept[0]), _ => Intern(TermKind.One, kept) };
    }

    public Term Not(Term term)
    {
        if (term.IsAny) return Term.Never;
        if (term.IsNever) return Term.Any;
        return Kind(term) == TermKind.Not ? new(Parts(term)[0]) : Intern(TermKind.Not, [term.Id]);
    }

    /// <summary>The complement of a term; -1 if no one has asked for it yet.</summary>
    private int FindNot(int id) =>
        Kind(new(id)) == TermKind.Not ? _entries[id].Parts[0] : _ids.GetValueOrDefault(new(TermKind.Not) { Parts = [id] }, -1);

    private int[] Flatten(Term term, TermKind kind) => Kind(term) == kind ? _entries[term.Id].Parts : [term.Id];

    private Term Intern(TermKind kind, List<int> parts)
    {
        Entry entry = new(kind) { Parts = [.. parts] };
        if (_ids.TryGetValue(entry, out var id)) return new(id);
        id = Add(entry);
        _ids.Add(entry, id);
        return new(id);
    }

    private int Add(Entry entry)
    {
        if (_entries.Count >= MaxTerms) throw new SchemaException($"the schema needs more than {MaxTerms} combinations of conditions");
        _entries.Add(entry);
        return _entries.Count - 1;
    }

    private sealed record Entry(TermKind Kind)
    {
        public int[] Parts { get; init; } = [];

        public ValueSet? Set { get; init; }

        public SchemaNode? Node { get; init; }

        public bool Equals(Entry? other) => other is not null && Kind == other.Kind && Parts.AsSpan().SequenceEqual(other.Parts);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add((int)Kind);
            foreach (var part in Parts) hash.Add(part);
            return hash.ToHashCode();
        }
    }
}
