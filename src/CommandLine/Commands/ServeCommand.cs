using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Serving;
using ArchGen.Runtime.Backends;
using ArchGen.Server;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen serve</c>: the APIs that clients already speak. Its options are llama-server's, as far as they mean something here.</summary>
internal sealed class ServeCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly ModelChoice _model = ModelChoice.OrEmbedded(program);
    private readonly ListenFlags _listen = new();
    private readonly AccessFlags _access = new();
    private readonly ModelFlags _models = new();
    private readonly EngineFlags _engine = new();
    private readonly ChatFlags _chat = new();
    private readonly EndpointFlags _endpoints = new();
    private readonly IgnoredFlags _ignored = new();
    private readonly RefusedFlags _refused = new();
    private readonly SamplingOptions _sampling = new();
    private readonly Option<int> _threads = ModelOptions.Threads();
    private readonly Option<string> _tier = ModelOptions.Tier("fastest");
    private readonly DeviceOptions _device = new();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var serve = new ServeCommand(terminal, program);
        var command = new ExampleCommand(
            "serve",
            "Serves models over HTTP, as OpenAI, Anthropic and llama.cpp do. Ctrl-C finishes the answers that have begun, a second one ends at once.",
            "serve model.gguf",
            "serve model.gguf --host 0.0.0.0 --port 8000 --parallel 16 --api-key-file keys.txt")
        {
            serve._model.All, serve._listen.All, serve._access.All, serve._models.All, serve._engine.All, serve._chat.All, serve._endpoints.All,
            serve._sampling.OfServer, serve._threads, serve._tier, serve._device.All, serve._ignored.All, serve._refused.All,
        };
        command.SetAction(serve.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        _refused.Check(parsed);
        var addresses = _listen.Addresses(parsed);
        await using var application = ServerApplication.Create(options => Configure(parsed, options), addresses);
        _ignored.Report(parsed, terminal);
        using var finishing = Interruption.LetFinish();
        await ServerApplication.RunAsync(application, address => terminal.Note($"listening on {address}"), cancellation);
        return 0;
    }

    private void Configure(ParseResult parsed, ServerOptions options)
    {
        _listen.Apply(parsed, options);
        _access.Apply(parsed, options);
        _models.Apply(parsed, options);
        _endpoints.Apply(parsed, options);
        var path = _model.PathOrNull(parsed);
        options.FolderModel = file => Model(parsed, file);
        if (path is null && _models.HasFolder(parsed)) return;
        var model = Model(parsed, path);
        _models.ApplyToNamed(parsed, model);
        options.Models.Add(model);
    }

    private ServedModelOptions Model(ParseResult parsed, string? path)
    {
        var model = new ServedModelOptions();
        model.Model.ModelId = path is null ? (program.Model ?? throw ModelChoice.None()).Name.ToLowerInvariant() : Path.GetFileNameWithoutExtension(path);
        model.Model.ModelPath = path ?? "";
        model.Model.Open = () =>
        {
            var loaded = program.Load(path, terminal);
            if (loaded.HasVocabulary) ChatFlags.AddMissingTemplate(loaded, model, terminal);
            return loaded;
        };
        // One for the engine and the embeddings.
        var backend = new Lazy<IBackend>(() => Backend(parsed, path));
        model.Model.Backend = () => backend.Value;
        model.Sampling = recommended => _sampling.Read(parsed, recommended, isGreedy: path is null);
        _engine.Apply(parsed, model);
        _chat.Apply(parsed, model, terminal);
        _models.ApplyToEach(parsed, model);
        return model;
    }

    private IBackend Backend(ParseResult parsed, string? path)
    {
        var tier = parsed.GetValue(_tier)!;
        return _device.Backend(parsed, ModelOptions.Cpu(parsed.GetValue(_threads), tier), tier, terminal, isSmall: path is null);
    }
}
