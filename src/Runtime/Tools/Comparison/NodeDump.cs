using System.Globalization;
using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Comparison;

/// <summary>One line of a dump: a node as a reference computed it.</summary>
/// <param name="Name">Its name in the reference: <c>Qcur-0</c>.</param>
/// <param name="Operation">Its operation in the reference: <c>MUL_MAT</c>.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Norm">Their L2 norm.</param>
/// <param name="Samples">The first, second and last element; fewer if there are fewer.</param>
public sealed record DumpedNode(string Name, string Operation, long Count, double Sum, double Norm, IReadOnlyList<double> Samples)
{
    private const double Rounding = 1e-5;

    /// <summary>Whether it is, in its figures, the sum (<c>ADD</c>) or product (<c>MUL</c>) of two others of its size.</summary>
    public bool IsOf(DumpedNode left, DumpedNode right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.Count == Count && right.Count == Count && AgreeWith(right.Samples, left);
    }

    /// <summary>Whether it is, in its figures, the product of another and of one factor for each row, as an expert's output and its weight.</summary>
    public bool IsOfRows(DumpedNode other)
    {
        if (Operation != "MUL" || Samples.Count < 3 || other.Samples.Count < 3 || other.Count != Count) return false;
        var (first, last) = (Samples[0] / other.Samples[0], Samples[2] / other.Samples[2]);
        return AgreeWith([first, first, last], other) && !AgreeWith([first, first, first], other);
    }

    private bool AgreeWith(IReadOnlyList<double> operand, DumpedNode other)
    {
        if (operand.Count < Samples.Count || other.Samples.Count < Samples.Count) return false;
        var typical = Norm / Math.Sqrt(Math.Max(Count, 1));
        for (var i = 0; i < Samples.Count; i++)
        {
            var expected = Operation == "MUL" ? other.Samples[i] * operand[i] : other.Samples[i] + operand[i];
            if (!(Math.Abs(Samples[i] - expected) <= Rounding * Math.Max(Math.Abs(Samples[i]), typical))) return false;
        }

        return true;
    }
}

/// <summary>
/// Nodes as another program, or <c>archgen dump</c>, computed them for a prompt: lines of name, operation, shape, sum, L2 norm, and first, second and last
/// element, with tabs between.
/// </summary>
public sealed class NodeDump
{
    private NodeDump(string fileName, IReadOnlyList<DumpedNode> nodes, bool hasOwnNames) => (FileName, Nodes, HasOwnNames) = (fileName, nodes, hasOwnNames);

    /// <summary>The file's name.</summary>
    public string FileName { get; }

    /// <summary>The nodes in the order in which they were computed.</summary>
    public IReadOnlyList<DumpedNode> Nodes { get; }

    /// <summary>Whether the names are those of the graph's nodes, as <c>archgen dump</c> writes them; otherwise they are llama.cpp's.</summary>
    public bool HasOwnNames { get; }

    /// <summary>The precision of GELU in the reference: llama.cpp reads it from a table.</summary>
    public GeluPrecision Gelu => !HasOwnNames && Nodes.Any(n => n.Operation is "GELU" or "GEGLU") ? GeluPrecision.F16Table : GeluPrecision.Exact;

    /// <summary>Reads a dump.</summary>
    /// <exception cref="ArchGenException">The file does not exist, or is no dump.</exception>
    public static NodeDump Open(string path)
    {
        using var reader = new StreamReader(InputFile.Open(path, "a dump of nodes"));
        var nodes = new List<DumpedNode>();
        var (number, hasOwnNames) = (0, false);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (number == 1 && line.StartsWith("name\top\tshape\t", StringComparison.Ordinal)) hasOwnNames = true;
            else if (line.Length > 0) nodes.Add(Read(line, path, number));
        }

        if (nodes.Count == 0)
            throw new ModelFileException($"{path}: there are no nodes; expected lines of name, op, shape, sum, norm and samples with tabs between.");
        return new NodeDump(path, nodes, hasOwnNames);
    }

    private static DumpedNode Read(string line, string path, int number)
    {
        var fields = line.Split('\t');
        if (fields.Length != 6)
        {
            throw new ModelFileException($"{path}, line {number}: {fields.Length} fields, expected six with tabs between: "
                + "name, op, shape, sum, norm, samples.");
        }

        var count = 1L;
        foreach (var size in fields[2].Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > int.MaxValue || (count *= value) > int.MaxValue)
                throw new ModelFileException($"{path}, line {number}: the shape is '{fields[2]}', expected sizes with commas between.");
        }

        double[] samples = [.. fields[5].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        return new DumpedNode(fields[0], fields[1], count, Number(fields[3]), Number(fields[4]), samples);

        double Number(string text) => text switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" or "-nan" => double.NaN,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ModelFileException($"{path}, line {number}: '{text}' is no number."),
        };
    }
}
