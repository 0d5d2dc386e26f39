using System.CommandLine;
using System.Runtime.InteropServices;
using ArchGen.Cli.Options;
using ArchGen.Cli.Texts;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Adapters;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen logits</c>: writes what a model computes for given tokens.</summary>
internal static class LogitsCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelChoice.File();
        var tokens = new Option<string?>("--tokens") { Description = "Token ids: 1,2,3." };
        var tokensFile = new Option<string?>("--tokens-file") { Description = "A file with a JSON array of token ids.", HelpName = "FILE" };
        var decoderTokens = new Option<string?>("--decoder-tokens") { Description = "What the decoder of an encoder-decoder reads. Default: the same tokens." };
        var output = OutputOption.Required("The file to write: f32, little-endian, [tokens, vocab]; for an embedding model [tokens, embd].");
        var context = new Option<int?>("--ctx-size", "-c")
        {
            Description = "Tokens that the context holds: long RoPE chooses its factors by it. Default: the tokens given.",
        }.Within(1, int.MaxValue);
        var batch = ModelOptions.BatchSize();
        var eager = new Option<bool>("--eager") { Description = "Run Forward as it is written, one reference operation at a time, all tokens at once." };
        var threads = ModelOptions.Threads();
        var cache = ModelOptions.CacheTypeOption(CacheType.F32);
        var lora = LoraOption.Create();
        var tier = ModelOptions.Tier("exact");
        var gelu = new Option<string>("--gelu")
        {
            Description = "How GELU is computed: as the author defines it, or as llama.cpp does, the tanh form from a table in half precision.",
            DefaultValueFactory = _ => "exact",
        }.OneOf("exact", "f16-table");
        var command = new ExampleCommand(
            "logits",
            "Writes the logits of every token.",
            "logits model.gguf --tokens 1,2,3 --output logits.f32",
            "logits model.gguf --tokens-file tokens.json --output logits.f32 --ubatch 1",
            "logits model.gguf --tokens 1,2,3 --output logits.f32 --eager")
        {
            model.All, tokens, tokensFile, decoderTokens, output, context, batch, eager, threads, cache, tier, lora, gelu,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var ids = (parsed.GetValue(tokens), parsed.GetValue(tokensFile)) switch
            {
                ({ } list, null) => TokenList.Parse(list, "--tokens"),
                (null, { } file) => TokenList.ReadFile(file, terminal),
                _ => throw new RequestException("Give the tokens with --tokens 1,2,3 or with --tokens-file FILE, not both."),
            };
            if (ids.Length == 0) throw new RequestException("There are no tokens; expected at least one.");
            using var loaded = ModelOptions.Load(model.Path(parsed), terminal);
            var decoderIds = parsed.GetValue(decoderTokens) is { } text ? TokenList.Parse(text, "--decoder-tokens") : ids;
            if (loaded.EncoderGraph is null && parsed.GetValue(decoderTokens) is not null) throw new RequestException($"--decoder-tokens: {loaded.Architecture.Name} has no decoder beside an encoder.");
            using var adapters = LoraOption.Open(parsed.GetValue(lora), loaded);
            TokenList.Check(loaded, [.. ids, .. decoderIds]);
            terminal.Write(parsed.GetValue(output), stream =>
            {
                var options = new ContextOptions
                {
                    ContextLength = parsed.GetValue(context) ?? decoderIds.Length,
                    MaxBatch = parsed.GetValue(batch),
                    CacheType = ModelOptions.ParseCacheType(parsed.GetValue(cache)!),
                    Backend = ModelOptions.Cpu(parsed.GetValue(threads), parsed.GetValue(tier)!),
                    Adapters = adapters,
                    Gelu = parsed.GetValue(gelu) == "f16-table" ? GeluPrecision.F16Table : GeluPrecision.Exact,
                };
                if (parsed.GetValue(eager)) WriteEager(loaded, ids, decoderIds, options, stream, cancellation);
                else Write(loaded, ids, decoderIds, options, stream, terminal, cancellation);
            });
            return Task.FromResult(0);
        });
        return command;
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
