using System.CommandLine;
using System.Net;
using ArchGen.Cli.Options;
using ArchGen.Runtime.Cache;
using ArchGen.Server;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen serve</c>: the APIs that clients already speak.</summary>
internal sealed class ServeCommand(Terminal terminal)
{
    private readonly ModelChoice _model = ModelChoice.OrEmbedded();

    private readonly Option<string> _host = new("--host")
    {
        Description = "The address to listen on; 0.0.0.0 for all of this machine's.", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ADDRESS",
    };

    private readonly Option<int> _port = new Option<int>("--port")
    {
        Description = "The port to listen on; 0 for a free one.", DefaultValueFactory = _ => 8080,
    }.Within(0, ushort.MaxValue);

    private readonly Option<int> _threads = ModelOptions.Threads();

    private readonly Option<int?> _context = new Option<int?>("--ctx-size", "-c")
    {
        Description = "Tokens of prompt and answer together at most. Default: what the model was trained for, at most 4096.",
    }.Within(1, int.MaxValue);

    private readonly Option<int> _parallel = new Option<int>("--parallel", "-np")
    {
        Description = "Answers that are computed at the same time; others wait.", DefaultValueFactory = _ => 8,
    }.Within(1, 256);

    private readonly Option<string> _cache = ModelOptions.CacheTypeOption(CacheType.F16);
    private readonly Option<string> _tier = ModelOptions.Tier("fastest");
    private readonly DeviceOptions _device = new();

    public static Command Create(Terminal terminal)
    {
        var serve = new ServeCommand(terminal);
        var command = new ExampleCommand(
            "serve",
            "Serves models over HTTP, as OpenAI, Anthropic and llama.cpp do. Ctrl-C finishes the answers that have begun, a second one ends at once.",
            "serve model.gguf",
            "serve model.gguf --host 0.0.0.0 --port 8000 --parallel 16")
        {
            serve._model.All, serve._host, serve._port, serve._threads, serve._context, serve._parallel, serve._cache, serve._tier, serve._device.All,
        };
        command.SetAction(serve.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var host = parsed.GetValue(_host)!;
        if (!IPAddress.TryParse(host is "localhost" ? "127.0.0.1" : host, out var address))
            throw new RequestException($"--host {host} is no address. Give one of this machine's, such as 127.0.0.1 or 0.0.0.0.");
        var path = _model.PathOrNull(parsed);
        var tier = parsed.GetValue(_tier)!;
        var backend = _device.Backend(parsed, ModelOptions.Cpu(parsed.GetValue(_threads), tier), tier, terminal, isSmall: path is null);
        var model = new ServedModelOptions();
        model.Model.Open = () => ModelOptions.Load(path, terminal);
        model.Model.ModelId = path is null ? "wren" : Path.GetFileNameWithoutExtension(path);
        model.Model.Backend = () => backend;
        model.Model.ContextLength = parsed.GetValue(_context);
        model.Model.MaxConcurrentAnswers = parsed.GetValue(_parallel);
        model.Model.Engine = options => options with { CacheType = ModelOptions.ParseCacheType(parsed.GetValue(_cache)!) };
        await using var application = ServerApplication.Create(options => options.Models.Add(model), [new IPEndPoint(address, parsed.GetValue(_port))]);
        using var finishing = Interruption.LetFinish();
        await ServerApplication.RunAsync(application, address => terminal.Error.WriteLine($"archgen: listening on {address}"), cancellation);
        return 0;
    }
}
