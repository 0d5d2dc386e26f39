using ArchGen.Cpu.Kernels;
using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>
/// A sequence's results have the same bits alone and among others, in any chunking and with any number of threads, for tokens of a phase. Recipes that
/// together have every operation are tested so in the end-to-end tests; here is what recipes are too small for.
/// </summary>
public sealed class BatchInvarianceTests
{
    public static TheoryData<InstructionSet, Precision, TokenPhase> Tiers
    {
        get
        {
            var tiers = new TheoryData<InstructionSet, Precision, TokenPhase>();
            foreach (var target in CpuTarget.All.Where(target => target.IsSupported))
            {
                tiers.Add(target.InstructionSet, target.Precision, TokenPhase.Prefill);
                tiers.Add(target.InstructionSet, target.Precision, TokenPhase.Decode);
            }

            return tiers;
        }
    }

    /// <summary>Segments of keys, which threads share; groups with and without transposed keys; windows that begin within a block; wide heads.</summary>
    [Theory]
    [InlineData(1, 1, 40, 0, CacheType.F16)]
    [InlineData(3, 1, 64, 0, CacheType.Q8_0)]
    [InlineData(8, 1, 64, 0, CacheType.F16)]
    [InlineData(9, 3, 33, 100, CacheType.F32)]
    [InlineData(2, 1, 200, 70, CacheType.F16)]
    [InlineData(70, 1, 8, 0, CacheType.F16)]
    public void Attention_over_many_keys_has_the_same_bits(int heads, int keyHeads, int width, int window, CacheType type)
    {
        using var run = new ReferenceRun(Attention(heads, keyHeads, width, window));
        foreach (var target in CpuTarget.All.Where(target => target.IsExact && target.IsSupported)) AssertEqual(run, 290, type, target, TokenPhase.Prefill);
    }

    /// <summary>Products of types that have several methods, of rows in several parts.</summary>
    [Theory]
    [MemberData(nameof(Tiers))]
    public void Wide_products_have_the_same_bits(InstructionSet set, Precision precision, TokenPhase phase)
    {
        foreach (var type in (TensorType[])[TensorType.Q4_0, TensorType.Q4_K, TensorType.F16])
        {
            using var run = new ReferenceRun(Wide(), matrices: type);
            AssertEqual(run, 35, CacheType.F16, new CpuTarget(set, precision), phase);
        }
    }

    /// <summary>The phase is what makes them equal: by the number of tokens, the method changes.</summary>
    [Fact]
    public void Products_of_no_phase_depend_on_the_number_of_tokens()
    {
        using var run = new ReferenceRun(Wide(), matrices: TensorType.Q8_0);
        var tokens = ReferenceRun.Tokens(45);
        using var context = run.Context();
        var together = ReferenceRun.Run(context, tokens, tokens.Length);
        context.RemoveSequence(0);
        Assert.False(together.AsSpan().SequenceEqual(ReferenceRun.Run(context, tokens, 1)));
    }

    /// <summary>A batch may have tokens of both phases: those of each are computed apart.</summary>
    [Fact]
    public void Phases_of_a_batch_are_computed_apart()
    {
        using var run = new ReferenceRun(Wide(), matrices: TensorType.Q4_0);
        var (prompt, decoded) = (ReferenceRun.Tokens(40, seed: 1), ReferenceRun.Tokens(9, seed: 2));
        float[] expectedPrompt = Rows(TokenPhase.Prefill, prompt), expectedDecoded = Rows(TokenPhase.Decode, decoded);
        using var context = run.Context(length: 64, sequences: 2);
        var batch = new Batch();
        for (var i = 0; i < decoded.Length; i++)
        {
            batch.Phase = TokenPhase.Decode;
            batch.Add(decoded[i], i, sequence: 1, wantOutput: true);
            batch.Phase = TokenPhase.Prefill;
            var end = i == decoded.Length - 1 ? prompt.Length : 4 * (i + 1);
            for (var j = 4 * i; j < end; j++) batch.Add(prompt[j], j, sequence: 0, wantOutput: true);
        }

        context.Evaluate(batch);
        var rows = Enumerable.Range(0, batch.Count).Select(i => context.Output(i).ToArray()).ToArray();
        var isDecoded = Enumerable.Range(0, batch.Count).Select(i => i < 5 * decoded.Length && i % 5 == 0).ToArray();
        Assert.Equal(expectedDecoded, rows.Where((_, i) => isDecoded[i]).SelectMany(row => row));
        Assert.Equal(expectedPrompt, rows.Where((_, i) => !isDecoded[i]).SelectMany(row => row));

        float[] Rows(TokenPhase phase, int[] tokens)
        {
            using var alone = run.Context();
            var own = new Batch { Phase = phase };
            for (var i = 0; i < tokens.Length; i++) own.Add(tokens[i], i, sequence: 0, wantOutput: true);
            alone.Evaluate(own);
            return [.. Enumerable.Range(0, tokens.Length).SelectMany(i => alone.Output(i).ToArray())];
        }
    }

