using System.Text.Json;
using ArchGen.CommandLine;
using ArchGen.Cli;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Trained models continue their prompts token for token as the reference does, but where two logits lie closer than the arithmetic's error.</summary>
public sealed class GreedyTests
{
    // The reference rounds activations to 8 bit on quantized files.
    private const double QuantizedGap = 0.05;

    [Fact]
    public void Stories260K_continues_as_the_reference()
    {
        using var model = BuiltIn.Program.Load(SharedFixtures.Local("models/stories260K.gguf"));
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local("models/stories260K.greedy.json")));
        foreach (var run in document.RootElement.EnumerateArray())
        {
            Assert.Equal(Ids(run.GetProperty("prompt_ids")),
                model.Tokenizer.Encode(run.GetProperty("prompt").GetString()!, addSpecial: true, parseSpecial: true));
            var expected = Ids(run.GetProperty("greedy_ids"));
            Assert.Equal(expected, Generate(model, Ids(run.GetProperty("prompt_ids")), expected.Length));
        }
    }

    [Fact]
    public void Wren_continues_as_the_reference()
    {
        using var model = BuiltIn.Program.Load(null);
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local("models/wren.greedy.json")));
        var identical = 0;
        foreach (var run in document.RootElement.GetProperty("runs").EnumerateArray())
        {
            var expected = Ids(run.GetProperty("tokens"));
            double[] gaps = [.. run.GetProperty("gaps").EnumerateArray().Select(g => g.GetDouble())];
            var actual = Generate(model, Ids(run.GetProperty("prompt_tokens")), expected.Length);
            var same = actual.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
            if (same == expected.Length) identical++;
            else Assert.True(gaps[same] < QuantizedGap, $"parts at token {same}, where the gap is {gaps[same]}");
        }

        Assert.True(identical >= 20, $"only {identical} texts are the same");
    }

    [LargeFixtureFact("models/SmolLM2-135M-Instruct.Q4_1.gguf")]
    public void SmolLM2_computes_what_its_file_says()
    {
        using var model = BuiltIn.Program.Load(SharedFixtures.FindLarge("models/SmolLM2-135M-Instruct.Q4_1.gguf"));
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local("models/smollm2.json")));
        foreach (var run in document.RootElement.GetProperty("greedy").EnumerateArray())
        {
            Assert.Equal(Ids(run.GetProperty("ids")), model.Tokenizer.Encode(run.GetProperty("prompt").GetString()!, addSpecial: false, parseSpecial: true));
        }

        var france = document.RootElement.GetProperty("greedy")[0];
        var answer = Generate(model, Ids(france.GetProperty("ids")), Ids(france.GetProperty("exact").GetProperty("ids")).Length);
        Assert.Equal(Ids(france.GetProperty("exact").GetProperty("ids")), answer);
        Assert.Contains("Paris", model.Tokenizer.Decode(answer, special: false), StringComparison.Ordinal);

        Assert.InRange(TopError(model, document.RootElement.GetProperty("top")), 0, 1.2e-4);
    }

    /// <summary>NMSE over the 16 best logits of each position.</summary>
    private static double TopError(LoadedModel model, JsonElement top)
    {
        var ids = Ids(top.GetProperty("ids"));
        using var context = model.CreateContext(new ContextOptions { Backend = new CpuBackend(), ContextLength = ids.Length, CacheType = CacheType.F32 });
        var batch = new Batch();
        for (var i = 0; i < ids.Length; i++) batch.Add(ids[i], i, sequence: 0, wantOutput: true);
        context.Evaluate(batch);
        double difference = 0, size = 0;
        foreach (var position in top.GetProperty("positions").EnumerateArray())
        {
            var logits = context.Output(position.GetProperty("pos").GetInt32());
            foreach (var pair in position.GetProperty("top").EnumerateArray())
            {
                var expected = pair[1].GetDouble();
                difference += Math.Pow(expected - logits[pair[0].GetInt32()], 2);
                size += expected * expected;
            }
        }

        return difference / size;
    }

    private static int[] Generate(LoadedModel model, int[] prompt, int tokens)
    {
        using var generator = new TextGenerator(model, new CpuBackend(),
            new GenerationOptions { MaxTokens = tokens, CacheType = CacheType.F32, Sampling = new SamplerOptions { Temperature = 0 } });
        return [.. generator.Generate(prompt).Select(t => t.Id)];
    }

    private static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetInt32())];
}
