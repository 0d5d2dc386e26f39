using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArchGen.CommandLine.Options;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen run</c>: continues a text.</summary>
internal sealed class RunCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly ModelChoice _model = ModelChoice.OrEmbedded(program);
    private readonly PromptOptions _prompt = new();

    private readonly Option<int> _count = new Option<int>("--n-predict", "-n")
    {
        Description = "Tokens to generate at most; -1 for as many as the context holds.",
        DefaultValueFactory = _ => 256,
    }.Within(0, int.MaxValue, "for no limit");

    private readonly Option<string[]> _stop = new("--reverse-prompt", "-r") { Description = "Stop after this text. Repeatable." };
    private readonly Option<int> _threads = ModelOptions.Threads();

    private readonly Option<int?> _context = new Option<int?>("--ctx-size", "-c")
    {
        Description = "Tokens that prompt and answer may have together. Default: what the model was trained for, at most 4096.",
    }.Within(1, int.MaxValue);

    private readonly Option<int> _batch = ModelOptions.BatchSize();
    private readonly Option<string> _cache = ModelOptions.CacheTypeOption(CacheType.F16);
    private readonly Option<string[]> _lora = LoraOption.Create();
    private readonly Option<string> _tier = ModelOptions.Tier(ModelOptions.Fastest);
    private readonly DeviceOptions _device = new();
    private readonly SamplingOptions _sampling = new();
    private readonly DraftOptions _draft = new();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var run = new RunCommand(terminal, program);
        var command = new ExampleCommand(
            "run",
            "Continues a text and prints it as it comes; then, on standard error, the tokens per second. The text is that of -p, -f or --tokens; for a MODEL "
            + "without them that of standard input, where it is a file or a pipe. The embedded model has one of its own.",
            "run",
            "run model.gguf -p \"Once upon a time\" -n 100",
            "run -m model.gguf -f prompt.txt -n -1 -r \"The end\"",
            "run model.gguf < prompt.txt",
            "run chat.gguf -e --parse-special -p \"<|im_start|>user\\nHello!<|im_end|>\\n<|im_start|>assistant\\n\"",
            "run model.gguf --lora style.gguf:0.5 -p \"Dear Sir,\" --temp 0.7 --seed 1 -t 8")
        {
            run._model.All, run._prompt.All, run._count, run._stop, run._threads, run._context, run._batch, run._cache, run._tier, run._lora,
            run._device.All, run._sampling.All, run._draft.All,
        };
        command.SetAction(run.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var path = _model.PathOrNull(parsed);
        var text = _prompt.Read(parsed, terminal) ?? OtherPrompt(path, parsed);
        var start = Stopwatch.GetTimestamp();
        using var loaded = program.Load(path, terminal);
        var options = Options(parsed, loaded, isEmbedded: path is null);
        using var draftModel = _draft.OpenModel(parsed, terminal, program);
        using var adapters = LoraOption.Open(parsed.GetValue(_lora), loaded);
        var tier = parsed.GetValue(_tier)!;
        var backend = _device.Backend(parsed, ModelOptions.Cpu(parsed.GetValue(_threads), tier), tier, terminal, isSmall: path is null);
        options = options with { Adapters = adapters, Speculation = _draft.Read(parsed, draftModel) };
        using var generator = new TextGenerator(loaded, backend, options);
        var tokens = text.Tokens(loaded);
        var ready = Stopwatch.GetElapsedTime(start);
        foreach (var warning in loaded.Tokenizer.Warnings) terminal.Note(warning);
        if (generator.SpeculationObstacle is { } obstacle) terminal.Note(obstacle);
        var probabilities = new ProbabilityReport(loaded.Tokenizer);
        var (last, isEmpty) = (0, true);
        try
        {
            foreach (var token in generator.Generate(tokens, cancellation))
            {
                (last, isEmpty) = (token.Id, isEmpty && string.IsNullOrWhiteSpace(token.Text));
                terminal.Out.Write(token.Text);
                probabilities.Add(token);
            }
        }
        finally
        {
            terminal.Out.WriteLine();
            terminal.Out.Flush();
        }

        probabilities.Write(terminal.Error);
        var figures = generator.Statistics;
        int? end = isEmpty && figures.StopReason == StopReason.EndOfGeneration ? last : null;
        if (ChatHint.Of(loaded, tokens, end, isEmbedded: path is null) is { } hint) terminal.Note(hint);
        WriteFigures(figures, ready);
        return Task.FromResult(0);
    }

    private GenerationOptions Options(ParseResult parsed, LoadedModel model, bool isEmbedded)
    {
        var stops = parsed.GetValue(_stop) ?? [];
        if (stops.Contains("")) throw new RequestException("--reverse-prompt is empty, expected the text to stop at.");
        return new GenerationOptions
        {
            MaxTokens = parsed.GetValue(_count) is >= 0 and var max ? max : int.MaxValue,
            ContextLength = parsed.GetValue(_context),
            MaxBatch = parsed.GetValue(_batch),
            CacheType = ModelOptions.ParseCacheType(parsed.GetValue(_cache)!),
            Sampling = _sampling.Read(parsed, model, isGreedy: isEmbedded),
            StopTexts = _prompt.HasEscapes(parsed) ? Array.ConvertAll(stops, Escapes.Read) : stops,
            KeepsStopText = true,
        };
    }

    private void WriteFigures(GenerationStatistics figures, TimeSpan ready) => terminal.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"ready in {ready.TotalMilliseconds:F0} ms; prompt {figures.PromptTokens} tokens, {figures.PromptTokensPerSecond:F1} tokens/s; "
        + $"generation {figures.GeneratedTokens} tokens, {figures.TokensPerSecond:F1} tokens/s{Drafts(figures)}"));

    private static string Drafts(GenerationStatistics figures) => figures.DraftTokens == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {figures.AcceptedTokens} of {figures.DraftTokens} drafted tokens accepted");

    // The embedded model does not read standard input: "archgen run" has a default prompt.
    private Prompt OtherPrompt(string? path, ParseResult parsed) =>
        path is null ? new Prompt((program.Model ?? throw ModelChoice.None()).Prompt, null, ParsesSpecial: true)
        : terminal.IsInputGiven && TextOptions.Read(Terminal.Standard, terminal) is { Length: > 0 } text ? _prompt.OfText(text, parsed)
        : throw new RequestException("There is no prompt. Give the text to continue with -p or -f FILE, or write it to standard input.");
}
