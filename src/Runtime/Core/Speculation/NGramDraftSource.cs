namespace ArchGen.Runtime.Speculation;

/// <summary>
/// Proposes what followed the last tokens where they stood before in the sequence (prompt lookup): right where a text is copied, as in an edit of code or an
/// answer with quotations. It learns how often its tokens are accepted for a match of a given length.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class NGramDraftSource : IDraftSource
{
    private const int Shortest = 3; // tokens that must match
    private const int Longest = 16; // tokens that are compared
    private const int MaxPlaces = 16; // places that are compared

    private readonly Dictionary<(int, int, int), int> _lastPlaces = [];
    private readonly AcceptanceRate[] _rates = [new(0.5f), new(0.65f), new(0.8f), new(0.9f)];
    private int[] _tokens = [];
    private int[] _earlierPlaces = []; // of the tokens that end at a place: the place before it with the same
    private int _count;
    private AcceptanceRate? _lastRate;

    /// <inheritdoc/>
    public int Draft(ReadOnlySpan<int> tokens, float leastProbability, Span<int> draft)
    {
        _lastRate = null;
        Take(tokens);
        var (place, length) = FindMatch();
        if (length == 0) return 0;
        _lastRate = _rates[length switch { < 4 => 0, < 6 => 1, < 11 => 2, _ => 3 }];
        var count = Math.Min(draft.Length, _lastRate.WorthwhileTokens(leastProbability));

        // A match that overlaps the end is a repetition, which goes on in the draft itself.
        for (var i = 0; i < count; i++) draft[i] = place + 1 + i < _count ? _tokens[place + 1 + i] : draft[place + 1 + i - _count];
        return count;
    }

    /// <inheritdoc/>
    public void Report(int drafted, int accepted) => _lastRate?.Learn(drafted, accepted);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // Takes over the tokens. All but the last end something that has been followed by a token.
    private void Take(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length < _count || !tokens[.._count].SequenceEqual(_tokens.AsSpan(0, _count)))
        {
            _count = 0;
            _lastPlaces.Clear();
        }

        if (_tokens.Length < tokens.Length)
        {
            Array.Resize(ref _tokens, 2 * tokens.Length);
            Array.Resize(ref _earlierPlaces, 2 * tokens.Length);
        }

        var first = Math.Max(Shortest - 1, _count - 1);
        tokens[_count..].CopyTo(_tokens.AsSpan(_count));
        _count = tokens.Length;
        for (var place = first; place < _count - 1; place++)
        {
            var key = Key(place);
            _earlierPlaces[place] = _lastPlaces.GetValueOrDefault(key, -1);
            _lastPlaces[key] = place;
        }
    }

    // The place where the most of the last tokens stood before; of equals the last one.
    private (int Place, int Length) FindMatch()
    {
        var (best, longest) = (-1, 0);
        if (_count < Shortest + 1 || !_lastPlaces.TryGetValue(Key(_count - 1), out var place)) return (best, longest);
        for (var i = 0; i < MaxPlaces && place >= 0 && longest < Longest; i++, place = _earlierPlaces[place])
        {
            var length = Shortest;
            while (length < Longest && length <= place && _tokens[place - length] == _tokens[_count - 1 - length]) length++;
            if (length > longest) (best, longest) = (place, length);
        }

        return (best, longest);
    }

    private (int, int, int) Key(int place) => (_tokens[place - 2], _tokens[place - 1], _tokens[place]);

    /// <summary>The part of the drafted tokens that is accepted, for matches of similar lengths. The last drafts count most.</summary>
    /// <param name="prior">The rate that is assumed at first.</param>
    private sealed class AcceptanceRate(float prior)
    {
        private const float PriorWeight = 4; // tokens that the assumption counts for
        private const float Memory = 0.9f; // what remains of the counts after a draft
        private const float IdleMemory = 0.99f; // and after a match that was not worth one

        private float _accepted;
        private float _rejected;

        private float Rate => (_accepted + prior * PriorWeight) / (_accepted + _rejected + PriorWeight);

        /// <summary>The number of tokens that are all accepted with a probability.</summary>
        public int WorthwhileTokens(float leastProbability)
        {
            var count = leastProbability <= 0 ? int.MaxValue
                : leastProbability >= 1 ? 0
                : (int)Math.Min(int.MaxValue, Math.Log(leastProbability) / Math.Log(Rate));
            if (count == 0) Forget(IdleMemory);
            return count;
        }

        public void Learn(int drafted, int accepted)
        {
            if (drafted == 0) return;
            Forget(Memory);
            _accepted += accepted;
            _rejected += accepted < drafted ? 1 : 0;
        }

        private void Forget(float memory) => (_accepted, _rejected) = (_accepted * memory, _rejected * memory);
    }
}
