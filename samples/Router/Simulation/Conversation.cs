namespace ArchGen.Samples.Router.Simulation;

/// <summary>A conversation: the lengths of its messages and answers, and the times between them, drawn when it is made.</summary>
internal sealed class Conversation
{
    private readonly SimulationOptions _options;
    private readonly int _number;
    private readonly int[] _messages, _answers;
    private readonly double[] _pauses;

    public Conversation(SimulationOptions options, int number, double start)
    {
        (_options, _number, Start) = (options, number, start);
        var random = new Random(unchecked((options.Seed * 1_000_003) + number) & int.MaxValue);
        _messages = [.. Enumerable.Range(0, options.Turns).Select(turn => Length(random, turn == 0 ? options.FirstTokens : options.MessageTokens))];
        _answers = [.. Enumerable.Range(0, options.Turns).Select(_ => Length(random, options.AnswerTokens))];
        _pauses = [.. Enumerable.Range(0, options.Turns).Select(_ => -Math.Log(1 - random.NextDouble()) * options.ThinkSeconds)];
    }

    /// <summary>When it begins.</summary>
    public double Start { get; }

    /// <summary>The number of tokens of a turn's answer.</summary>
    public int AnswerTokens(int turn) => _answers[turn];

    /// <summary>The time after a turn's answer until the next message.</summary>
    public double Pause(int turn) => _pauses[turn];

    /// <summary>The number of tokens of a turn's prompt: all messages and answers before it.</summary>
    public int PromptTokens(int turn) => _options.SystemTokens + _messages.Take(turn + 1).Sum() + _answers.Take(turn).Sum();

    /// <summary>The hashes of the first tokens of the conversation, a number for each block.</summary>
    public ulong[] Chain(int tokens)
    {
        var chain = new ulong[tokens / _options.BlockTokens];
        var shared = _options.SystemTokens / _options.BlockTokens;
        for (var i = 0; i < chain.Length; i++) chain[i] = ((ulong)(i < shared ? 0 : _number + 1) << 32) | (uint)i;
        return chain;
    }

    private static int Length(Random random, int mean) => Math.Max(1, (int)(mean * (0.5 + random.NextDouble())));
}
