using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArchGen.Generation;
using ArchGen.Runtime;
using ArchGen.Sampling;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen run</c>: continues a text.</summary>
internal static class RunCommand
{
    private const string DefaultPrompt = "<|im_start|>user\nTell me a story about a fox and a red kite.<|im_end|>\n<|im_start|>assistant\n";

    public static Command Create(Terminal terminal)
    {
        var defaults = new SamplerOptions();
        var model = ModelOptions.Model();
        var prompt = new Option<string?>("--prompt", "-p") { Description = "The text to continue. The embedded model has one of its own." };
        var count = new Option<int>("--n-predict", "-n") { Description = "Tokens to generate at most.", DefaultValueFactory = _ => 256 };
        var threads = ModelOptions.Threads();
        var context = new Option<int?>("--ctx-size", "-c") { Description = "Tokens that prompt and answer may have together. Default: what the model was trained for, at most 4096." };
        var batch = ModelOptions.BatchSize();
        var cache = ModelOptions.CacheTypeOption(CacheType.F16);
        var lora = LoraOption.Create();
        var tier = ModelOptions.Tier("fastest");
        var temperature = Number("--temp", "Temperature; 0 always takes the likeliest token. Default 0 for the embedded model, else 0.8.");
        var topK = new Option<int>("--top-k") { Description = "Keep the k likeliest tokens; 0 for all.", DefaultValueFactory = _ => defaults.TopK };
        var topP = Float("--top-p", "Keep the likeliest tokens up to this probability.", defaults.TopP);
        var minP = Float("--min-p", "Keep tokens at least this likely, as a part of the likeliest.", defaults.MinP);
        var typical = Float("--typical", "Locally typical sampling; 1 for off.", defaults.TypicalP);
        var repeat = Float("--repeat-penalty", "Penalty on tokens already seen; 1 for off.", defaults.RepetitionPenalty);
        var window = new Option<int>("--repeat-last-n") { Description = "How many tokens back penalties look.", DefaultValueFactory = _ => defaults.RepetitionWindow };
        var frequency = Float("--frequency-penalty", "Penalty per occurrence.", defaults.FrequencyPenalty);
        var presence = Float("--presence-penalty", "Penalty on occurrence.", defaults.PresencePenalty);
        var seed = new Option<ulong?>("--seed", "-s") { Description = "Seed of the random choices. Without it, another one each time." };
        var bias = new Option<string[]>("--logit-bias") { Description = "ID=BIAS, added to a token's logit. Repeatable." };
        var command = new ExampleCommand(
            "run",
            "Continues a text and prints it as it comes; then, on standard error, the tokens per second.",
            "run",
            "run model.gguf -p \"Once upon a time\" -n 100",
            "run model.gguf --lora style.gguf:0.5 -p \"Dear Sir,\"",
            "run model.gguf -p \"Dear Sir,\" --temp 0.7 --seed 1 -t 8")
        {
            model, prompt, count, threads, context, batch, cache, tier, lora, temperature, topK, topP, minP, typical, repeat, window, frequency, presence, seed, bias,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetValue(model);
            var text = parsed.GetValue(prompt) ?? (path is null ? DefaultPrompt : throw new ArchGenException("There is no prompt. Give the text to continue with -p."));
            var start = Stopwatch.GetTimestamp();
            using var loaded = ModelOptions.Load(path, terminal);
            using var adapters = LoraOption.Open(parsed.GetValue(lora), loaded);
            var options = new GenerationOptions
            {
                Adapters = adapters,
                MaxTokens = parsed.GetValue(count),
                ContextLength = parsed.GetValue(context),
                MaxBatch = parsed.GetValue(batch),
                CacheType = ModelOptions.ParseCacheType(parsed.GetValue(cache)!),
                Threads = parsed.GetValue(threads),
                Tier = ModelOptions.ParseTier(parsed.GetValue(tier)!),
                Sampling = defaults with
                {
                    Temperature = parsed.GetValue(temperature) ?? (path is null ? 0 : defaults.Temperature),
                    TopK = parsed.GetValue(topK),
                    TopP = parsed.GetValue(topP),
                    MinP = parsed.GetValue(minP),
                    TypicalP = parsed.GetValue(typical),
                    RepetitionPenalty = parsed.GetValue(repeat),
                    RepetitionWindow = parsed.GetValue(window),
                    FrequencyPenalty = parsed.GetValue(frequency),
                    PresencePenalty = parsed.GetValue(presence),
                    Seed = parsed.GetValue(seed),
                    LogitBias = Biases(parsed.GetValue(bias) ?? []),
                },
            };
            using var generator = new TextGenerator(loaded, options);
            var ready = Stopwatch.GetElapsedTime(start);
            foreach (var warning in loaded.Tokenizer.Warnings) terminal.Error.WriteLine($"archgen: {warning}");
            try
            {
                foreach (var token in generator.Generate(text, cancellation)) terminal.Out.Write(token.Text);
            }
            finally
            {
                terminal.Out.WriteLine();
                terminal.Out.Flush();
            }

            var figures = generator.Statistics;
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ready in {ready.TotalMilliseconds:F0} ms; prompt {figures.PromptTokens} tokens, {figures.PromptTokensPerSecond:F1} tokens/s; generation {figures.GeneratedTokens} tokens, {figures.TokensPerSecond:F1} tokens/s"));
            return Task.FromResult(0);
        });
        return command;
    }

    private static Option<float> Float(string name, string description, float otherwise) => new(name) { Description = description, DefaultValueFactory = _ => otherwise };

    private static Option<float?> Number(string name, string description) => new(name) { Description = description };

    private static Dictionary<int, float> Biases(string[] texts)
    {
        var biases = new Dictionary<int, float>();
        foreach (var text in texts)
        {
            var parts = text.Split('=');
            if (parts.Length != 2 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var id) || !float.TryParse(parts[1], CultureInfo.InvariantCulture, out var value))
            {
                throw new ArchGenException($"--logit-bias: '{text}' is not ID=BIAS, such as 42=-1.5.");
            }

            biases[id] = value;
        }

        return biases;
    }
}
