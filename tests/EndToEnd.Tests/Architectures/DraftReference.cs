using ArchGen.Architectures;
using ArchGen.Eager;
using ArchGen.Runtime.Generation;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>
/// A draft without the graph that makes it. What joins a token with the row before it is computed here, in double precision; the rest is a model of one layer
/// and another head, whose embeddings are those joined rows: its forward pass is held to what llama.cpp recorded.
/// </summary>
/// <param name="model">The model, with the block that predicts.</param>
/// <param name="ownTables">Whether the block's own embedding and output matrix are used.</param>
internal sealed class DraftReference(LoadedModel model, bool ownTables)
{
    private const string Block = "blk.2.";

    public Operand Run(int[] tokens, Operand hidden)
    {
        var source = new OneLayer(model.Source, Joined(tokens, hidden), ownTables);
        var single = Catalog.All.Single(a => a.Name == "qwen3next").Create();
        ModelLoader.Load(single, source);
        return single.Evaluate(source, [.. Enumerable.Range(0, tokens.Length)]);
    }

    /// <summary>W [norm(e); norm(h)] of each token: e its embedding, h the row before it.</summary>
    private float[] Joined(int[] tokens, Operand hidden)
    {
        var (width, rows) = (hidden.Width, model.Source.Read("token_embd.weight").Length / hidden.Width);
        var table = model.Source.Read(ownTables ? Block + "nextn.embed_tokens.weight" : "token_embd.weight");
        var matrix = model.Source.Read(Block + "nextn.eh_proj.weight");
        var joined = new float[rows * width];
        for (var t = 0; t < tokens.Length; t++)
        {
            double[] input =
            [
                .. Normed(table.AsSpan(tokens[t] * width, width), "nextn.enorm.weight"),
                .. Normed(hidden.Values.AsSpan(t * width, width), "nextn.hnorm.weight"),
            ];
            for (var i = 0; i < width; i++)
                joined[(t * width) + i] = (float)Enumerable.Range(0, 2 * width).Sum(k => matrix[(i * 2 * width) + k] * input[k]);
        }

        return joined;
    }

    private double[] Normed(ReadOnlySpan<float> row, string weight)
    {
        var (w, x) = (model.Source.Read(Block + weight), row.ToArray());
        var scale = 1 / Math.Sqrt(x.Average(v => (double)v * v) + 9.99999975e-06);
        return [.. x.Select((v, i) => v * scale * w[i])];
    }

    /// <summary>The block as the only layer of a model, over embeddings that are given.</summary>
    private sealed class OneLayer(IModelSource source, float[] embeddings, bool ownTables) : IModelSource
    {
        public string FileName => "one-layer.gguf";

        public IReadOnlyList<string> TensorNames => ["token_embd.weight", "output_norm.weight", "output.weight",
            .. source.TensorNames.Where(n => n.StartsWith(Block, StringComparison.Ordinal) && !n.Contains("nextn", StringComparison.Ordinal))
                .Select(n => "blk.0." + n[Block.Length..])];

        public long[]? FindTensor(string name) => TensorNames.Contains(name) ? source.FindTensor(Original(name)) : null;

        public float[] Read(string tensor) => tensor == "token_embd.weight" ? embeddings : source.Read(Original(tensor));

        public object? FindKey(string key) => key switch
        {
            "qwen3next.block_count" or "qwen3next.full_attention_interval" => 1L,
            "qwen3next.nextn_predict_layers" => null,
            _ => source.FindKey(key),
        };

        public int? FindArrayLength(string key) => source.FindArrayLength(key);

        private string Original(string name) => name switch
        {
            "output_norm.weight" => Block + "nextn.shared_head_norm.weight",
            "output.weight" when ownTables => Block + "nextn.shared_head_head.weight",
            _ => name.StartsWith("blk.0.", StringComparison.Ordinal) ? Block + name["blk.0.".Length..] : name,
        };
    }
}
