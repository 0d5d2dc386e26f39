using System.Collections.Concurrent;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Loading;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Generation;

/// <summary>
/// A GGUF file together with its architecture, checked and ready to run. Contexts made of it must be disposed before it. Read-only: safe for concurrent
/// callers until then.
/// </summary>
public sealed class LoadedModel : IDisposable
{
    private readonly Lazy<Tokenizer> _tokenizer;
    private readonly Lazy<Graph> _graph;
    private readonly ConcurrentDictionary<string, Graph> _named = new(StringComparer.Ordinal);

    /// <summary>Loads a file that is already open, and owns it from now on.</summary>
    /// <param name="file">The file.</param>
    /// <param name="architectures">The architectures to choose from, such as <c>Catalog.All</c>.</param>
    /// <exception cref="ModelFileException">The architecture is not among them, or the file's keys or tensors are not what it needs.</exception>
    public LoadedModel(GgufFile file, IEnumerable<ArchitectureInfo> architectures)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(architectures);
        File = file;
        _tokenizer = new(() => Tokenizer.FromMetadata(file.Metadata));
        _graph = new(() => Build(() => Model!.BuildGraph()));
        try
        {
            if (file.Metadata.GetStringOrNull("general.type") == "adapter")
                throw new ModelFileException($"{file.Name} is an adapter, expected a model. Give the model it was made for, and the adapter with --lora.");
            Architecture = ArchitectureOf(file, architectures);
            var source = new GgufModelSource(file);
            Source = source;
            Model = Architecture.Create();
            ModelLoader.Load(Model, source);
            UnreadKeys = Loading.UnreadKeys.Of(file, source, Architecture);
            TrainedContextLength = file.Metadata.GetInt32OrNull($"{Architecture.Name}.context_length") is { } length and > 0 ? length : null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public GgufFile File { get; }

    /// <summary>The file as the architecture sees it.</summary>
    public IModelSource Source { get; }

    /// <summary>The architecture's declaration, which is independent of the file.</summary>
    public ArchitectureInfo Architecture { get; }

    /// <summary>The file's keys that the architecture does not read and that may change the result, each with the likely intended key, or null.</summary>
    public IReadOnlyList<(string Key, string? Nearest)> UnreadKeys { get; }

    /// <summary>The architecture with the file's hyper-parameters and tensors.</summary>
    public Model Model { get; }

    /// <summary>Positions that the model was trained for, if the file says.</summary>
    public int? TrainedContextLength { get; }

    /// <summary>Whether the file has a vocabulary: without one it reads and gives tokens, and no text.</summary>
    public bool HasVocabulary => Tokenizers.Tokenizer.IsIn(File.Metadata);

    /// <summary>The tokenizer.</summary>
    /// <exception cref="ModelFileException">The file has no vocabulary, or one that is not known.</exception>
    public Tokenizer Tokenizer => _tokenizer.Value;

    /// <summary>The static graph; of an encoder-decoder the decoder's.</summary>
    public Graph Graph => _graph.Value;

    /// <summary>The encoder's graph of an encoder-decoder, otherwise null.</summary>
    public Graph? EncoderGraph => Model is EncoderDecoderModel ? GraphOf(EncoderDecoderModel.EncoderGraph) : null;

    /// <summary>One of the graphs beside that of the forward pass, for the context length of training.</summary>
    /// <param name="name">One of <see cref="Model.GraphNames"/>.</param>
    /// <exception cref="RequestException">There is no graph of this name.</exception>
    /// <exception cref="ModelFileException">The file lacks what the graph needs.</exception>
    public Graph GraphOf(string name) => _named.GetOrAdd(Guard.NotNull(name), key => Build(() => Model.BuildGraph(key)));

    /// <summary>Opens a GGUF file; of a split model, its first part.</summary>
    /// <exception cref="ModelFileException">The file cannot be read or is damaged, or its architecture is not known or does not fit it.</exception>
    public static LoadedModel Open(string path, IEnumerable<ArchitectureInfo> architectures)
    {
        ArgumentNullException.ThrowIfNull(architectures);
        return new(GgufFile.Open(path), architectures);
    }

    /// <summary>Reads a GGUF file from a seekable stream, such as an embedded resource.</summary>
    /// <param name="name">The name in messages.</param>
    /// <exception cref="ModelFileException">As <see cref="Open(string, IEnumerable{ArchitectureInfo})"/>.</exception>
    public static LoadedModel Open(Stream stream, string name, IEnumerable<ArchitectureInfo> architectures)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(GgufFile.FromStream(stream, name), architectures);
    }

