using ArchGen.Cli;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.EndToEnd.Tests.Scheduling;

/// <summary>An engine with its thread, and a trained model.</summary>
public sealed class InferenceEngineTests : IDisposable
{
    private static readonly SamplerOptions Greedy = new() { Temperature = 0 };

    private readonly LoadedModel _model = BuiltIn.Program.Load(SharedFixtures.Local("models/stories260K.gguf"));

    [Fact]
    public async Task Many_callers_get_what_each_gets_alone()
    {
        string[] prompts = ["Once upon a time", "Once upon a time, there was a little", "The cat", "Lily and Ben", "One day", "Tom had a"];
        using var generator = new TextGenerator(_model, Cpu(), new() { Sampling = Greedy, MaxTokens = 40, CacheType = CacheType.F32 });
        var expected = prompts.ToDictionary(prompt => prompt, prompt => string.Concat(generator.Generate(prompt).Select(token => token.Text)));
        using var engine = Engine();
        var texts = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => TextOf(engine.Submit(Request(prompts[i % prompts.Length]))))));
        for (var i = 0; i < texts.Length; i++) Assert.Equal(expected[prompts[i % prompts.Length]], texts[i]);
        Assert.Equal((30, 0), (engine.Metrics.FinishedAnswers, engine.Metrics.UsedCells));
        Assert.True(engine.Metrics.CachedTokens > 0);
    }

    [Fact]
    public async Task A_smaller_model_drafts_for_answers_that_run_alone()
    {
        using var plain = Engine();
        var expected = await TextOf(plain.Submit(Request("Once upon a time")));
        using var draft = BuiltIn.Program.Load(SharedFixtures.Local("models/stories260K.gguf"));
        using var engine = Engine(new() { Speculation = new() { Type = SpeculationType.Draft, DraftModel = draft, MaxDraft = 4 } });
        // The second answer begins otherwise: the draft model's context is that of one sequence after another.
        var second = await TextOf(engine.Submit(Request("The cat")));
        Assert.Equal(expected, await TextOf(engine.Submit(Request("Once upon a time"))));
        Assert.Equal(await TextOf(plain.Submit(Request("The cat"))), second);
        Assert.True(engine.Metrics.DraftTokens > 0);
        Assert.Equal(engine.Metrics.DraftTokens, engine.Metrics.AcceptedTokens);
    }

    [Fact]
    public async Task A_stop_text_ends_an_answer_wherever_tokens_divide_it()
    {
        using var engine = Engine();
        var whole = await TextOf(engine.Submit(Request("Once upon a time")));
        for (var start = 1; start < whole.Length - 8; start += 3)
        {
            for (var length = 1; length < 8; length += 2)
            {
                var stop = whole.Substring(start, length);
                var events = new List<GenerationEvent>();
                await foreach (var next in engine.Submit(Request("Once upon a time") with { StopTexts = ["xyz", stop] })) events.Add(next);
                Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], string.Concat(events.Select(e => e.Text)));
                Assert.Equal(StopReason.StopText, events[^1].Reason);
            }
        }
    }

    [Fact]
    public async Task Leaving_the_loop_cancels_the_request()
    {
        using var engine = Engine();
        await foreach (var next in engine.Submit(Request("Once upon a time") with { MaxTokens = 400 }))
        {
            if (next.Token >= 0) break;
        }

        await engine.DrainAsync();
        Assert.Equal((1, 0, 0), (engine.Metrics.CancelledAnswers, engine.Metrics.FinishedAnswers, engine.Metrics.UsedCells));
    }

    [Fact]
    public async Task A_token_cancels_and_the_reader_learns_of_it()
    {
        using var engine = Engine(new() { MaxUnreadEvents = 2 });
        using var source = new CancellationTokenSource();
        var stream = engine.Submit(Request("Once upon a time") with { MaxTokens = 400 }, source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in stream) await source.CancelAsync();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Submit(Request("The cat"), source.Token));
        await engine.DrainAsync();
        Assert.Equal(1, engine.Metrics.CancelledAnswers);
    }

    [Fact]
    public async Task Draining_answers_what_is_there_and_refuses_more()
    {
        using var engine = Engine();
        var reading = Enumerable.Range(0, 12).Select(_ => TextOf(engine.Submit(Request("One day")))).ToArray();
        var drained = engine.DrainAsync();
        Assert.Throws<DeviceException>(() => engine.Submit(Request("The cat")));
        await drained;
        Assert.Single((await Task.WhenAll(reading)).Distinct());
    }

    [Fact]
    public async Task Disposing_ends_all_streams()
    {
        var engine = Engine(new() { MaxSequences = 2, MaxUnreadEvents = 2 });
        GenerationStream[] streams = [.. Enumerable.Range(0, 4).Select(_ => engine.Submit(Request("One day") with { MaxTokens = 400 }))];
        engine.Dispose();
        engine.Dispose();
        foreach (var stream in streams) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TextOf(stream));
        Assert.Throws<ObjectDisposedException>(() => engine.Submit(Request("The cat")));
    }

    [Fact]
    public async Task A_conversation_is_saved_and_restored()
    {
        var file = Path.GetTempFileName();
        var prompt = _model.Tokenizer.Encode("Once upon a time, there was a little girl named Lily.", addSpecial: true, parseSpecial: false);
        using (var engine = Engine())
        {
            await TextOf(engine.Submit(Request("x") with { Prompt = prompt, MaxTokens = 0 }));
            Assert.Equal(prompt.Length, await engine.SaveAsync(prompt, file));
            await Assert.ThrowsAsync<RequestException>(() => engine.SaveAsync(new int[] { 7, 7 }, file));
        }

        using (var engine = Engine())
        {
            Assert.Equal(prompt, await engine.RestoreAsync(file));
            await foreach (var next in engine.Submit(Request("x") with { Prompt = prompt, MaxTokens = 1 }))
                Assert.Equal(prompt.Length - 1, next.Usage.CachedTokens);
        }

        File.Delete(file);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<RequestException>(() => Engine(new() { MaxSequences = 0 }));
        Assert.Throws<RequestException>(() => Engine(new() { MaxUnreadEvents = 0 }));
        Assert.Throws<DeviceException>(() => Engine(new() { Cells = 1000, MemoryBytes = 1000 }));
    }

    public void Dispose() => _model.Dispose();

    private static CpuBackend Cpu() => new() { Threads = 1 };

    private static async Task<string> TextOf(GenerationStream stream)
    {
        var text = "";
        await foreach (var next in stream) text += next.Text;
        return text;
    }

    private InferenceEngine Engine(EngineOptions? options = null) =>
        new(_model, Cpu(), (options ?? new()) with { CacheType = CacheType.F32, Sampling = Greedy });

    private GenerationRequest Request(string prompt) =>
        new() { Prompt = _model.Tokenizer.Encode(prompt, addSpecial: true, parseSpecial: false), MaxTokens = 40 };
}
