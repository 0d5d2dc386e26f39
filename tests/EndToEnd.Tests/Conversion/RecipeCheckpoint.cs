using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>
/// The checkpoint, in memory, that a recipe's model could have been converted from: modules by their names in checkpoints, config.json by the sources of
/// keys. What conversion does to rows and columns is found by numbering all elements and converting these numbers; so is what must be undone.
/// </summary>
internal sealed partial class RecipeCheckpoint
{
    private readonly ArchitectureInfo _architecture;
    private readonly LoadedModel _model;
    private readonly string _class;
    private readonly JsonObject _config;
    private readonly List<(string Name, long[] Shape, long First)> _modules = [];
    private readonly float[] _elements;

    /// <param name="architecture">The architecture.</param>
    /// <param name="model">The recipe's model.</param>
    /// <param name="stated">What config.json has that does not follow from the sources of single keys.</param>
    public RecipeCheckpoint(ArchitectureInfo architecture, LoadedModel model, JsonObject stated)
    {
        (_architecture, _model, _class) = (architecture, model, architecture.HuggingFaceClasses[0]);
        _config = Config(stated);
        _elements = new float[AddModules()];
    }

    /// <summary>Converts the numbers of all elements, and puts the model's values where they come from.</summary>
    public void Fill()
    {
        for (var i = 0; i < _elements.Length; i++) _elements[i] = i;
        var (_, source) = Convert();
        var values = new float[_elements.Length];
        foreach (var name in Names(source))
        {
            var sum = source.Find(name)!.Steps.FirstOrDefault(s => s.StartsWith("+ ", StringComparison.Ordinal));
            var added = sum is null ? 0 : float.Parse(sum[2..], CultureInfo.InvariantCulture);
            float[] places = source.Read(name), wanted = _model.Source.Read(name);
            for (var i = 0; i < places.Length; i++) values[(int)MathF.Round(places[i] - added)] = wanted[i] - added;
        }

        values.CopyTo(_elements, 0);
    }

    /// <summary>The model that conversion makes of the checkpoint, and its tensors.</summary>
    public (Model Model, CheckpointSource Source) Convert()
    {
        using var document = JsonDocument.Parse(_config.ToJsonString());
        var config = new CheckpointConfig(document.RootElement.Clone(), "config.json");
        GgufMetadata metadata = new("checkpoint");
        metadata["general.architecture"] = GgufValue.From(_architecture.Name);
        metadata[$"{_architecture.Name}.vocab_size"] = GgufValue.From((uint)_model.Model.Vocab);
        HyperParameterTranslator translator = new(_architecture, config, _class);
        translator.Translate(metadata, []);
        var model = _architecture.Create();
        var stored = _modules.ToDictionary(
            m => m.Name, Weights (m) => new Module(m.Name, m.Shape, _elements.AsMemory((int)m.First, (int)m.Shape.Aggregate(1L, (a, b) => a * b))));
        CheckpointSource source = new("checkpoint", stored, _architecture, model, metadata, translator.RopeFactors);
        model.Converted = config;
        ModelLoader.Bind(model, source);
        source.OrderRotaryPairs();
        return (model, source);
    }

    /// <summary>The file's tensors that have a name in checkpoints.</summary>
    public IEnumerable<string> Names(CheckpointSource source) => _model.Source.TensorNames.Where(name => source.Candidates(name).Count > 0);

    private JsonObject Config(JsonObject stated)
    {
        JsonObject config = new() { ["architectures"] = new JsonArray(_class) };
        var keys = _architecture.Conversion.Keys.Where(k => k.For is null || k.For == _class).GroupBy(k => k.Key)
            .Select(g => g.OrderBy(k => k.For is null).First());
        foreach (var key in keys)
        {
            if (key.Method is not null || key.Source.Split('|').FirstOrDefault(s => Path().IsMatch(s)) is not { } path) continue;
            if (_model.Source.FindKey(HyperParameterReader.FullKey(_architecture.Name, key.Key)) is { } value) Put(config, path.Split('.'), Node(key, value));
        }

        foreach (var (name, value) in stated) config[name] = value?.DeepClone();
        return config;
    }

    private static void Put(JsonObject scope, string[] path, JsonNode value)
    {
        foreach (var name in path[..^1]) scope = (JsonObject)(scope[name] ??= new JsonObject());
        scope[path[^1]] = value;
    }

    /// <summary>A value of config.json: a number, a text that stands for it, or a list of them.</summary>
    private JsonNode Node(ConfigKey key, object value)
    {
        var texts = key.Values?.Split('|').Select(v => v.Split('=')).ToList();
        if (value is Array list) return new JsonArray([.. list.Cast<object>().Select(One)]);
        if (key.Type != "LayerPattern" || texts is null) return One(value);
        var period = System.Convert.ToInt32(value, CultureInfo.InvariantCulture);
        var layers = Enumerable.Range(0, System.Convert.ToInt32(_model.Source.FindKey($"{_architecture.Name}.block_count"), CultureInfo.InvariantCulture));
        return new JsonArray([.. layers.Select(i => One(period == 0 || i % period != (key.FirstDiffers ? 0 : period - 1)))]);

        JsonNode One(object element)
        {
            var number = element is bool flag ? flag ? "1" : "0" : null;
            var text = texts?.FirstOrDefault(t => t[1] == (number ?? System.Convert.ToString(element, CultureInfo.InvariantCulture)))?[0];
            return text is not null ? JsonValue.Create(text) : element switch
            {
                bool b => JsonValue.Create(b),
                string s => JsonValue.Create(s),
                float f => JsonValue.Create(f),
                double d => JsonValue.Create(d),
                _ => JsonValue.Create(System.Convert.ToInt64(element, CultureInfo.InvariantCulture)),
            };
        }
    }

    /// <summary>Adds the modules by the first name of each tensor: with {e} one for each expert; one with the rows of all tensors of that name.</summary>
    private long AddModules()
    {
        var none = new Dictionary<string, Weights>();
        CheckpointSource names = new("names", none, _architecture, _architecture.Create(), new GgufMetadata("names"), new Dictionary<string, float[]>());
        var first = 0L;
        foreach (var group in _model.Source.TensorNames.Where(n => names.Candidates(n).Count > 0).GroupBy(n => names.Candidates(n)[0]))
        {
            var shapes = group.Select(name => _model.Source.FindTensor(name)!).ToList();
            var isOfExperts = group.Key.Contains("{e}", StringComparison.Ordinal);
            var shape = isOfExperts ? shapes[0][1..] : [shapes.Sum(s => s[0]), .. shapes[0][1..]];
            for (var e = 0; e < (isOfExperts ? shapes[0][0] : 1); e++)
            {
                _modules.Add((group.Key.Replace("{e}", e.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), shape, first));
                first += shape.Aggregate(1L, (a, b) => a * b);
            }
        }

        return first;
    }

    [GeneratedRegex(@"^(?!(true|false|none)$)[A-Za-z_]\w*(\.\w+)*$")]
    private static partial Regex Path();

    /// <summary>A module of the checkpoint.</summary>
    private sealed class Module(string name, long[] shape, ReadOnlyMemory<float> elements) : Weights
    {
        public override IReadOnlyList<long> Shape => shape;

        public override IEnumerable<string> Sources => [name];

        public override void Read(long first, Span<float> destination) => elements.Span.Slice((int)first, destination.Length).CopyTo(destination);
    }
}
