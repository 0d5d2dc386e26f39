using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>
/// Computes an importance matrix: runs texts through a model and sums, for each weight tensor, the squares of the inputs of its products, which
/// the graph names.
/// <code>
/// using var model = LoadedModel.Open("model.gguf", Catalog.All);
/// var text = ChunkedText.Create(model.Tokenizer, File.ReadAllText("calibration.txt"), chunkLength: 512);
/// var collector = new ImportanceCollector(model);
/// collector.Run(text);
/// collector.ToMatrix(["calibration.txt"]).Save("model.imatrix.gguf");
/// </code>
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class ImportanceCollector
{
    private readonly LoadedModel _model;
    private readonly EvaluationOptions _options;
    private readonly bool _processOutput;
    private readonly Dictionary<string, SquareSums> _sums = new(StringComparer.Ordinal);
    private long _tokens;
    private int _chunkLength;

    /// <summary>Prepares to run a model.</summary>
    /// <param name="model">A model of any kind but an encoder-decoder.</param>
    /// <param name="options">Batch size, cache type, backend and threads.</param>
    /// <param name="processOutput">Whether the product that makes the logits is summed too. Its matrix is better quantized without importance.</param>
    /// <exception cref="ArchGenException">The model is an encoder-decoder.</exception>
    public ImportanceCollector(LoadedModel model, EvaluationOptions? options = null, bool processOutput = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options, _processOutput) = (model, options ?? new(), processOutput);
        if (model.EncoderGraph is not null)
        {
            throw new RequestException($"{model.File.Name}: {model.Architecture.Name} has an encoder and a decoder, and what they would read of a "
                + "plain text says little. Quantize it without importance.");
        }
    }

    /// <summary>Runs a text; what it adds is added to what other texts have.</summary>
    /// <param name="text">The text.</param>
    /// <param name="progress">Called after each batch with the number of finished chunks.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="ArchGenException">A token is not in the vocabulary, there is no kernel for a tensor's type, or a sum is not finite.</exception>
    public void Run(ChunkedText text, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var graph = ModelGraphs.Of(_model, text.ChunkLength).Main;
        var output = OutputProduct.Find(graph, _model.Model.Vocab);
        // Without the last product, which is large, and whose result is not read.
        if (output is not null && !_processOutput) graph = GraphRewriter.Upto(graph, output.Input(Slot.X));
        var before = _tokens;
        _chunkLength = text.ChunkLength;
        using var context = new InferenceContext(graph, _model.File, ChunkRunner.Options(text, _options), Watch);
        // The last layer computes wanted outputs alone, so all are.
        new ChunkRunner(context, text, _options.BatchSize).Run(0, text.ChunkLength, _ => Check(), chunk =>
        {
            _tokens = before + ((long)chunk * text.ChunkLength);
            progress?.Invoke(chunk);
        }, cancellation);
    }

    /// <summary>The sums so far.</summary>
    /// <param name="datasets">The names of the texts.</param>
    public ImportanceMatrix ToMatrix(IReadOnlyList<string> datasets)
    {
        var total = new ImportanceSums();
        foreach (var sums in _sums.Values)
        {
            foreach (var weight in sums.Weights) total.Add(weight, sums.Sums, sums.Counts);
        }

        var size = Math.Max(_chunkLength, 1);
        return total.ToMatrix(datasets, (int)(_tokens / size), size);
    }

    private SquareSums Watch(IReadOnlyList<string> weights, int rows, int columns)
    {
        // A plan may be made again, for more tokens; its sums go on.
        var key = string.Join('\n', weights);
        return _sums.TryGetValue(key, out var sums) ? sums : _sums[key] = new SquareSums(weights, rows, columns);
    }

    private void Check()
    {
        foreach (var sums in _sums.Values)
        {
            foreach (var sum in sums.Sums)
            {
                if (!float.IsFinite((float)sum))
                    throw new ModelFileException($"{_model.File.Name}: what {sums.Weights[0]} is multiplied with is not finite. The file may be damaged.");
            }
        }
    }
}
