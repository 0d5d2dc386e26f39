using ArchGen.Graphs;

namespace ArchGen.Tools.Comparison;

/// <summary>
/// Matches nodes with the entries of another program's dump: the entry that has a node's values, or the one that a wrong node should have matched.
/// </summary>
internal sealed class DumpMatching
{
    private readonly IReadOnlyList<ComputedNode> _ours;
    private readonly IReadOnlyList<DumpedNode> _dump;
    private readonly ComputedNode? _result;
    private readonly GgmlNames _names;

    // For each entry the nodes that have its values; for each node the first entry that has its values.
    private readonly List<Node>[] _owners;
    private readonly Dictionary<Node, int> _matches = [];

    // For each node that only has what an entry holds before its bias, scale or weight: the entry after them.
    private readonly Dictionary<Node, int> _incomplete = [];

    public DumpMatching(IReadOnlyList<ComputedNode> ours, NodeDump dump, double tolerance, Node output)
    {
        (_ours, _dump, _names) = (ours, dump.Nodes, new GgmlNames(dump.Nodes));
        _owners = [.. _dump.Select(_ => new List<Node>())];
        var byCount = Enumerable.Range(0, _dump.Count).ToLookup(i => _dump[i].Count);
        foreach (var entry in ours)
        {
            foreach (var i in byCount[entry.Count])
            {
                if (_names.Conflict(entry.Node, i) || entry.Summary.Compare(_dump[i], entry.Dims).Error > tolerance) continue;
                _owners[i].Add(entry.Node);
                _matches.TryAdd(entry.Node, i);
            }
        }

        // The result is the last that is computed, even if an earlier entry has its values.
        _result = ours[^1].Node == output && _dump[^1].Count == ours[^1].Count ? ours[^1] : null;
        if (_result is not null && _owners[^1].Count == 0) _matches.Remove(_result.Node);
        RemoveIneffective();
        RemoveIncomplete();
    }

    /// <summary>The entry that has a node's values.</summary>
    public int? Find(Node node) => _matches.TryGetValue(node, out var match) ? match : null;

    /// <summary>The nodes that are not right, each with the entry that it should have matched.</summary>
    public Dictionary<Node, int> FindWrong()
    {
        var wrong = new Dictionary<Node, int>(_incomplete);
        var claimed = ClaimedEntries();
        // Nodes computed from an incomplete node are wrong, but not those that it is computed from.
        var right = FindRight([.. _matches.Keys, .. _incomplete.Keys]);
        // For each node the place in the dump of the last entry that it is computed from.
        var places = new Dictionary<Node, int>();
        var begins = new Dictionary<Node, int>();
        foreach (var entry in _ours)
        {
            begins[entry.Node] = entry.Node.Inputs.Max(input => input is null ? 0 : places.GetValueOrDefault(input));
            places[entry.Node] = Find(entry.Node) is { } match ? match + 1 : begins[entry.Node];
        }

        // Sums come last: what a dump adds may be a product's bias.
        foreach (var isSum in new[] { false, true })
        {
            var taken = (bool[])claimed.Clone();
            foreach (var entry in _ours.Where(entry => (entry.Node.Op == Op.Add) == isSum && !right.Contains(entry.Node) && !wrong.ContainsKey(entry.Node)))
            {
                if (Counterpart(entry, begins[entry.Node], claimed) is not { } found) continue;
                wrong.Add(entry.Node, found.End);
                taken.AsSpan(found.Start, found.End - found.Start + 1).Fill(true);
            }

            claimed = taken;
        }

        if (_result is not null && !_matches.ContainsKey(_result.Node)) wrong[_result.Node] = _dump.Count - 1;
        return wrong;
    }

    // An operation that leaves its operand unchanged has the operand's values, which does not make it right.
    private void RemoveIneffective()
    {
        foreach (var (node, match) in _matches.ToList())
        {
            if (node.Spec.Ggml.Names.Count == 0) continue;
            if (!node.Inputs.Any(input => input is not null && _matches.TryGetValue(input, out var i) && i == match)) continue;
            if (Enumerable.Range(match + 1, _owners.Length - match - 1).Any(i => _owners[i].Contains(node))) continue;
            _matches.Remove(node);
            _owners[match].Remove(node);
        }
    }

