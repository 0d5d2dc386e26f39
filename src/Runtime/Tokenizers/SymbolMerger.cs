namespace ArchGen.Tokenizers;

/// <summary>A run of bytes of the word being merged. A symbol that was merged into its left neighbour has length zero.</summary>
/// <param name="Start">Offset in the word, in bytes.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Id">The number of the symbol in the merge rule; -1 if it has none.</param>
internal record struct Symbol(int Start, int Length, int Id, int Previous, int Next);

/// <summary>The merges of neighbours, and their ranks.</summary>
internal interface IMergeRule
{
    /// <summary>Finds the symbol that two neighbours become; the smallest rank is merged first, the leftmost of equals.</summary>
    bool TryMerge(ReadOnlySpan<byte> word, in Symbol left, in Symbol right, out int rank, out int id);
}

/// <summary>
/// Byte-pair encoding of one word: merges the best pair of neighbours until none is left (Sennrich et al. 2016). A heap holds the candidates and a
/// linked list the symbols, so a word of n symbols takes n log n steps.
/// </summary>
internal sealed class SymbolMerger<TRule>(TRule rule)
    where TRule : IMergeRule
{
    private const int Children = 4; // of a node of the heap: their candidates fill one cache line

    private Symbol[] _symbols = new Symbol[32];
    private Candidate[] _heap = new Candidate[32];
    private int _candidates;

    /// <summary>A pair that may be merged: rank and index of the left symbol in one number, the length of both, what they become.</summary>
    private readonly record struct Candidate(ulong Priority, int Length, int Id)
    {
        public int Left => (int)(uint)Priority;
    }

    /// <summary>The symbols of the word, linked through <see cref="Symbol.Next"/> from index zero.</summary>
    public ReadOnlySpan<Symbol> Symbols => _symbols;

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Add(int start, int length, int id)
    {
        if (Count == _symbols.Length) Array.Resize(ref _symbols, Count * 2);
        if (Count > 0) _symbols[Count - 1].Next = Count;
        _symbols[Count] = new(start, length, id, Count - 1, -1);
        Count++;
    }

    public void Merge(ReadOnlySpan<byte> word)
    {
        _candidates = 0;
        for (var i = 1; i < Count; i++) Consider(word, i - 1, i);

        while (_candidates > 0)
        {
            var best = Pop();
            ref var left = ref _symbols[best.Left];
            if (left.Length == 0 || left.Next < 0) continue;

            // A symbol only ever grows or vanishes, so an unchanged length means an unchanged pair.
            ref var right = ref _symbols[left.Next];
            if (left.Length + right.Length != best.Length) continue;

            left.Length = best.Length;
            left.Id = best.Id;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0) _symbols[left.Next].Previous = best.Left;
            if (left.Previous >= 0) Consider(word, left.Previous, best.Left);
            if (left.Next >= 0) Consider(word, best.Left, left.Next);
        }
    }

    private void Consider(ReadOnlySpan<byte> word, int left, int right)
    {
        if (rule.TryMerge(word, _symbols[left], _symbols[right], out var rank, out var id))
        {
            Push(new(((ulong)(uint)rank << 32) | (uint)left, _symbols[left].Length + _symbols[right].Length, id));
        }
    }

    private void Push(Candidate candidate)
    {
        if (_candidates == _heap.Length) Array.Resize(ref _heap, _candidates * 2);
        var i = _candidates++;
        for (; i > 0; i = (i - 1) / Children)
        {
            var parent = (i - 1) / Children;
            if (_heap[parent].Priority <= candidate.Priority) break;
            _heap[i] = _heap[parent];
        }

        _heap[i] = candidate;
    }

    private Candidate Pop()
    {
        var heap = _heap.AsSpan(0, --_candidates + 1);
        var top = heap[0];
        var last = heap[^1];
        var i = 0;
        for (var child = 1; child < _candidates; child = i * Children + 1)
        {
            var end = Math.Min(child + Children, _candidates);
            for (var other = child + 1; other < end; other++)
            {
                if (heap[other].Priority < heap[child].Priority) child = other;
            }

            if (last.Priority <= heap[child].Priority) break;
            heap[i] = heap[child];
            i = child;
        }

        heap[i] = last;
        return top;
    }
}
