namespace ArchGen.Runtime.Sampling;

/// <summary>
/// The tokens that may still be chosen. Each is one number: the logit in the upper half, mapped so that smaller numbers are likelier, the id in the
/// lower, so that sorting numbers sorts by likelihood and equals by id.
/// </summary>
internal sealed class CandidateList(int vocabularySize)
{
    private readonly ulong[] _keys = new ulong[vocabularySize];
    private readonly ulong[] _order = new ulong[vocabularySize];
    private readonly double[] _weights = new double[vocabularySize];
    private int _count;

    /// <summary>The token with the highest logit.</summary>
    public int Likeliest { get; private set; }

    private float HighestLogit { get; set; }

    private Span<ulong> Keys => _keys.AsSpan(0, _count);

    /// <summary>Takes the tokens with the highest logits.</summary>
    /// <param name="limit">The number to keep; 0 for all.</param>
    /// <param name="sort">Whether the likeliest must come first.</param>
    public void Fill(ReadOnlySpan<float> logits, int limit, bool sort)
    {
        if (limit > 0 && limit < logits.Length)
        {
            FillHeap(logits, limit);
        }
        else
        {
            _count = logits.Length;
            for (var id = 0; id < logits.Length; id++) _keys[id] = Key(logits[id], id);
        }

        if (sort) Keys.Sort();
        var best = ulong.MaxValue;
        foreach (var key in Keys) best = Math.Min(best, key);
        Likeliest = Id(best);
        HighestLogit = Logit(best);
    }

    /// <summary>Keeps the tokens whose information is closest to the entropy. Needs sorted candidates.</summary>
    public void KeepTypical(float probability)
    {
        // With l the logit above the highest: -log p = log Z - l and the entropy is log Z - E[l], so their difference needs no logarithm.
        var sum = ComputeWeights(temperature: 1);
        var mean = 0.0;
        for (var i = 0; i < _count; i++)
        {
            if (_weights[i] > 0) mean += _weights[i] / sum * (Logit(_keys[i]) - HighestLogit);
        }

        for (var i = 0; i < _count; i++)
        {
            var distance = Math.Abs((float)(Logit(_keys[i]) - HighestLogit - mean));
            _order[i] = ((ulong)BitConverter.SingleToUInt32Bits(distance) << 32) | (uint)i;
        }

        var order = _order.AsSpan(0, _count);
        order.Sort();
        var cumulative = 0.0;
        var kept = 0;
        while (kept < _count && cumulative <= probability * sum) cumulative += _weights[(int)(uint)order[kept++]];

        for (var i = 0; i < kept; i++) order[i] = _keys[(int)(uint)order[i]];
        order[..kept].CopyTo(_keys);
        _count = kept;
        Keys.Sort();
        HighestLogit = Logit(_keys[0]);
    }

    /// <summary>Keeps the likeliest tokens until their probabilities reach a sum. Needs sorted candidates.</summary>
    public void KeepTop(float probability)
    {
        var sum = ComputeWeights(temperature: 1);
        var cumulative = 0.0;
        var kept = 0;
        do cumulative += _weights[kept++];
        while (kept < _count && cumulative < probability * sum);
        _count = kept;
    }

    /// <summary>Keeps the tokens that are at least some fraction as likely as the likeliest.</summary>
    public void KeepAtLeast(float fraction)
    {
        ComputeWeights(temperature: 1);
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_weights[i] >= fraction) _keys[kept++] = _keys[i];
        }

        _count = kept;
    }

    /// <summary>Chooses by probability.</summary>
    /// <param name="random">A number from 0 inclusive to 1 exclusive.</param>
    public int Draw(float temperature, double random)
    {
        var rest = random * ComputeWeights(temperature);
        var last = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_weights[i] == 0) continue;
            last = i;
            rest -= _weights[i];
            if (rest < 0) break;
        }

        return Id(_keys[last]);
    }

    /// <summary>Sets each weight to the probability relative to that of the likeliest candidate; returns their sum.</summary>
    private double ComputeWeights(float temperature)
    {
        var sum = 0.0;
        for (var i = 0; i < _count; i++)
        {
            _weights[i] = Exponential.Of((Logit(_keys[i]) - HighestLogit) / (double)temperature);
            sum += _weights[i];
        }

        return sum;
    }

    /// <summary>Finds the best by a heap whose root is the worst of them: one comparison rejects most tokens.</summary>
    private void FillHeap(ReadOnlySpan<float> logits, int limit)
    {
        _count = limit;
        for (var id = 0; id < limit; id++) _keys[id] = Key(logits[id], id);
        for (var i = limit / 2 - 1; i >= 0; i--) Sink(i, _keys[i]);

        var worst = Logit(_keys[0]);
        for (var id = limit; id < logits.Length; id++)
        {
            if (!(logits[id] > worst)) continue;
            Sink(0, Key(logits[id], id));
            worst = Logit(_keys[0]);
        }
    }

    private void Sink(int hole, ulong key)
    {
        var keys = Keys;
        for (var child = 2 * hole + 1; child < keys.Length; child = 2 * hole + 1)
        {
            if (child + 1 < keys.Length && keys[child + 1] > keys[child]) child++;
            if (key >= keys[child]) break;
            keys[hole] = keys[child];
            hole = child;
        }

        keys[hole] = key;
    }

    // The bits of a float sort like an integer once negative numbers are inverted; zero is added to make -0 equal to 0.
    private static ulong Key(float logit, int id)
    {
        var bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        var descending = (bits & 0x8000_0000) != 0 ? bits : ~(bits | 0x8000_0000);
        return ((ulong)descending << 32) | (uint)id;
    }

    private static float Logit(ulong key)
    {
        var descending = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((descending & 0x8000_0000) != 0 ? descending : ~descending & 0x7FFF_FFFF);
    }

    private static int Id(ulong key) => (int)(uint)key;
}
