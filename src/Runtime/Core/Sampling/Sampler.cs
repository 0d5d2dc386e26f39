using System.Numerics;

namespace ArchGen.Runtime.Sampling;

/// <summary>
/// Chooses the next token of one sequence from the logits of a model. Everything is allocated beforehand. Exponentials, sums and random numbers are
/// computed by exactly rounded operations in a fixed order, so a seed gives the same choices on every machine.
/// </summary>
public sealed class Sampler
{
    private readonly SamplerOptions _options;
    private readonly Xoshiro256 _random;
    private readonly TokenHistory _history;
    private readonly KeyValuePair<int, float>[] _biases;
    private readonly float[] _logits;
    private readonly CandidateList _candidates;

    /// <param name="vocabularySize">The number of logits.</param>
    /// <exception cref="ArchGenException">An option is out of its range.</exception>
    public Sampler(SamplerOptions options, int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        options.Validate(vocabularySize);
        _options = options;
        Seed = options.Seed ?? (ulong)Random.Shared.NextInt64();
        _random = new(Seed);
        _history = new(vocabularySize, options.RepetitionWindow);
        _biases = [.. options.LogitBias];
        _logits = new float[vocabularySize];
        _candidates = new(vocabularySize);
    }

    /// <summary>The seed in use: the one of the options, or the one drawn in its place.</summary>
    public ulong Seed { get; }

    /// <summary>Counts a token, of the prompt or generated, for the penalties.</summary>
    public void Accept(int token)
    {
        if ((uint)token >= (uint)_logits.Length) throw new ArgumentOutOfRangeException(nameof(token), token, $"The vocabulary has {_logits.Length} tokens.");
        _history.Add(token);
    }

    /// <summary>Chooses a token. It is not yet counted: see <see cref="Accept"/>.</summary>
    /// <param name="logits">One per token of the vocabulary; negative infinity for a token that is excluded.</param>
    /// <exception cref="ArchGenException">A logit is not a number or positive infinity, or no token is possible.</exception>
    public int Sample(ReadOnlySpan<float> logits)
    {
        if (logits.Length != _logits.Length)
        {
            throw new ArgumentException($"There are {logits.Length} logits for a vocabulary of {_logits.Length} tokens.", nameof(logits));
        }

        RequireNumbers(logits);
        logits.CopyTo(_logits);
        foreach (var (token, bias) in _biases) _logits[token] += bias;
        _history.Penalize(_logits, _options);

        if (_options.Temperature == 0) return RequirePossible(Likeliest(_logits));

        _candidates.Fill(_logits, _options.TopK, sort: _options.TypicalP < 1 || _options.TopP < 1);
        RequirePossible(_candidates.Likeliest);
        if (_options.TypicalP < 1) _candidates.KeepTypical(_options.TypicalP);
        if (_options.TopP < 1) _candidates.KeepTop(_options.TopP);
        if (_options.MinP > 0) _candidates.KeepAtLeast(_options.MinP);
        return _candidates.Draw(_options.Temperature, _random.NextDouble());
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best]) best = i;
        }

        return best;
    }

    private int RequirePossible(int likeliest) => float.IsNegativeInfinity(_logits[likeliest])
        ? throw new RequestException("No token is possible: every logit is negative infinity. Forbid fewer tokens with logit biases.")
        : likeliest;

    private static void RequireNumbers(ReadOnlySpan<float> logits)
    {
        var infinity = new Vector<float>(float.PositiveInfinity);
        var i = 0;
        while (i <= logits.Length - Vector<float>.Count && Vector.LessThanAll(new Vector<float>(logits[i..]), infinity)) i += Vector<float>.Count;
        for (; i < logits.Length; i++)
        {
            if (logits[i] < float.PositiveInfinity) continue;
            throw new ModelFileException(
                $"The logit of token {i} is {(float.IsNaN(logits[i]) ? "not a number" : "infinite")}: the model computed nonsense. "
                + "Check the file (its hash, its conversion), and compare with F32 weights.");
        }
    }
}