    /// <summary>The architecture that a file names.</summary>
    /// <exception cref="ModelFileException">The file names none, or one that is not known.</exception>
    public static ArchitectureInfo ArchitectureOf(GgufFile file, IEnumerable<ArchitectureInfo> architectures)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(architectures);
        var name = file.Metadata.GetString("general.architecture");
        return architectures.Find(name) ?? throw new ModelFileException(
            $"{file.Name}: key general.architecture is {MessageText.Quote(name)}, which is not known. {architectures.Suggest(name)} "
            + "Declare it in an architecture file, or use a model of a known one.");
    }

    /// <summary>Prepares the model to run: the decoder, or a model that is all encoder.</summary>
    /// <param name="observer">Sees each node's values.</param>
    /// <exception cref="ModelFileException">There is no kernel for a tensor's type.</exception>
    /// <exception cref="RequestException">An option is out of range.</exception>
    /// <exception cref="DeviceException">There is not enough memory, or there are fewer threads.</exception>
    public InferenceContext CreateContext(ContextOptions options, NodeObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Long RoPE's factors are chosen by the length of the run, so it needs a separate graph.
        var graph = Build(() => Model.BuildGraph(new GraphOptions { SequenceLength = options.SequenceLength }));
        return Open(graph, options, observer);
    }

    /// <summary>
    /// Prepares one of the graphs beside that of the forward pass to run, over the same weights: of those that contexts share, there is no second copy.
    /// </summary>
    /// <param name="graph">One of <see cref="Model.GraphNames"/>.</param>
    /// <param name="options">The sizes of the context, and the backends.</param>
    /// <param name="observer">Sees each node's values.</param>
    /// <exception cref="ModelFileException">The file lacks what the graph needs, or there is no kernel for a tensor's type.</exception>
    /// <exception cref="RequestException">There is no graph of this name, or an option is out of range.</exception>
    /// <exception cref="DeviceException">There is not enough memory, or there are fewer threads.</exception>
    public InferenceContext CreateContext(string graph, ContextOptions options, NodeObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        return Open(Build(() => Model.BuildGraph(graph, new GraphOptions { SequenceLength = options.SequenceLength })), options, observer);
    }

    /// <summary>Runs the encoder of an encoder-decoder: tokens [S] to rows [S, embd], for <see cref="InferenceContext.SetEncoded"/>.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="options">The options of the encoder's context, whose size is the number of tokens.</param>
    /// <param name="observer">Sees each node's values.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    /// <exception cref="RequestException">The model has no encoder, or a token id is out of range.</exception>
    public float[] Encode(ReadOnlySpan<int> tokens, ContextOptions options, NodeObserver? observer = null, CancellationToken cancellation = default)
    {
        var graph = EncoderGraph ?? throw new RequestException($"{File.Name}: {Architecture.Name} has no encoder beside a decoder.");
        using var context = Open(graph, options with { ContextLength = tokens.Length, MaxBatch = tokens.Length }, observer);
        var batch = new Batch();
        for (var i = 0; i < tokens.Length; i++) batch.Add(tokens[i], i, sequence: 0, wantOutput: true);
        context.Evaluate(batch, cancellation);
        var rows = new float[checked(tokens.Length * context.Width)];
        for (var i = 0; i < tokens.Length; i++) context.Output(i).CopyTo(rows.AsSpan(i * context.Width));
        return rows;
    }

    // On the processor alone where a device fails that nobody asked for.
    private InferenceContext Open(Graph graph, ContextOptions options, NodeObserver? observer)
    {
        try
        {
            return new InferenceContext(graph, File, options, observer);
        }
        catch (DeviceException error) when (options.Backend is OffloadBackend { IsOptional: true })
        {
            var offload = (OffloadBackend)options.Backend;
            offload.Report?.Invoke($"{error.Message} The processor computes instead.");
            return new InferenceContext(graph, File, options with { Backend = offload.Cpu }, observer);
        }
    }

    /// <summary>The token that an encoder-decoder's answer begins with.</summary>
    /// <exception cref="ModelFileException">The file does not state it.</exception>
    public int DecoderStartToken() =>
        File.Metadata.GetInt32OrNull($"{Architecture.Name}.decoder_start_token_id") ?? Tokenizer.Vocabulary.Bos ?? throw new ModelFileException(
            $"{File.Name}: key {Architecture.Name}.decoder_start_token_id is missing, expected the id of the token that an answer begins with. Add the key.");

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    private Graph Build(Func<Graph> build)
    {
        try
        {
            return build();
        }
        catch (Exception error) when (error is (ArchGenException and not RequestException) or OverflowException or DivideByZeroException)
        {
            throw new ModelFileException($"{File.Name}: {error.Message} Look at the keys with 'archgen inspect'.", error);
        }
    }
}
