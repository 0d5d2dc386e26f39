using System.Security.Cryptography;
using ArchGen.Runtime.Scheduling;
using ArchGen.Runtime.Tests.Execution;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>Prefixes in files.</summary>
public sealed class SavedSequenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("archgen").FullName;

    private string File => Path.Combine(_folder, "conversation.seq");

    [Theory]
    [InlineData("attention")]
    [InlineData("recurrent")]
    [InlineData("hybrid")]
    public void A_saved_conversation_goes_on_in_another_engine(string graph)
    {
        var prompt = SchedulerRun.Tokens(30, 1);
        int[] next;
        using (var run = new SchedulerRun(SchedulingGraphs.Named(graph)))
        {
            var stream = run.Submit(prompt, maxTokens: 6);
            run.Finish();
            next = [.. prompt, .. run.Answer(stream), 4, 5];
            Assert.Equal(35, run.Scheduler.Save(next, File));
            Assert.Throws<RequestException>(() => run.Scheduler.Save([9, 9, 9], File));
        }

        using var other = new SchedulerRun(SchedulingGraphs.Named(graph));
        other.Submit(SchedulerRun.Tokens(11, 7), maxTokens: 3);
        other.Finish();
        Assert.Equal(next[..35], other.Scheduler.Restore(File));
        var second = other.Submit(next, maxTokens: 8);
        other.Finish();
        Assert.Equal(35, other.End(second).Usage.CachedTokens);
        other.AssertAsAlone(second);
        Assert.Single(Directory.GetFiles(_folder));
        other.AssertNothingIsLost();
    }

    [Theory]
    [InlineData("attention", null, TestBackends.Device)]
    [InlineData("hybrid", null, TestBackends.Device)]
    [InlineData("hybrid", TestBackends.Device, null)]
    public void A_file_goes_from_one_backend_to_another(string graph, string? from, string? to)
    {
        var prompt = SchedulerRun.Tokens(30, 1);
        using (var run = new SchedulerRun(SchedulingGraphs.Named(graph), backend: from))
        {
            run.Submit(prompt, maxTokens: 1);
            run.Finish();
            run.Scheduler.Save(prompt, File);
        }

        using var other = new SchedulerRun(SchedulingGraphs.Named(graph), backend: to);
        Assert.Equal(prompt, other.Scheduler.Restore(File));
        var next = other.Submit([.. prompt, 5], maxTokens: 6);
        other.Finish();
        Assert.Equal(30, other.End(next).Usage.CachedTokens);
        other.AssertAsAlone(next);
    }

    [Fact]
    public void A_file_of_something_else_is_refused()
    {
        Save("attention");
        using (var other = new SchedulerRun(SchedulingGraphs.Named("hybrid"))) Refused(other, "another model");
        using var small = new SchedulerRun(SchedulingGraphs.Named("attention"), sequenceLength: 20);
        Refused(small, "expected 1 to 20");
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"));
        System.IO.File.Delete(File);
        Refused(run, "cannot be read");
        var error = Assert.Throws<ArchGenException>(() =>
        {
            run.Submit([1, 2, 3]);
            run.Finish();
            run.Scheduler.Save([1, 2, 3], Path.Combine(_folder, "no", "folder"));
        });
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attention")]
    [InlineData("hybrid")]
    public void A_damaged_or_hostile_file_gets_a_message_and_takes_no_cell(string graph)
    {
        Save(graph);
        var whole = System.IO.File.ReadAllBytes(File);
        using var run = new SchedulerRun(SchedulingGraphs.Named(graph));
        var random = new Random(1);
        for (var i = 0; i < 400; i++)
        {
            var bytes = (byte[])whole.Clone();
            var header = i % 2 == 0 ? bytes.Length : 80;
            for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(header)] ^= (byte)random.Next(1, 256);
            if (i % 3 == 0) bytes = bytes[..random.Next(bytes.Length)];
            System.IO.File.WriteAllBytes(File, bytes);
            Refused(run, "");
            if (bytes.Length < 32) continue;
            // With a hash that fits, only what the header says can be checked.
            SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(bytes.AsSpan(bytes.Length - 32));
            System.IO.File.WriteAllBytes(File, bytes);
            if (Record.Exception(() => run.Scheduler.Restore(File)) is { } error) Assert.IsType<ModelFileException>(error);
        }

        run.AssertNothingIsLost();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Save(string graph)
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named(graph));
        var prompt = SchedulerRun.Tokens(30, 1);
        run.Submit(prompt);
        run.Finish();
        run.Scheduler.Save(prompt, File);
    }

    private void Refused(SchedulerRun run, string message)
    {
        var error = Assert.Throws<ModelFileException>(() => run.Scheduler.Restore(File));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, run.Metrics.UsedCells);
    }
}
