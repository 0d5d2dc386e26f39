using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>
/// The commands of a part of a plan for micro-batches like the last few. Tokens, positions and cells are in memory that the processor writes; so the commands
/// of one token are those of the next, until its keys are split into more parts.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="steps">The steps.</param>
internal sealed class Recordings(CommandQueue queue, PartSteps steps) : IDisposable
{
    // The batches of a server grow and shrink by a few sequences.
    private const int Most = 8;

    private readonly Recording[] _all = [.. Enumerable.Range(0, Most).Select(_ => new Recording(steps.Attentions.Length))];
    private int _next;

    /// <summary>The commands for a micro-batch; null if they are not there.</summary>
    public KeptCommands? Find(Frame frame)
    {
        foreach (var recording in _all)
        {
            if (recording.Fits(steps.Attentions, frame)) return recording.Commands;
        }

        return null;
    }

    /// <summary>The oldest commands, to be recorded anew. They are found again once they are kept.</summary>
    public Recording Take()
    {
        var recording = _all[_next];
        _next = (_next + 1) % Most;
        recording.Forget();
        return recording;
    }

    public void Dispose()
    {
        foreach (var recording in _all) queue.Free(recording.Commands);
    }

    /// <summary>Commands, and what they depend on.</summary>
    /// <param name="attentions">Attentions whose commands depend on more than the numbers of rows.</param>
    internal sealed class Recording(int attentions)
    {
        private readonly long[] _shapes = new long[attentions];
        private (int Tokens, int Outputs, int Encoder)? _rows;

        public KeptCommands Commands { get; } = new();

        public void Forget() => _rows = null;

        /// <summary>Notes that the commands are those for a micro-batch.</summary>
        public void Keep(AttendStep[] steps, Frame frame)
        {
            _rows = RowsOf(frame);
            for (var i = 0; i < _shapes.Length; i++) _shapes[i] = steps[i].ShapeOf(frame);
        }

        public bool Fits(AttendStep[] steps, Frame frame)
        {
            if (_rows != RowsOf(frame)) return false;
            for (var i = 0; i < _shapes.Length; i++)
            {
                if (_shapes[i] != steps[i].ShapeOf(frame)) return false;
            }

            return true;
        }

        private static (int Tokens, int Outputs, int Encoder) RowsOf(Frame frame) => (frame.TokenCount, frame.OutputCount, frame.EncoderCount);
    }
}
