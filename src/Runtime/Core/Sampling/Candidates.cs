using System.Numerics;

namespace ArchGen.Runtime.Sampling;

/// <summary>
/// The tokens that may still be chosen, with logits and probabilities. At first they are the whole vocabulary in the order of ids; a step that sorts or
/// removes tokens makes a list of them. Steps follow llama.cpp in the order of the tokens and of the additions, since the draw depends on both.
/// </summary>
internal sealed class Candidates(int vocabularySize)
{
    private const int ShortList = 1024;

    private readonly float[] _whole = new float[vocabularySize];
    private Listed _list = new();
    private Listed _other = new();
    private float[] _probabilities = [];
    private ulong[] _keys = [];

    /// <summary>The number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the likeliest token comes first, and so on.</summary>
    public bool IsSorted { get; set; }

    /// <summary>Whether they are the whole vocabulary in the order of ids.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The logits of the tokens, which may be written.</summary>
    public Span<float> Logits => (IsWhole ? _whole : _list.Logits).AsSpan(0, Count);

    /// <summary>The probabilities of the last <see cref="ComputeProbabilities"/>, or what a step made of them.</summary>
    public Span<float> Probabilities => _probabilities.AsSpan(0, Count);

    /// <summary>Begins with a whole vocabulary, and returns the place for its logits.</summary>
    public Span<float> Begin()
    {
        (Count, IsSorted, IsWhole) = (vocabularySize, false, true);
        return _whole;
    }

    /// <summary>The id of a token.</summary>
    public int Id(int index) => IsWhole ? index : _list.Ids[index];

    /// <summary>The place of the highest logit; of equals the first.</summary>
    public int IndexOfHighest() => IndexOfHighest(Logits);

    /// <summary>The highest logit.</summary>
    public float Highest() => IsSorted ? Logits[0] : Logits[IndexOfHighest()];

    /// <summary>Sets each probability by the logits. The sum is one of floats in the tokens' order, as in llama.cpp.</summary>
    public void ComputeProbabilities()
    {
        ComputeWeights();
        var sum = 0f;
        foreach (var weight in Probabilities) sum += weight;
        foreach (ref var probability in Probabilities) probability /= sum;
    }

    /// <summary>Sets each probability to that relative to the likeliest token's.</summary>
    public void ComputeWeights()
    {
        Grow(ref _probabilities, Count);
        var highest = Highest();
        if (float.IsFinite(highest))
        {
            Exponential.OfDifferences(Logits, highest, Probabilities);
            return;
        }

        // Extreme penalties and temperatures make infinite logits.
        for (var i = 0; i < Count; i++) _probabilities[i] = Logits[i] == highest ? 1 : 0;
    }

    /// <summary>Sorts by logits, and of equals by place; probabilities move with their tokens.</summary>
    public void Sort(bool withProbabilities = false)
    {
        if (!IsSorted) KeepLikeliest(Count, withProbabilities);
    }

    /// <summary>Keeps the tokens with the highest logits, sorted.</summary>
    public void KeepLikeliest(int limit, bool withProbabilities = false)
    {
        limit = Math.Min(limit, Count);
        if (IsSorted)
        {
            Truncate(limit);
            return;
        }

        Arrange(FindLikeliest(limit), withProbabilities);
        IsSorted = true;
    }

    /// <summary>Finds the tokens with the highest logits, in their order. <see cref="IndexOf"/> reads a result.</summary>
    public ReadOnlySpan<ulong> FindLikeliest(int limit)
    {
        Grow(ref _keys, Math.Min(limit, Count));
        return LikeliestKeys.Find(Logits, _keys.AsSpan(0, Math.Min(limit, Count)));
    }

    /// <summary>The place of a token that was found.</summary>
    public static int IndexOf(ulong key) => (int)(uint)key;

    /// <summary>Keeps the tokens at these places, in this order.</summary>
    /// <param name="keys">The places in their lower halves.</param>
    /// <param name="withProbabilities">Whether probabilities move with their tokens; otherwise they are to be computed anew.</param>
    public void Arrange(ReadOnlySpan<ulong> keys, bool withProbabilities)
    {
        Grow(ref _other.Ids, keys.Length);
        Grow(ref _other.Logits, keys.Length);
        Grow(ref _other.Probabilities, keys.Length);
        var logits = Logits;
        for (var i = 0; i < keys.Length; i++)
        {
            var index = IndexOf(keys[i]);
            (_other.Ids[i], _other.Logits[i]) = (Id(index), logits[index]);
        }

        if (withProbabilities)
        {
            for (var i = 0; i < keys.Length; i++) _other.Probabilities[i] = _probabilities[IndexOf(keys[i])];
            (_probabilities, _other.Probabilities) = (_other.Probabilities, _probabilities);
        }

        (_list, _other) = (_other, _list);
        (Count, IsWhole) = (keys.Length, false);
    }

    /// <summary>Keeps the tokens with at least this logit, in their order, if that leaves at least some number.</summary>
    /// <returns>Whether it does; otherwise nothing changes.</returns>
    public bool KeepAtLeast(float logit, int atLeast)
    {
        var kept = 0;
        foreach (var candidate in Logits) kept += candidate >= logit ? 1 : 0;
        if (kept == 0 || kept < atLeast) return false;
        Grow(ref _keys, kept);
        var logits = Logits;
        for (var (i, at) = (0, 0); at < kept; i++)
        {
            if (logits[i] >= logit) _keys[at++] = (uint)i;
        }

        Arrange(_keys.AsSpan(0, kept), withProbabilities: false);
        return true;
    }

    /// <summary>Removes the first tokens. Needs a list.</summary>
    public void RemoveFirst(int count)
    {
        _list.Ids.AsSpan(count, Count - count).CopyTo(_list.Ids);
        _list.Logits.AsSpan(count, Count - count).CopyTo(_list.Logits);
        _probabilities.AsSpan(count, Count - count).CopyTo(_probabilities);
        Count -= count;
    }

    /// <summary>Keeps the first tokens. Needs a list, or all tokens.</summary>
    public void Truncate(int count) => Count = Math.Min(count, Count);

    /// <summary>The place of the highest of some logits; of equals the first.</summary>
    public static int IndexOfHighest(ReadOnlySpan<float> logits)
    {
        var highest = new Vector<float>(float.NegativeInfinity);
        var i = 0;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count) highest = Vector.Max(highest, new Vector<float>(logits[i..]));
        var best = float.NegativeInfinity;
        for (var lane = 0; lane < Vector<float>.Count; lane++) best = MathF.Max(best, highest[lane]);
        for (; i < logits.Length; i++) best = MathF.Max(best, logits[i]);
        return Math.Max(0, logits.IndexOf(best));
    }

    // A short list or the whole vocabulary, so that later choices need no more.
    private void Grow<T>(ref T[] array, int count)
    {
        if (array.Length < count) array = new T[count <= ShortList ? ShortList : vocabularySize];
    }

    private sealed class Listed
    {
        public int[] Ids = [];
        public float[] Logits = [];
        public float[] Probabilities = [];
    }
}
