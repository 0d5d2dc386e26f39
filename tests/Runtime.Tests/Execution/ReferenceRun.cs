using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.Dsl.Tests.Ops;
using ArchGen.Eager;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>A graph with random weights, run node by node by the reference operations, and by the runtime.</summary>
internal sealed class ReferenceRun : IDisposable
{
    private readonly Dictionary<string, Operand> _weights = new(StringComparer.Ordinal);

    /// <summary>Draws the weights.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="matrices">The type that the file has matrices in; by default they are as exact as the reference's.</param>
    public ReferenceRun(Graph graph, int seed = 1, TensorType? matrices = null)
    {
        Graph = graph;
        var random = new Random(seed);
        var writer = new GgufWriter(new GgufMetadata("weights"));
        foreach (var node in graph.Nodes.Where(n => n.Op == Op.Weight))
        {
            var dims = Dims(node.Shape, 0, 0);
            var values = new float[dims.Aggregate(1, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++) values[i] = (float)((random.NextDouble() * 2) - 1);
            _weights[node.Name] = new Operand(values, dims);
            var type = matrices is { } chosen && dims.Length > 1 ? chosen : TensorType.F32;
            var bytes = new byte[type.ByteLength(values.Length)];
            TensorFormats.Of(type).Encoder!.Encode(values, bytes);
            writer.Add(node.Name, type, [.. dims.Reverse().Select(d => (long)d)], bytes);
        }

        if (graph.Nodes.FirstOrDefault(n => n.Op == Op.Encoded) is { } encoded) Encoded = OpRun.Random(8, Dims(encoded.Shape, 0, 11));
        var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;
        File = GgufFile.FromStream(stream, "weights");
    }

    public Graph Graph { get; }

    public GgufFile File { get; }

    /// <summary>The rows of the encoder, if the graph has one.</summary>
    public Operand? Encoded { get; }

    /// <summary>How far a backend's results may be from the references' (NMSE): what the least exact of the operations allows.</summary>
    public double Tolerance => Graph.Nodes.Max(n => n.Spec.Tolerance);

    /// <summary>The values of all nodes for one sequence from position 0.</summary>
    public Dictionary<string, Operand> Evaluate(int[] tokens) => EvaluateNodes(tokens).ToDictionary(v => v.Key.Name, v => v.Value);

    /// <summary>The same by node.</summary>
    public Dictionary<Node, Operand> EvaluateNodes(int[] tokens)
    {
        var values = new Dictionary<Node, Operand>();
        foreach (var node in Graph.Nodes)
        {
            var dims = Dims(node.Shape, tokens.Length, Encoded?.Rows ?? 0);
            values[node] = node.Op switch
            {
                Op.Weight => _weights[node.Name],
                Op.Tokens => new Operand(Array.ConvertAll(tokens, t => (float)t), dims),
                Op.Segments => new Operand(new float[tokens.Length], dims),
                Op.Positions => new Operand([.. Enumerable.Range(0, tokens.Length).Select(p => (float)p)], dims),
                Op.Encoded => Encoded!,
                Op.State => new Operand(new float[dims.Aggregate(1, (a, b) => a * b)], dims),
                _ => Reference.Run(
                    node.Op, node.Attributes, [.. node.Inputs.Select(i => i is null ? null : values[i])], dims, [.. Enumerable.Range(0, tokens.Length)]),
            };
        }

        return values;
    }

    /// <summary>The result for one sequence by the reference, [T, width].</summary>
    public float[] Expected(int[] tokens) => Evaluate(tokens)[Graph.Output.Name].Values;

    public InferenceContext Context(
        int length = 64, int maxBatch = 64, int sequences = 1, CacheType type = CacheType.F32, int threads = 2, NodeObserver? observer = null,
        string? backend = null, CpuTarget? target = null)
    {
        var options = new ContextOptions
        {
            ContextLength = length,
            MaxBatch = maxBatch,
            MaxSequences = sequences,
            CacheType = type,
            Backend = backend is null ? new CpuBackend { Threads = threads, Target = target ?? CpuTarget.Fastest } : TestBackends.Named(backend),
        };
        var context = new InferenceContext(Graph, File, options, observer);
        if (Encoded is not null) context.SetEncoded(Encoded.Values, Encoded.Rows);
        return context;
    }

    /// <summary>Continues a sequence, so many tokens at a time; returns all rows.</summary>
    public static float[] Run(InferenceContext context, ReadOnlySpan<int> tokens, int atOnce, int sequence = 0)
    {
        var rows = new List<float>();
        var batch = new Batch();
        for (var begin = 0; begin < tokens.Length; begin += atOnce)
        {
            batch.Clear();
            var first = context.IsBidirectional ? 0 : context.NextPosition(sequence);
            var part = tokens[begin..Math.Min(tokens.Length, begin + atOnce)];
            for (var i = 0; i < part.Length; i++) batch.Add(part[i], first + i, sequence, wantOutput: true);
            context.Evaluate(batch);
            for (var i = 0; i < part.Length; i++) rows.AddRange(context.Output(i));
        }

        return [.. rows];
    }

    /// <summary>The tokens of a sequence from a position to their end; a row is wanted of each.</summary>
    public static Batch BatchOf(int[] tokens, int from)
    {
        var batch = new Batch();
        for (var i = from; i < tokens.Length; i++) batch.Add(tokens[i], i, sequence: 0, wantOutput: true);
        return batch;
    }

    public static int[] Tokens(int count, int seed = 3, int vocabulary = 32)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }

    /// <summary>Demands that results are those of the references.</summary>
    public void AssertClose(float[] expected, ReadOnlySpan<float> actual) => Close(expected, actual, Tolerance);

    public static void Close(float[] expected, ReadOnlySpan<float> actual, double tolerance = 1e-10)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, magnitude = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)expected[i] - actual[i], 2);
            magnitude += Math.Pow(expected[i], 2);
        }

        Assert.True(magnitude > 0, "the expected values are all 0");
        Assert.True(difference / magnitude <= tolerance, $"NMSE {difference / magnitude:E2}; expected at most {tolerance:E0}");
    }

    public void Dispose() => File.Dispose();

    private static int[] Dims(Shape shape, int tokens, int encoderTokens) =>
        [.. shape.Select(d => (int)d.Evaluate(name => name == "T" ? tokens : name == "S" ? encoderTokens : throw new InvalidOperationException(name))!.Value)];
}
