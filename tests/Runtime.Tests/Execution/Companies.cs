using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>The ways to evaluate the tokens of a sequence that must not change its results: alone or among others, at once or in parts.</summary>
internal static class Companies
{
    /// <summary>The number of sequences that a context needs.</summary>
    public const int Sequences = 8;

    /// <summary>The number of cells that it needs for a sequence's tokens.</summary>
    public static int CellsFor(int tokens) => Sequences * (tokens + 8);

    /// <summary>Evaluates the tokens in every way. The first is alone and at once.</summary>
    /// <param name="open">Opens a context; may be called again before the last is disposed.</param>
    /// <param name="tokens">The tokens of the sequence.</param>
    /// <param name="vocabulary">Ids of other sequences' tokens are below this.</param>
    /// <param name="phase">The phase of the tokens.</param>
    /// <param name="isShort">Whether only some ways are tried, one of each kind.</param>
    /// <returns>The name of the way and the results of all tokens.</returns>
    public static IEnumerable<(string Way, float[] Rows)> Evaluate(Func<InferenceContext> open, int[] tokens, int vocabulary, TokenPhase phase, bool isShort)
    {
        using var context = open();
        int[] sizes = context.IsBidirectional ? [tokens.Length] : isShort ? [tokens.Length, 7] : [tokens.Length, 1, 3, 5, 7, (tokens.Length * 2 / 3) + 1];
        foreach (var size in sizes)
        {
            Clear(context);
            yield return ($"{size} at a time", Alone(context, tokens, size, phase, sequence: 0));
        }

        Clear(context);
        yield return ("among seven others", Among(context, tokens, vocabulary, phase));
        if (context.IsBidirectional || isShort) yield break;
        Clear(context);
        yield return ("after a copy", AfterCopy(context, tokens, phase));
    }

    private static float[] Alone(InferenceContext context, ReadOnlySpan<int> tokens, int size, TokenPhase phase, int sequence)
    {
        var rows = new List<float>();
        var batch = new Batch { Phase = phase };
        for (var begin = 0; begin < tokens.Length; begin += size)
        {
            batch.Clear();
            var (first, count) = (context.NextPosition(sequence), Math.Min(size, tokens.Length - begin));
            for (var i = 0; i < count; i++) batch.Add(tokens[begin + i], first + i, sequence, wantOutput: true);
            context.Evaluate(batch);
            for (var i = 0; i < count; i++) rows.AddRange(context.Output(i));
        }

        return [.. rows];
    }

    // Rounds with some tokens of each sequence, one of each in turn; the others begin first, and end later.
    private static float[] Among(InferenceContext context, int[] tokens, int vocabulary, TokenPhase phase)
    {
        const int Subject = 3;
        var rows = new List<float>();
        var batch = new Batch { Phase = phase };
        var done = new int[Sequences];
        for (var round = 0; done[Subject] < tokens.Length; round++)
        {
            batch.Clear();
            var of = new List<int>();
            for (var i = 0; i < (context.IsBidirectional ? tokens.Length : 6); i++)
            {
                for (var s = 0; s < Sequences; s++)
                {
                    var perRound = context.IsBidirectional ? tokens.Length - (s == Subject ? 0 : s) : round == 0 && s == Subject ? 0 : 1 + ((s + round) % 5);
                    if (i >= perRound || done[s] >= tokens.Length) continue;
                    var token = s == Subject ? tokens[done[s]] : ((done[s] * 7) + (s * 5) + 1) % vocabulary;
                    batch.Add(token, done[s]++, s, wantOutput: s == Subject || i % 2 == 0);
                    of.Add(s);
                }
            }

            context.Evaluate(batch);
            for (var i = 0; i < of.Count; i++)
            {
                if (of[i] == Subject) rows.AddRange(context.Output(i));
            }
        }

        return [.. rows];
    }

    private static float[] AfterCopy(InferenceContext context, int[] tokens, TokenPhase phase)
    {
        const int From = 5, To = 2;
        var half = tokens.Length / 2;
        var first = Alone(context, tokens.AsSpan(0, half), half, phase, From);
        Alone(context, tokens.AsSpan(0, half), 2, phase, To);
        context.CopySequence(From, To);
        context.RemoveSequence(From);
        Alone(context, tokens.AsSpan(1), tokens.Length, phase, From);
        return [.. first, .. Alone(context, tokens.AsSpan(half), 4, phase, To)];
    }

    private static void Clear(InferenceContext context)
    {
        for (var s = 0; s < Sequences; s++) context.RemoveSequence(s);
    }
}
