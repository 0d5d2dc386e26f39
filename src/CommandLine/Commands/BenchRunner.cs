using ArchGen.CommandLine.Options;
using ArchGen.Runtime.Execution;

namespace ArchGen.CommandLine.Commands;

/// <summary>The tests of <c>archgen bench</c>, on sequences that share the tokens before the test.</summary>
internal sealed class BenchRunner(InferenceContext context, int vocabulary, int depth, int sequences, CancellationToken cancellation)
{
    private readonly Batch _batch = new();
    private bool _isFilled;

    /// <summary>Brings all sequences back to the depth, their number of tokens before the test.</summary>
    public void Reset()
    {
        // A recurrent model's state cannot go back: its context is filled again.
        if (_isFilled && !context.HasStates) context.TruncateSequence(0, depth);
        else Fill();
        for (var s = 1; s < sequences; s++) context.CopySequence(0, s);
        _isFilled = true;
    }

    public void Prompt(int tokens)
    {
        _batch.Clear();
        for (var i = 0; i < tokens; i++) _batch.Add(Token(i), depth + i, sequence: 0, wantOutput: i == tokens - 1);
        context.Evaluate(_batch, cancellation);
    }

    public void Generate(int tokens)
    {
        for (var i = 0; i < tokens; i++)
        {
            _batch.Clear();
            for (var s = 0; s < sequences; s++) _batch.Add(Token((i * sequences) + s), depth + i, s, wantOutput: true);
            context.Evaluate(_batch, cancellation);
        }
    }

    private void Fill()
    {
        for (var s = 0; s < sequences; s++) context.RemoveSequence(s);
        _batch.Clear();
        for (var i = 0; i < depth; i++) _batch.Add(Token(i), i, sequence: 0, wantOutput: i == depth - 1);
        if (depth > 0) context.Evaluate(_batch, cancellation);
    }

    // Different tokens, so that a mixture of experts uses different experts.
    private int Token(int i) => (int)((uint)(i + 1) * 2654435761u % (uint)vocabulary);
}