    // A dump has the value before a bias, scale, weight or summand too. A node that lacks one has that value, which does not make it right, nor
    // what is computed from it.
    private void RemoveIncomplete()
    {
        foreach (var node in _matches.Keys.Where(node => node.Op == Op.Add))
        {
            if (LargerSum(_matches[node]) is { } sum) _incomplete.Add(node, sum);
        }

        foreach (var node in _matches.Keys.Where(node => MissingParts(node) > 0))
        {
            var last = _owners.Length - 1;
            for (var i = _matches[node]; i < last; i++)
            {
                if (!_owners[i].Contains(node) || !IsPartAt(i + 1)) continue;
                _incomplete.Add(node, i + 1 < last && MissingParts(node) > 1 && IsPartAt(i + 2) ? i + 2 : i + 1);
                break;
            }
        }

        // Other nodes with the same values, such as the heads of a product, are not right because of them either.
        var entries = _incomplete.Keys.Select(node => _matches[node]).ToHashSet();
        var right = FindRight(_matches.Where(m => !entries.Contains(m.Value)).Select(m => m.Key));
        entries.ExceptWith(_incomplete.Keys.Where(right.Contains).Select(node => _matches[node]).ToList());
        foreach (var node in _incomplete.Keys.Where(node => !entries.Contains(_matches[node])).ToList()) _incomplete.Remove(node);
        foreach (var node in _matches.Where(m => entries.Contains(m.Value)).Select(m => m.Key).ToList())
        {
            _matches.Remove(node);
            foreach (var owners in _owners) owners.Remove(node);
        }

        // A sum or product of two values is no part of either.
        bool IsPartAt(int i) => _owners[i].Count == 0 && GgmlOperations.IsPart(_dump[i].Operation) && _dump[i].Count == _dump[i - 1].Count
            && !_dump[i].IsOfRows(_dump[i - 1]) && !Enumerable.Range(0, i - 1).Any(other => _dump[i].IsOf(_dump[i - 1], _dump[other]));
    }

    /// <summary>The sum of an entry and of one before it, if nothing of ours has it.</summary>
    private int? LargerSum(int entry)
    {
        for (var i = entry + 1; i < _dump.Count; i++)
        {
            if (_dump[i].Operation != "ADD" || _owners[i].Count > 0 || _dump[i].Count != _dump[entry].Count) continue;
            if (Enumerable.Range(0, entry).Any(other => _dump[i].IsOf(_dump[entry], _dump[other]))) return i;
        }

        return null;
    }

    /// <summary>The entries that are accounted for: those with a node's values, and those before them from the node's own operation on.</summary>
    private bool[] ClaimedEntries()
    {
        var claimed = new bool[_dump.Count];
        for (var i = 0; i < claimed.Length; i++)
        {
            foreach (var node in _owners[i])
            {
                claimed[i] = true;
                var operations = node.Spec.Ggml.Names;
                var first = i;
                while (first > 0 && !operations.Contains(_dump[first].Operation) && GgmlOperations.Continues(_dump[first].Operation)
                    && _dump[first - 1].Count == _dump[i].Count)
                {
                    first--;
                }
                // A sum before a sum is of the same summands, in the dump's order.
                while (first > 0 && _dump[first].Operation == "ADD" && _dump[first - 1].Operation == "ADD" && _owners[first - 1].Count == 0
                    && _dump[first - 1].Count == _dump[i].Count)
                {
                    first--;
                }

                if (operations.Contains(_dump[first].Operation)) claimed.AsSpan(first, i - first).Fill(true);
            }
        }

        return claimed;
    }

    /// <summary>
    /// The nodes with a match, and those from which one with a match is computed, but not through an operation that may hide an error: a norm hides
    /// a factor, attention hides what all keys have in common.
    /// </summary>
    private HashSet<Node> FindRight(IEnumerable<Node> matched)
    {
        var right = new HashSet<Node>(matched);
        for (var i = _ours.Count - 1; i >= 0; i--)
        {
            if (!right.Contains(_ours[i].Node) || _ours[i].Node.Spec.HidesErrors) continue;
            foreach (var input in _ours[i].Node.Inputs)
            {
                if (input is not null) right.Add(input);
            }
        }

        return right;
    }

    /// <summary>
    /// The first entry of the node's operation and size that no right node accounts for, with its bias and scale; first those after the node's operands.
    /// </summary>
    private (int Start, int End)? Counterpart(ComputedNode entry, int begin, bool[] claimed)
    {
        var operations = GgmlOperations.LikeOf(entry.Node.Spec);
        foreach (var start in Enumerable.Range(begin, _dump.Count - begin).Concat(Enumerable.Range(0, begin)))
        {
            if (claimed[start] || _dump[start].Count != entry.Count || !operations.Contains(_dump[start].Operation)) continue;
            if (_names.IsOther(entry.Node, start)) continue;
            var end = start;
            for (var parts = PartsOf(entry.Node); parts > 0 && end + 1 < _dump.Count; parts--, end++)
            {
                var next = _dump[end + 1];
                if (claimed[end + 1] || next.Count != entry.Count || !(GgmlOperations.IsPart(next.Operation) || next.Operation == "CONT")) break;
            }

            return (start, end);
        }

        return null;
    }

    /// <summary>The number of operations of a dump after the first for the node's weight, bias and scale.</summary>
    private static int PartsOf(Node node) => node.Spec.Ggml.Copies + Parts(node).Count(part => part is not null);

    /// <summary>The number of optional operands (weight, bias, scale) that the node does not have.</summary>
    private static int MissingParts(Node node) => Parts(node).Count(part => part is null);

    private static IEnumerable<Node?> Parts(Node node) => node.Spec.Ggml.HasNodesOfOptionalOperands
        ? node.Inputs.Where((_, slot) => node.Spec.Operands[slot].IsOptional)
        : [];
}