    /// <summary>Tokens that see each other cannot be computed apart.</summary>
    [Fact]
    public void Phases_may_not_divide_a_bidirectional_sequence()
    {
        var mask = (Attr.Mask, (double)(int)AttentionMask.Bidirectional);
        using var run = new ReferenceRun(Attention(2, 2, 8, 0, mask));
        using var context = run.Context(sequences: 2);
        var batch = new Batch { Phase = TokenPhase.Prefill };
        for (var i = 0; i < 3; i++) batch.Add(i, i, sequence: 0, wantOutput: true);
        batch.Phase = TokenPhase.Decode;
        for (var i = 0; i < 3; i++) batch.Add(i, i, sequence: 1, wantOutput: true);
        context.Evaluate(batch);
        batch.Add(3, 3, sequence: 1, wantOutput: true);
        batch.Phase = TokenPhase.Prefill;
        batch.Add(3, 3, sequence: 0, wantOutput: true);
        Assert.StartsWith("The tokens of sequence 0 see each other", Assert.Throws<RequestException>(() => context.Evaluate(batch)).Message);
    }

    private static void AssertEqual(ReferenceRun run, int length, CacheType type, CpuTarget target, TokenPhase phase)
    {
        var tokens = ReferenceRun.Tokens(length);
        float[]? expected = null;
        foreach (var threads in (int[])[1, 3])
        {
            InferenceContext Open() => run.Context(Companies.CellsFor(length), 256, Companies.Sequences, type, threads, target: target);
            foreach (var (way, rows) in Companies.Evaluate(Open, tokens, vocabulary: 32, phase, isShort: threads > 1))
            {
                expected ??= rows;
                Assert.True(expected.AsSpan().SequenceEqual(rows), $"{target}, {phase}, {threads} threads, cache {type}: {way}, the results are others.");
            }
        }
    }

    private static Graph Attention(int heads, int keyHeads, int width, int window, params (Attr Key, double Value)[] more)
    {
        var b = new GraphBuilder("attention");
        var x = b.Add("embd", Op.GetRows, [b.Weight("table", 32, 24), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        int Project(string name, int count) => b.Heads(b.Add(name, Op.Linear, [x, b.Weight("w" + name, count * width, 24)], default), count);
        (Attr Key, double Value)[] numbers = [(Attr.Factor, 2 / Math.Sqrt(width)), (Attr.Window, window), (Attr.AlibiMaxBias, heads % 2 == 0 ? 8 : 0), .. more];
        int[] operands = [Project("q", heads), Project("k", keyHeads), Project("v", keyHeads), -1, heads == 9 ? b.Weight("sinks", heads) : -1];
        return b.Build(b.Add("y", Op.Attention, operands, new([.. SampleGraphs.Attention.Where(n => numbers.All(o => o.Key != n.Item1)), .. numbers])));
    }

    // Rows of more than two parts of a product.
    private static Graph Wide()
    {
        var b = new GraphBuilder("wide");
        var x = b.Add("embd", Op.GetRows, [b.Weight("table", 32, 512), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        var gate = b.Add("gate", Op.Silu, [b.Add("gate (linear)", Op.Linear, [x, b.Weight("gate.weight", 2304, 512)], default)], default);
        var up = b.Add("up", Op.Linear, [x, b.Weight("up.weight", 2304, 512)], default);
        var down = b.Add("down", Op.Linear, [b.Add("gated", Op.Multiply, [gate, up], default), b.Weight("down.weight", 256, 2304)], default);
        int[] operands = [b.Heads(down, 4), b.Heads(down, 4), b.Heads(down, 4), -1, -1];
        var attention = b.Add("blk.0.attn", Op.Attention, operands, new(SampleGraphs.Attention));
        var wide = b.Add("widened", Op.Linear, [attention, b.Weight("widen.weight", 512, 256)], default);
        return b.Build(b.Add("output", Op.Linear, [wide, b.Weight("output.weight", 48, 512)], default));
    }
}
