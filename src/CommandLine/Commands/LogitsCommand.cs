using System.CommandLine;
using System.Runtime.InteropServices;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Adapters;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen logits</c>: writes a model's logits, or an embedding model's embeddings, for given tokens.</summary>
internal sealed class LogitsCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly ModelChoice _model = ModelChoice.File();
    private readonly Option<string?> _tokens = new("--tokens") { Description = "Token ids: 1,2,3." };
    private readonly Option<string?> _tokensFile = new("--tokens-file") { Description = "A file with a JSON array of token ids.", HelpName = "FILE" };
    private readonly Option<string?> _decoderTokens = new("--decoder-tokens")
    {
        Description = "The tokens that the decoder of an encoder-decoder reads. Default: the same tokens.",
    };

    private readonly Option<string> _output = OutputOption.Required(
        "The file to write: f32, little-endian, [tokens, vocab]; for an embedding model [tokens, embd].");

    private readonly Option<int?> _context = new Option<int?>("--ctx-size", "-c")
    {
        Description = "Tokens that the context holds: long RoPE chooses its factors by it. Default: the tokens given.",
    }.Within(1, int.MaxValue);

    private readonly Option<int> _batch = ModelOptions.BatchSize();
    private readonly Option<bool> _eager = new("--eager")
    {
        Description = "Run Forward as it is written, one reference operation at a time, all tokens at once.",
    };

    private readonly Option<int> _threads = ModelOptions.Threads();
    private readonly Option<string> _cache = ModelOptions.CacheTypeOption(CacheType.F32);
    private readonly Option<string[]> _lora = LoraOption.Create();
    private readonly Option<string> _tier = ModelOptions.Tier(ModelOptions.Exact);
    private readonly DeviceOptions _device = new(isAutomatic: false);

    private readonly Option<string> _gelu = new Option<string>("--gelu")
    {
        Description = "How GELU is computed: as the author defines it, or as llama.cpp does, the tanh form from a table in half precision.",
        DefaultValueFactory = _ => "exact",
    }.OneOf("exact", "f16-table");

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var logits = new LogitsCommand(terminal, program);
        var command = new ExampleCommand(
            "logits",
            "Writes the logits of every token.",
            "logits model.gguf --tokens 1,2,3 --output logits.f32",
            "logits model.gguf --tokens-file tokens.json --output logits.f32 --ubatch 1",
            "logits model.gguf --tokens 1,2,3 --output logits.f32 --eager")
        {
            logits._model.All, logits._tokens, logits._tokensFile, logits._decoderTokens, logits._output, logits._context, logits._batch,
            logits._eager, logits._threads, logits._cache, logits._tier, logits._lora, logits._gelu,
            logits._device.All,
        };
        command.SetAction(logits.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var ids = (parsed.GetValue(_tokens), parsed.GetValue(_tokensFile)) switch
        {
            ({ } list, null) => TokenList.Parse(list, "--tokens"),
            (null, { } file) => TokenList.ReadFile(file, terminal),
            _ => throw new RequestException("Give the tokens with --tokens 1,2,3 or with --tokens-file FILE, not both."),
        };
        if (ids.Length == 0) throw new RequestException("There are no tokens; expected at least one.");
        using var loaded = program.Load(_model.Path(parsed), terminal);
        var decoderIds = parsed.GetValue(_decoderTokens) is { } text ? TokenList.Parse(text, "--decoder-tokens") : ids;
        if (loaded.EncoderGraph is null && parsed.GetValue(_decoderTokens) is not null)
            throw new RequestException($"--decoder-tokens: {loaded.Architecture.Name} has no decoder beside an encoder.");
        using var adapters = LoraOption.Open(parsed.GetValue(_lora), loaded);
        TokenList.Check(loaded, [.. ids, .. decoderIds]);
        var tier = parsed.GetValue(_tier)!;
        terminal.Write(parsed.GetValue(_output), stream =>
        {
            var options = new ContextOptions
            {
                ContextLength = parsed.GetValue(_context) ?? decoderIds.Length,
                MaxBatch = parsed.GetValue(_batch),
                CacheType = ModelOptions.ParseCacheType(parsed.GetValue(_cache)!),
                Backend = _device.Backend(parsed, ModelOptions.Cpu(parsed.GetValue(_threads), tier), tier, terminal),
                Adapters = adapters,
                Gelu = parsed.GetValue(_gelu) == "f16-table" ? GeluPrecision.F16Table : GeluPrecision.Exact,
            };
            if (parsed.GetValue(_eager)) WriteEager(loaded, ids, decoderIds, options, stream, cancellation);
            else Write(loaded, ids, decoderIds, options, stream, terminal, cancellation);
        });
        return Task.FromResult(0);
    }

    private static void WriteEager(LoadedModel loaded, int[] ids, int[] decoderIds, ContextOptions options, Stream stream, CancellationToken cancellation)
    {
        var source = new AdaptedSource(loaded.Source, options.Adapters);
        var result = loaded.Model is EncoderDecoderModel translator
            ? translator.Evaluate(source, ids, decoderIds, gelu: options.Gelu, cancellation: cancellation, sequenceLength: options.SequenceLength)
            : loaded.Model.Evaluate(source, ids, gelu: options.Gelu, cancellation: cancellation, sequenceLength: options.SequenceLength);
        stream.Write(MemoryMarshal.AsBytes(result.Values.AsSpan()));
    }

    private static void Write(
        LoadedModel loaded, int[] ids, int[] decoderIds, ContextOptions options, Stream stream, Terminal terminal, CancellationToken cancellation)
    {
        var read = loaded.EncoderGraph is null ? ids : decoderIds;
        using var context = loaded.CreateContext(options with { MaxBatch = Math.Min(options.MaxBatch, read.Length) });
        if (loaded.EncoderGraph is not null) context.SetEncoded(loaded.Encode(ids, options, cancellation: cancellation), ids.Length, cancellation);
        var batch = new Batch();
        for (var i = 0; i < read.Length; i++) batch.Add(read[i], i, sequence: 0, wantOutput: true);
        context.Evaluate(batch, WriteRows, cancellation);

        void WriteRows(int first, int end)
        {
            for (var i = first; i < end; i++) stream.Write(MemoryMarshal.AsBytes(context.Output(i)));
            terminal.Progress("tokens", end, read.Length);
        }
    }
}
