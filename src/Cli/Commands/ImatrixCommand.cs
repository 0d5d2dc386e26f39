using System.CommandLine;
using ArchGen.Cli.Options;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen imatrix</c>: what quantization is to preserve, from a text.</summary>
internal static class ImatrixCommand
{
    private const string DefaultOutput = "imatrix.gguf";

    public static Command Create(Terminal terminal)
    {
        var model = ModelChoice.OrEmbedded();
        var text = TextOptions.File();
        var output = OutputOption.Create("The file to write: GGUF, as llama.cpp reads it. Default: imatrix.gguf.");
        var context = TextOptions.ChunkLength();
        var chunks = TextOptions.Chunks();
        var from = new Option<int>("--from-chunk", "--chunk") { Description = "Chunks to leave out at the beginning.", DefaultValueFactory = _ => 0 }
            .Within(0, int.MaxValue);
        var batch = ModelOptions.BatchSize();
        var threads = ModelOptions.Threads();
        var inFiles = new Option<string[]>("--in-file")
        {
            Description = "An importance matrix to add, GGUF or .dat; repeatable. Without --file, these alone are combined.",
            HelpName = "FILE",
        };
        var processOutput = new Option<bool>("--process-output")
        {
            Description = "Also for the matrix that makes the logits, which is better quantized without.",
        };
        var parseSpecial = TextOptions.ParseSpecial();
        var save = new Option<int>("--save-frequency")
        {
            Description = "Write OUTPUT.at_N after every so many chunks; 0 for never.",
            DefaultValueFactory = _ => 0,
        }.Within(0, int.MaxValue);
        var command = new ExampleCommand(
            "imatrix",
            "Computes an importance matrix: for each weight tensor the mean square of its inputs, column by column, over a text. "
                + "'archgen quantize --imatrix' preserves what matters most.",
            "imatrix model-f16.gguf -f calibration.txt -o model.imatrix.gguf",
            "imatrix --in-file a.gguf --in-file b.dat -o both.gguf")
        {
            model.All, text, output, context, chunks, from, batch, threads, inFiles, processOutput, parseSpecial, save,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (path, length, target) = (parsed.GetValue(text), parsed.GetValue(context), parsed.GetValue(output) ?? DefaultOutput);
            var (every, skipped) = (parsed.GetValue(save), parsed.GetValue(from));
            if (every > 0 && target == Terminal.Standard)
                throw new RequestException("--save-frequency writes files beside the output, which - has not. Name a file with -o.");
            ImportanceMatrix[] earlier = [.. (parsed.GetValue(inFiles) ?? []).Select(ImportanceMatrix.Read)];
            if (path is null)
            {
                if (earlier.Length == 0)
                    throw new RequestException("There is nothing to compute from. Name a text with --file FILE, or matrices to combine with --in-file FILE.");
                terminal.Write(target, Combine([]).WriteTo);
                return Task.FromResult(0);
            }

            using var loaded = ModelOptions.Load(model.PathOrNull(parsed), terminal);
            TextOptions.ChunkLength(length, loaded, terminal);
            var limit = TextOptions.Limit(parsed.GetValue(chunks));
            var chunked = ChunkedText.Create(loaded.Tokenizer, TextOptions.Read(path, terminal), length, limit, parsed.GetValue(parseSpecial), skipped);
            var options = new EvaluationOptions
            {
                BatchSize = parsed.GetValue(batch),
                Backend = CpuBackend.Exact(parsed.GetValue(threads)),
                Threads = parsed.GetValue(threads),
            };
            terminal.Write(target, stream =>
            {
                var collector = new ImportanceCollector(loaded, options, parsed.GetValue(processOutput));
                var progress = new ChunkProgress(terminal, length, chunked.Chunks);
                var saved = 0;
                collector.Run(chunked, chunk =>
                {
                    progress.Show(chunk, "");
                    if (every == 0 || chunk / every == saved) return;
                    saved = chunk / every;
                    OutputFile.Write($"{target}.at_{chunk}", Combine([collector.ToMatrix([path])]).WriteTo);
                }, cancellation);
                progress.End();
                var matrix = Combine([collector.ToMatrix([path])]);
                matrix.WriteTo(stream);
                Report(matrix, loaded, terminal.Error);
            });
            return Task.FromResult(0);

            ImportanceMatrix Combine(ImportanceMatrix[] collected) =>
                earlier.Length == 0 && collected.Length == 1 ? collected[0] : ImportanceMatrix.Combine([.. earlier, .. collected], length);
        });
        return command;
    }

    private static void Report(ImportanceMatrix matrix, LoadedModel model, TextWriter output)
    {
        var coverage = ImportanceCoverage.Of(matrix, model);
        output.WriteLine($"{matrix.Entries.Count} tensors, {matrix.Chunks} chunks of {matrix.ChunkSize} tokens.");
        foreach (var (tensor, reason) in coverage.Missing)
            output.WriteLine($"not covered: {tensor}, {reason}{(reason == ImportanceCoverage.MakesLogits ? " (--process-output)" : "")}.");
        // The products of a layer share their choice of experts.
        foreach (var stacks in coverage.Starved.GroupBy(s => string.Join(", ", s.Experts)))
        {
            output.WriteLine($"no token came to {stacks.First().Experts.Count} of {stacks.First().Of} experts of "
                + $"{string.Join(", ", stacks.Select(s => s.Tensor))}: {stacks.Key}. Use a longer text.");
        }
    }
}
