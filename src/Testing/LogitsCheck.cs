using System.Globalization;
using System.Runtime.CompilerServices;
using ArchGen.Runtime.Execution;
using ArchGen.Testing.Comparison;
using ArchGen.Testing.Snapshots;
using ArchGen.Tools.Recipes;

namespace ArchGen.Testing;

/// <summary>
/// Checks a model's logits (of a model without a head, its embeddings) against those that the author's own program computed for a prompt: in one batch, in
/// two and token by token. The message of a failure names the first node that parts if there is a dump of the author's activations, else the worst rows.
/// </summary>
public static class LogitsCheck
{
    /// <summary>Compares with a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The prompt: token ids.</param>
    /// <param name="reference">
    /// The file of the author's logits, [tokens, vocab]: plain f32, little-endian, or a safetensors file. The path is absolute, or relative to the folder of
    /// the test's source.
    /// </param>
    /// <param name="options">The options; by default all defaults.</param>
    /// <param name="sourceFile">The test's source. The compiler sets it.</param>
    /// <exception cref="CheckFailedException">They differ.</exception>
    /// <exception cref="ArchGenException">The file is not there, or a token is out of range.</exception>
    public static void Verify(
        TestedModel model, IReadOnlyList<int> tokens, string reference, LogitsOptions? options = null, [CallerFilePath] string sourceFile = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(reference);
        Verify(model, tokens, LogitsFile.Read(SourceFolder.Resolve(reference, sourceFile)), options, sourceFile);
    }

    /// <summary>Compares with values in memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The prompt: token ids.</param>
    /// <param name="reference">The author's logits, row by row: [tokens, vocab].</param>
    /// <param name="options">The options; by default all defaults.</param>
    /// <param name="sourceFile">The test's source. The compiler sets it.</param>
    /// <exception cref="CheckFailedException">They differ.</exception>
    /// <exception cref="ArchGenException">A token is out of range.</exception>
    public static void Verify(
        TestedModel model, IReadOnlyList<int> tokens, float[] reference, LogitsOptions? options = null, [CallerFilePath] string sourceFile = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(reference);
        if (tokens.Count == 0) throw new RequestException("The prompt has no tokens. Give the token ids of the author's prompt.");
        options ??= new LogitsOptions();
        var graphs = ModelGraphs.Of(model.Loaded, tokens.Count);
        foreach (var (words, mode) in Batches.Of(graphs, tokens.Count, options.Gelu))
        {
            var found = graphs.Run([.. tokens], mode);
            if (found.Length != reference.Length)
            {
                throw new CheckFailedException($"There are {reference.Length} expected values, and the model has {found.Length}: "
                    + $"[{tokens.Count}, {found.Length / tokens.Count}]. Record one sequence, with the same {tokens.Count} tokens.");
            }

            var error = NormalizedError.Of(reference, found);
            if (error <= options.Bound) continue;
            var place = options.Dump is { } dump
                ? FirstPart.Find(model.Loaded, graphs, tokens, mode, SourceFolder.Resolve(dump, sourceFile), words, options.Bound)
                : null;
            throw new CheckFailedException(string.Create(
                CultureInfo.InvariantCulture, $"The logits are not the author's: NMSE {error:0.0E+0} {words}, wrong is what is above {options.Bound:0E+0}.\n")
                + (place ?? WorstRows.Describe(tokens, reference, found, options.Dump is not null)));
        }
    }
}
