using System.Buffers.Binary;
using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Comparison;

/// <summary>Compares the result of a run with recorded logits or embeddings: a file of f32, little-endian, [T, vocab] or [T, embd].</summary>
public static class ResultComparison
{
    /// <summary>Compares the last node alone.</summary>
    /// <param name="found">The run.</param>
    /// <param name="path">The file, of the same prompt.</param>
    /// <param name="tolerance">The largest NMSE that counts as agreement.</param>
    /// <exception cref="ArchGenException">The file has another size.</exception>
    public static ComparisonReport Compare(Trace found, string path, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(found);
        var (bytes, graph) = (InputFile.ReadAllBytes(path, "logits, or embeddings, of f32"), found.Graphs.Main);
        var dims = found.DimsOf(graph.Output);
        if (found.Find(graph.Name, graph.Output.Name) is not { } values || values.Length * (long)sizeof(float) != bytes.Length)
        {
            var wanted = dims.Aggregate((long)sizeof(float), (size, d) => size * d);
            throw new ModelFileException($"{path} has {bytes.Length} bytes, expected f32 values [{string.Join(", ", dims)}]: {wanted} bytes. "
                + "Record one sequence, with the same tokens.");
        }

        var reference = new float[values.Length];
        for (var i = 0; i < reference.Length; i++) reference[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        var name = Path.GetFileName(path);
        var node = TraceComparison.Compare(found, graph.Output, values, reference, name);
        return new ComparisonReport(name, found.Name, tolerance, [node], graph.Nodes.Count(n => !n.IsLeaf) - 1);
    }
}
