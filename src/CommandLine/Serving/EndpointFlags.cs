using System.CommandLine;
using ArchGen.Server;

namespace ArchGen.CommandLine.Serving;

/// <summary>The options of what the server offers beside answers.</summary>
internal sealed class EndpointFlags
{
    private readonly Option<bool> _slots = new("--slots") { Description = "Offer GET /slots, which is the default." };
    private readonly Option<bool> _noSlots = new("--no-slots") { Description = "Do not offer GET /slots." };

    private readonly Option<string?> _slotFolder = new("--slot-save-path")
    {
        Description = "A folder in which POST /slots saves conversations; without it, it saves none.", HelpName = "FOLDER",
    };

    private readonly Option<bool> _metrics = new("--metrics") { Description = "Offer GET /metrics, which is the default." };
    private readonly Option<bool> _noMetrics = new("--no-metrics") { Description = "Do not offer GET /metrics." };
    private readonly Option<bool> _page = new("--ui", "--webui") { Description = "Serve the chat page at /, which is the default." };
    private readonly Option<bool> _noPage = new("--no-ui", "--no-webui") { Description = "Do not serve the chat page." };
    private readonly Option<bool> _verbose = new("--verbose", "-v", "--log-verbose")
    {
        Description = "Answers of conversations have their prompt and settings.",
    };

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All => [_slots, _noSlots, _slotFolder, _metrics, _noMetrics, _page, _noPage, _verbose];

    /// <summary>Sets the options.</summary>
    /// <exception cref="RequestException">The folder is none, or two options contradict each other.</exception>
    public void Apply(ParseResult parsed, ServerOptions options)
    {
        if (parsed.GetValue(_slots) && parsed.GetValue(_noSlots)) throw new RequestException("--slots and --no-slots exclude each other.");
        if (parsed.GetValue(_metrics) && parsed.GetValue(_noMetrics)) throw new RequestException("--metrics and --no-metrics exclude each other.");
        if (parsed.GetValue(_page) && parsed.GetValue(_noPage)) throw new RequestException("--ui and --no-ui exclude each other.");
        options.ServesPage = !parsed.GetValue(_noPage);
        options.ServesSlots = !parsed.GetValue(_noSlots);
        options.ServesMetrics = !parsed.GetValue(_noMetrics);
        options.IsVerbose = parsed.GetValue(_verbose);
        options.PredictPath = Environment.GetEnvironmentVariable("AIP_MODE") is "PREDICTION"
            ? Environment.GetEnvironmentVariable("AIP_PREDICT_ROUTE") ?? "/predict" : null;
        if (parsed.GetValue(_slotFolder) is not { } folder) return;
        if (!Directory.Exists(folder)) throw new RequestException($"--slot-save-path {folder}: there is no such folder. Make it first.");
        options.SlotsFolder = Path.GetFullPath(folder);
    }
}
