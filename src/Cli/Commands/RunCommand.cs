using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArchGen.Cli.Options;
using ArchGen.Cli.Texts;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen run</c>: continues a text.</summary>
internal static class RunCommand
{
    private const string DefaultPrompt = "<|im_start|>user\nTell me a story about a fox and a red kite.<|im_end|>\n<|im_start|>assistant\n";

    public static Command Create(Terminal terminal)
    {
        var model = ModelChoice.OrEmbedded();
        var prompt = new PromptOptions();
        var count = new Option<int>("--n-predict", "-n")
        {
            Description = "Tokens to generate at most; -1 for as many as the context holds.",
            DefaultValueFactory = _ => 256,
        }.Within(0, int.MaxValue, "for no limit");
        var stop = new Option<string[]>("--reverse-prompt", "-r") { Description = "Stop behind this text. Repeatable." };
        var threads = ModelOptions.Threads();
        var context = new Option<int?>("--ctx-size", "-c")
        {
            Description = "Tokens that prompt and answer may have together. Default: what the model was trained for, at most 4096.",
        }.Within(1, int.MaxValue);
        var batch = ModelOptions.BatchSize();
        var cache = ModelOptions.CacheTypeOption(CacheType.F16);
        var lora = LoraOption.Create();
        var tier = ModelOptions.Tier("fastest");
        var sampling = new SamplingOptions();
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
            model.All, prompt.All, count, stop, threads, context, batch, cache, tier, lora, sampling.All,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var path = model.PathOrNull(parsed);
            var text = prompt.Read(parsed, terminal) ?? OtherPrompt(path, prompt, parsed, terminal);
            var stops = parsed.GetValue(stop) ?? [];
            var stopTexts = new StopTexts(prompt.HasEscapes(parsed) ? Array.ConvertAll(stops, Escapes.Read) : stops);
            var start = Stopwatch.GetTimestamp();
            using var loaded = ModelOptions.Load(path, terminal);
            using var adapters = LoraOption.Open(parsed.GetValue(lora), loaded);
            using var generator = new TextGenerator(loaded, ModelOptions.Cpu(parsed.GetValue(threads), parsed.GetValue(tier)!), new GenerationOptions
            {
                Adapters = adapters,
                MaxTokens = parsed.GetValue(count) is >= 0 and var most ? most : int.MaxValue,
                ContextLength = parsed.GetValue(context),
                MaxBatch = parsed.GetValue(batch),
                CacheType = ModelOptions.ParseCacheType(parsed.GetValue(cache)!),
                Sampling = sampling.Read(parsed, loaded, isGreedy: path is null),
            });
            var tokens = text.Tokens(loaded);
            var ready = Stopwatch.GetElapsedTime(start);
            foreach (var warning in loaded.Tokenizer.Warnings) terminal.Error.WriteLine($"archgen: {warning}");
            var (last, isEmpty) = (0, true);
            try
            {
                foreach (var token in generator.Generate(tokens, cancellation))
                {
                    (last, isEmpty) = (token.Id, isEmpty && string.IsNullOrWhiteSpace(token.Text));
                    terminal.Out.Write(stopTexts.Take(token.Text));
                    if (stopTexts.IsFound) break;
                }
            }
            finally
            {
                terminal.Out.WriteLine();
                terminal.Out.Flush();
            }

            var figures = generator.Statistics;
            int? end = isEmpty && figures.StopReason == StopReason.EndOfGeneration ? last : null;
            if (ChatHint.Of(loaded, tokens, end, isEmbedded: path is null) is { } hint) terminal.Error.WriteLine($"archgen: {hint}");
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ready in {ready.TotalMilliseconds:F0} ms; prompt {figures.PromptTokens} tokens, {figures.PromptTokensPerSecond:F1} tokens/s; generation {figures.GeneratedTokens} tokens, {figures.TokensPerSecond:F1} tokens/s"));
            return Task.FromResult(0);
        });
        return command;
    }

    // The embedded model never waits for standard input: "archgen run" tells its story wherever it is typed.
    private static Prompt OtherPrompt(string? path, PromptOptions options, ParseResult parsed, Terminal terminal) =>
        path is null ? new Prompt(DefaultPrompt, null, ParsesSpecial: true)
        : terminal.IsInputGiven && TextOptions.Read(Terminal.Standard, terminal) is { Length: > 0 } text ? options.OfText(text, parsed)
        : throw new RequestException("There is no prompt. Give the text to continue with -p or -f FILE, or write it to standard input.");
}
