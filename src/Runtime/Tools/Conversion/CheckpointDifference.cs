using System.IO.Enumeration;
using System.Text.Json;
using ArchGen.Gguf.Checkpoints;

namespace ArchGen.Tools.Conversion;

/// <summary>The whole difference between the tensors that an architecture declares and those of a checkpoint, in one message.</summary>
/// <param name="checkpoint">The checkpoint.</param>
/// <param name="architecture">The architecture.</param>
/// <param name="className">The class of transformers.</param>
/// <param name="source">The checkpoint as the model's file.</param>
/// <param name="ledger">The tensors that the model expects, and those found.</param>
/// <param name="trained">The checkpoint's tensors that are keys of the file.</param>
internal sealed class CheckpointDifference(
    Checkpoint checkpoint, ArchitectureInfo architecture, string className, CheckpointSource source, TensorLedger ledger, IEnumerable<string> trained)
{
    // Bookkeeping that checkpoints of any class may hold: positions, masks and rotations are computed.
    private const string CommonlyIgnored = "*.rotary_emb.inv_freq|*.attn.rotary_emb.*|*.masked_bias|*.rotary_pos_emb.inv_freq|*._extra_state|"
        + "*.embeddings.position_ids|embeddings.position_ids";

    /// <summary>The checkpoint's tensors that are not used, and why.</summary>
    /// <param name="config">The checkpoint's config.</param>
    /// <exception cref="ModelFileException">Some are missing, left over or of another shape.</exception>
    public IReadOnlyList<(string Name, string Reason)> Check(CheckpointConfig config)
    {
        var used = source.TensorNames.Where(ledger.Expected.ContainsKey).SelectMany(name => source.Find(name)!.Sources)
            .Concat(trained).ToHashSet(StringComparer.Ordinal);
        var reasons = checkpoint.Tensors.Where(t => !used.Contains(t.Name)).ToLookup(t => Reason(t.Name));
        var misshapen = ledger.Misshapen.Where(m => !WithoutOnes(m.Expected).SequenceEqual(WithoutOnes(m.Found))).ToList();
        var (missing, extra) = (ledger.Missing, reasons[null].ToList());
        if (missing.Count + extra.Count + misshapen.Count == 0) return [.. reasons.SelectMany(g => g.Select(t => (t.Name, g.Key!)))];

        var renamed = RenamedTensors.Find(missing.Select(m => OfFirstExpert(m.Name)), extra.Select(t => t.Name));
        var reported = renamed.SelectMany(r => r.Pairs).Select(p => p.Expected).ToHashSet(StringComparer.Ordinal);
        missing = [.. missing.Where(m => !OfFirstExpert(m.Name).Any(reported.Contains))];
        extra.RemoveAll(t => renamed.Any(r => r.Has(t.Name)));
        var lines = renamed.Select(r => $"{r}. Correct the Hf that names it")
            .Concat(NamePattern.Join(missing.Select(m => Missing(m, extra, config))))
            .Concat(NamePattern.Join(misshapen.Select(Misshapen)))
            .Concat(NamePattern.Join(extra.Select(t => $"extra      {t.Name} {Text(t.Shape)}{Suggestion(t.Name, missing)}")));
        throw new ModelFileException($"{checkpoint.Folder}: the tensors are not those of {architecture.Name} ({className}):\n  {string.Join("\n  ", lines)}\n"
            + "Download the checkpoint again, or correct the architecture's declaration.");
    }

    /// <summary>The possible names of a tensor in the checkpoint; of stacked experts, those of the first.</summary>
    private IReadOnlyList<string> OfFirstExpert(string name) => [.. source.Candidates(name).Select(c => c.Replace("{e}", "0", StringComparison.Ordinal))];

    private string Misshapen((string Name, long[] Expected, long[] Found) tensor) =>
        $"misshapen  {source.Find(tensor.Name)}: {tensor.Name} is declared as {source.Declaration(tensor.Name)?.Shape} = {Text(tensor.Expected)}, "
        + $"found {Text(tensor.Found)}";

    private string Missing((string Name, long[] Dims) tensor, IEnumerable<CheckpointTensor> extra, CheckpointConfig config)
    {
        var candidates = source.Candidates(tensor.Name);
        var nearest = candidates.Count == 0 ? null : Spelling.Nearest(candidates[0], extra.Select(t => t.Name));
        var remedy = nearest is not null ? $" (the checkpoint has {nearest})"
            : Twin(tensor) is { } twin && config.Find("tie_word_embeddings") is not { ValueKind: JsonValueKind.False }
                ? $"; the config ties it to the embedding: declare it with TiedTo = nameof({twin})"
            : candidates.Count == 0 ? "; its declaration has no Hf" : "";
        return $"missing    {string.Join(" or ", candidates.DefaultIfEmpty(tensor.Name))}: {tensor.Name} {Text(tensor.Dims)}{remedy}";
    }

    /// <summary>The property of the embedding that may serve for a missing output, or null.</summary>
    private string? Twin((string Name, long[] Dims) tensor)
    {
        var embedding = ledger.Expected.FirstOrDefault(
            e => e.Key.Contains("embd", StringComparison.Ordinal) && e.Value.SequenceEqual(tensor.Dims) && source.Find(e.Key) is not null).Key;
        return embedding is null || tensor.Dims.Length != 2 || !tensor.Name.StartsWith("output", StringComparison.Ordinal) ? null
            : string.Concat(Path.GetFileNameWithoutExtension(embedding).Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private string? Reason(string name) =>
        architecture.Conversion.IgnoredWeights.Concat(CommonlyIgnored.Split('|').Select(p => (Pattern: p, Reason: "it is computed, not learned")))
            .Where(i => FileSystemName.MatchesSimpleExpression(i.Pattern, name, ignoreCase: false)).Select(i => i.Reason).FirstOrDefault();

    private string Suggestion(string name, IEnumerable<(string Name, long[] Dims)> missing) =>
        Spelling.Nearest(name, missing.SelectMany(m => source.Candidates(m.Name))) is { } nearest ? $" (expected: {nearest})" : "";

    private static IEnumerable<long> WithoutOnes(IEnumerable<long> dims) => dims.Where(d => d != 1);

    private static string Text(IEnumerable<long> dims) => $"[{string.Join(", ", dims)}]";
}
