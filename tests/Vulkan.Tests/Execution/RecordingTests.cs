using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>Commands that were recorded for a micro-batch are submitted again for those like it, and for no other.</summary>
public sealed class RecordingTests : IDisposable
{
    private const int Length = 128;

    private readonly LoadedModel _model = new(GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf")), Catalog.All);

    /// <summary>Red if a token is recorded again though the one before it was the same to the device.</summary>
    [Fact]
    public void The_commands_of_a_token_are_those_of_the_one_before()
    {
        CommandQueue? queue = null;
        using var context = Open(new VulkanBackend(TestDevice.Get()) { Compiled = part => queue = part.Session.Queue });
        // Twice as many keys are other commands: there are from 17 to 30.
        Evaluate(context, [17]);
        Evaluate(context, [1]);
        var (recorded, submitted) = (queue!.Recorded, queue.Submitted);
        for (var i = 0; i < 12; i++) Evaluate(context, [1]);
        // Reading the result is a copy at most.
        Assert.InRange(queue.Recorded - recorded, 0, 12);
        Assert.True(queue.Submitted - submitted >= 12);
    }

    /// <summary>Red if the commands for some sequences are taken for others of as many rows: the tiles of an attention are more, or its rows are few.</summary>
    [Fact]
    public void Sequences_of_other_lengths_have_other_commands()
    {
        int[][] batches = [[16, 0], [9, 7], [4, 12], [16, 0], [1, 1], [2, 0], [9, 7], [1, 1], [0, 2]];
        using InferenceContext device = Open(new VulkanBackend(TestDevice.Get())), cpu = Open(ModelRun.Cpu);
        foreach (var batch in batches)
        {
            var error = ArchitectureFixture.NormalizedError(Evaluate(cpu, batch), Evaluate(device, batch));
            Assert.True(error <= 1e-10, $"{string.Join(" and ", batch)} tokens: NMSE {error}");
        }
    }

    public void Dispose() => _model.Dispose();

    private InferenceContext Open(IBackend backend) =>
        _model.CreateContext(new ContextOptions { Backend = backend, ContextLength = Length, MaxSequences = 2 });

    // The logits after so many tokens of each sequence.
    private static float[] Evaluate(InferenceContext context, int[] counts)
    {
        var batch = new Batch();
        var ends = new List<int>();
        for (var sequence = 0; sequence < counts.Length; sequence++)
        {
            var position = context.NextPosition(sequence);
            for (var i = 0; i < counts[sequence]; i++) batch.Add(5 + (3 * (position + i) % 200), position + i, sequence, wantOutput: i == counts[sequence] - 1);
            if (counts[sequence] > 0) ends.Add(batch.Count);
        }

        context.Evaluate(batch);
        return [.. ends.SelectMany(end => context.Output(end - 1).ToArray())];
    }
}
