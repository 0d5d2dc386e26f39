using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Gguf;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.EndToEnd.Tests.Adapters;

/// <summary>Sequences with different adapters in one context: each has the bits that a context with its set alone gives.</summary>
public sealed class AdapterSetsTests
{
    [Theory]
    [MemberData(nameof(LoraTests.All), MemberType = typeof(LoraTests))]
    public void Sequences_of_a_batch_may_have_different_adapters(string name)
    {
        using var adapted = new Adapted(name);
        using var model = new LoadedModel(GgufFile.Open(adapted.Model), Catalog.All);
        var file = adapted.Convert();
        using var whole = LoraAdapter.Open(file, 1, model);
        using var half = LoraAdapter.Open(file, 0.5f, model);
        IReadOnlyList<LoraAdapter>[] sets = [[half, whole], [], [whole]];
        float[][] expected = [.. sets.Select(set => Alone(model, set, adapted.Tokens))];
        Assert.NotEqual(expected[0], expected[1]);
        Assert.NotEqual(expected[1], expected[2]);

        using var context = Open(model, sets[0], sets[1], sets[2]);
        int[] setOf = [1, 2, 0, 2, 1];
        for (var s = 0; s < setOf.Length; s++) context.SetAdapters(s, setOf[s]);
        var rows = setOf.Select(_ => new List<float>()).ToArray();
        var batch = new Batch { Phase = TokenPhase.Prefill };
        for (var begin = 0; begin < adapted.Tokens.Length; begin += 3)
        {
            batch.Clear();
            var of = new List<int>();
            for (var i = begin; i < Math.Min(begin + 3, adapted.Tokens.Length); i++)
            {
                for (var s = 0; s < setOf.Length; s++)
                {
                    batch.Add(adapted.Tokens[i], i, s, wantOutput: true);
                    of.Add(s);
                }
            }

            context.Evaluate(batch);
            for (var i = 0; i < of.Count; i++) rows[of[i]].AddRange(context.Output(i));
        }

        for (var s = 0; s < setOf.Length; s++) Assert.Equal(expected[setOf[s]], rows[s]);
    }

    [Fact]
    public void A_copy_has_the_adapters_of_its_sequence_and_a_removed_one_may_choose_others()
    {
        using var adapted = new Adapted("lora-qwen2");
        using var model = new LoadedModel(GgufFile.Open(adapted.Model), Catalog.All);
        using var lora = LoraAdapter.Open(adapted.Convert(), 1, model);
        var (expected, plain) = (Alone(model, [lora], adapted.Tokens), Alone(model, [], adapted.Tokens));
        var half = adapted.Tokens.Length / 2;
        using var context = Open(model, [], [lora]);
        context.SetAdapters(0, 1);
        Run(context, 0, adapted.Tokens[..half]);
        context.CopySequence(0, 3);
        var rest = Run(context, 3, adapted.Tokens[half..]);
        Assert.Equal(expected[^rest.Length..], rest);

        var error = Assert.Throws<RequestException>(() => context.SetAdapters(3, 0));
        Assert.Equal("Sequence 3 has tokens, which were computed with the set of adapters 1. Remove the sequence before choosing another set.", error.Message);
        context.SetAdapters(3, 1);
        context.RemoveSequence(3);
        Assert.Equal(expected, Run(context, 3, adapted.Tokens));
        context.RemoveSequence(3);
        context.SetAdapters(3, 0);
        Assert.Equal(plain, Run(context, 3, adapted.Tokens));
    }

    [Fact]
    public void A_set_or_a_sequence_that_is_not_there_is_refused()
    {
        using var adapted = new Adapted("lora-qwen2");
        using var model = new LoadedModel(GgufFile.Open(adapted.Model), Catalog.All);
        using var context = Open(model, []);
        Assert.Equal(
            "There is no set of adapters 1; expected 0 to 0. Give the context more AdapterSets.",
            Assert.Throws<RequestException>(() => context.SetAdapters(0, 1)).Message);
        Assert.Throws<RequestException>(() => context.SetAdapters(0, -1));
        Assert.Throws<RequestException>(() => context.SetAdapters(5, 0));
    }

    private static float[] Alone(LoadedModel model, IReadOnlyList<LoraAdapter> adapters, int[] tokens)
    {
        using var context = Open(model, adapters);
        return Run(context, 0, tokens);
    }

    private static float[] Run(InferenceContext context, int sequence, int[] tokens)
    {
        var batch = new Batch { Phase = TokenPhase.Prefill };
        var first = context.NextPosition(sequence);
        for (var i = 0; i < tokens.Length; i++) batch.Add(tokens[i], first + i, sequence, wantOutput: true);
        context.Evaluate(batch);
        return [.. Enumerable.Range(0, tokens.Length).SelectMany(i => context.Output(i).ToArray())];
    }

    private static InferenceContext Open(LoadedModel model, IReadOnlyList<LoraAdapter> first, params IReadOnlyList<LoraAdapter>[] others) =>
        new(ModelGraphs.Of(model, 64).Main, model.File, new ContextOptions
        {
            Backend = new CpuBackend { Threads = 2 },
            ContextLength = 256,
            SequenceLength = 64,
            MaxSequences = 5,
            Adapters = first,
            AdapterSets = others,
        });
}
