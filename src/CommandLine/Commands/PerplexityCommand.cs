using System.CommandLine;
using System.Globalization;
using ArchGen.CommandLine.Options;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen perplexity</c>: measures how well a model predicts a text, and its divergence from another model.</summary>
internal sealed class PerplexityCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly ModelChoice _model = ModelChoice.OrEmbedded(program);
    private readonly Option<string?> _text = TextOptions.File();
    private readonly Option<int> _context = TextOptions.ChunkLength();
    private readonly Option<int> _chunks = TextOptions.Chunks();
    private readonly Option<int> _batch = ModelOptions.BatchSize();
    private readonly Option<int> _threads = ModelOptions.Threads();
    private readonly Option<string> _cache = ModelOptions.CacheTypeOption(Runtime.Cache.CacheType.F32);
    private readonly Option<string> _tier = ModelOptions.Tier(ModelOptions.Exact);
    private readonly DeviceOptions _device = new(isAutomatic: false);

    private readonly Option<string?> _saved = new("--kl-divergence-base", "--save-all-logits")
    {
        Description = "Save the model's log-probabilities of every token of the vocabulary to this file, in llama-perplexity's format; "
            + "with --kl-divergence, read it.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _divergence = new("--kl-divergence")
    {
        Description = "Compare the model with the one whose logits are in --kl-divergence-base. Text and chunks are those of that file.",
    };

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var perplexity = new PerplexityCommand(terminal, program);
        var command = new ExampleCommand(
            "perplexity",
            "Measures the perplexity of a text, in its tokens: each chunk separately, its second half scored, as llama-perplexity does. "
                + "With --kl-divergence, what quantization changed.",
            "perplexity model.gguf -f wiki.test.raw",
            "perplexity model-f16.gguf -f wiki.test.raw --kl-divergence-base f16.logits",
            "perplexity model-q4_k_m.gguf --kl-divergence-base f16.logits --kl-divergence")
        {
            perplexity._model.All, perplexity._text, perplexity._context, perplexity._chunks, perplexity._batch, perplexity._threads,
            perplexity._cache, perplexity._tier, perplexity._saved, perplexity._divergence,
            perplexity._device.All,
        };
        command.SetAction(perplexity.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var tier = parsed.GetValue(_tier)!;
        var options = new EvaluationOptions
        {
            BatchSize = parsed.GetValue(_batch),
            CacheType = ModelOptions.ParseCacheType(parsed.GetValue(_cache)!),
            Backend = _device.Backend(parsed, ModelOptions.Cpu(parsed.GetValue(_threads), tier), tier, terminal),
            Threads = parsed.GetValue(_threads),
        };
        var (path, file, limit) = (parsed.GetValue(_text), parsed.GetValue(_saved), TextOptions.Limit(parsed.GetValue(_chunks)));
        if (parsed.GetValue(_divergence))
        {
            if (file is null) throw new RequestException("--kl-divergence compares with saved logits. Name them with --kl-divergence-base FILE.");
            using var reader = LogitsReader.Open(file);
            using var compared = program.Load(_model.PathOrNull(parsed), terminal);
            if (path is not null) CheckText(compared, reader, path, terminal);
            var progress = new ChunkProgress(terminal, reader.ChunkLength, Math.Min(reader.Chunks, limit ?? int.MaxValue));
            var result = KullbackLeibler.Measure(compared, reader, options, limit, (r, chunk) => progress.Show(chunk, Figures(r)), cancellation);
            progress.End();
            DivergenceReport.Print(terminal.Out, result);
            return Task.FromResult(0);
        }

        if (path is null) throw new RequestException("There is no text to measure. Name one with --file FILE.");
        using var loaded = program.Load(_model.PathOrNull(parsed), terminal);
        var length = TextOptions.ChunkLength(parsed.GetValue(_context), loaded, terminal);
        var chunked = ChunkedText.Create(loaded.Tokenizer, TextOptions.Read(path, terminal), length, limit);
        if (file is null) Measure(null);
        else terminal.Write(file, stream => Measure(new LogitsWriter(stream)));
        return Task.FromResult(0);

        void Measure(LogitsWriter? writer)
        {
            if (writer is not null) terminal.Error.WriteLine($"{file} takes {Number(LogitsWriter.FileBytes(chunked, loaded.Model.Vocab) / 1e9, 2)} GB.");
            var progress = new ChunkProgress(terminal, length, chunked.Chunks);
            var result = Perplexity.Measure(loaded, chunked, options, writer, r => progress.Show(r.Chunks, Number(r.Perplexity.Value, 4)), cancellation);
            progress.End();
            // If the logits go to standard output, nothing else is printed there.
            var output = file == Terminal.Standard ? terminal.Error : terminal.Out;
            output.WriteLine($"PPL = {Number(result.Perplexity.Value, 4)} +/- {Number(result.Perplexity.Error, 5)} ({result.Chunks} chunks "
                + $"of {length} tokens, {result.Tokens} tokens scored)");
        }
    }

    private static void CheckText(LoadedModel model, LogitsReader saved, string path, Terminal terminal)
    {
        var chunked = ChunkedText.Create(model.Tokenizer, TextOptions.Read(path, terminal), saved.ChunkLength, saved.Chunks);
        if (chunked.Tokens.SequenceEqual(saved.TextFor(model).Tokens)) return;
        throw new RequestException($"{path}: its tokens are not those that {saved.Name} was saved with. Leave --file out, or save the logits of this text.");
    }

    private static string Figures(DivergenceResult result) => $"{Number(result.Perplexity.Value, 4)} KLD {Number(result.KlDivergence.Value, 5)}";

    private static string Number(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
