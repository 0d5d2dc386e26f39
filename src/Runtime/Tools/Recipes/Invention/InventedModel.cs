using System.IO.Enumeration;
using ArchGen.Gguf;
using ArchGen.Graphs;

namespace ArchGen.Tools.Recipes.Invention;

/// <summary>A model without weights: the keys and tensors that an architecture asks for, when it is loaded from a file that has what it asks for.</summary>
internal sealed class InventedModel
{
    // Each round adds what the one before found missing, so a model has few.
    private const int MaxRounds = 500;

    private readonly ArchitectureInfo _architecture;
    private readonly InventedSource _source;
    private readonly IReadOnlyList<string> _optional;
    private readonly Model _model;

    /// <param name="architecture">The architecture.</param>
    /// <param name="keys">Its keys that are stated.</param>
    /// <param name="optional">Patterns of the optional tensors that the model has.</param>
    /// <param name="isEnriched">Whether optional keys are answered too where that puts more of the architecture to the test.</param>
    /// <exception cref="ArchGenException">A key cannot be invented, or the shapes do not fit.</exception>
    public InventedModel(ArchitectureInfo architecture, Dictionary<string, GgufValue> keys, IReadOnlyList<string> optional, bool isEnriched)
    {
        (_architecture, _optional) = (architecture, optional);
        _source = new InventedSource(architecture, keys, isEnriched);
        _model = Load();
        try
        {
            Graphs = _model.BuildPasses();
            foreach (var graph in Graphs) GraphVerifier.Verify(graph);
        }
        catch (Exception error) when (error is ArchGenException or ShapeException or OverflowException or DivideByZeroException)
        {
            throw DoesNotFit(error);
        }
    }

    /// <summary>Its name in messages.</summary>
    public string FileName => _source.FileName;

    /// <summary>The number of tokens in the vocabulary.</summary>
    public int Vocab => _model.Vocab;

    /// <summary>Its graphs.</summary>
    public IReadOnlyList<Graph> Graphs { get; }

    /// <summary>The keys that the architecture reads.</summary>
    public IReadOnlySet<string> Asked => _source.Asked;

    /// <summary>Its keys, and what a file has beside those of the architecture.</summary>
    public IEnumerable<KeyValuePair<string, GgufValue>> Metadata =>
    [
        new("general.architecture", GgufValue.From(_architecture.Name)),
        .. _source.Keys,
        new("tokenizer.ggml.model", GgufValue.From("no_vocab")),
    ];

    /// <summary>Its tensors: dimensions slowest first.</summary>
    public IEnumerable<(string Name, long[] Dims)> Tensors => _source.Tensors.Select(tensor => (tensor.Key, tensor.Value));

    private Model Load()
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var model = _architecture.Create();
            _source.HasInvented = false;
            TensorLedger ledger;
            try
            {
                ledger = ModelLoader.Bind(model, _source);
            }
            catch (ModelFileException) when (_source.HasInvented)
            {
                continue;
            }
            catch (ModelFileException error)
            {
                throw _source.Unknown.Count > 0 ? NotInvented() : DoesNotFit(error);
            }

            List<(string Name, long[] Dims)> added = [.. ledger.Missing, .. ledger.Expected.Where(IsWanted).Select(tensor => (tensor.Key, tensor.Value))];
            if (added.Count == 0) return model;
            foreach (var (name, dims) in added)
            {
                if (dims.Any(size => size <= 0)) throw DoesNotFit(new ModelFileException($"the tensor {name} would be [{string.Join(", ", dims)}]"));
                _source.Add(name, dims);
            }
        }

        throw DoesNotFit(new ModelFileException("it asks for ever more keys or tensors"));
    }

    private bool IsWanted(KeyValuePair<string, long[]> tensor) => _source.FindTensor(tensor.Key) is null
        && _optional.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, tensor.Key, ignoreCase: false));

    private ModelFileException NotInvented() => new(
        $"{FileName}: nothing can be invented for {string.Join(" and ", _source.Unknown.Select(key => $"{key.Key} ({key.Value})"))}. "
        + $"State it: new {nameof(RandomRecipeOptions)} {{ Keys = {{ [\"{_source.Unknown.Keys.First()}\"] = ... }} }}.");

    private ModelFileException DoesNotFit(Exception error)
    {
        var keys = string.Join(", ", _source.Keys.Select(key => $"{key.Key} = {key.Value}"));
        return new ModelFileException(
            $"{FileName} does not fit its declaration: {error.Message.TrimEnd('.')}. It has {keys}. "
            + $"State other values in {nameof(RandomRecipeOptions)}.{nameof(RandomRecipeOptions.Keys)}.", error);
    }
}
