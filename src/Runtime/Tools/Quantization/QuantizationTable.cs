using System.Globalization;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Plan;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.Tools.Quantization;

/// <summary>A plan as lines of text.</summary>
public static class QuantizationTable
{
    /// <summary>One line per tensor: name, dimensions slowest first, type before and after, size after, role.</summary>
    public static IEnumerable<string> Tensors(QuantizationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return TensorsOf(plan);
    }

    private static IEnumerable<string> TensorsOf(QuantizationPlan plan)
    {
        var name = plan.Tensors.Select(t => t.Name.Length).DefaultIfEmpty(0).Max();
        var shape = plan.Tensors.Select(t => Shape(t).Length).DefaultIfEmpty(0).Max();
        foreach (var tensor in plan.Tensors)
        {
            var type = tensor.IsCopied ? tensor.Type.Name : $"{tensor.Source.Type.Name} -> {tensor.Type.Name}";
            var note = tensor.IsFallback ? $" (instead of {tensor.Wanted.Name})" : tensor.Importance.IsEmpty ? "" : " (with importance)";
            yield return $"{tensor.Name.PadRight(name)}  {Shape(tensor).PadRight(shape)}  {type,-18} {Size(tensor.ByteLength),10}  {Words(tensor.Role)}{note}";
        }
    }

    /// <summary>The number and size of the tensors of each type, and the bits per weight of the file.</summary>
    public static IEnumerable<string> Summary(QuantizationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return SummaryOf(plan);
    }

    private static IEnumerable<string> SummaryOf(QuantizationPlan plan)
    {
        yield return "type     tensors        size  bits per weight";
        foreach (var type in plan.Tensors.GroupBy(t => t.Type).OrderByDescending(g => g.Sum(t => t.ByteLength)).ThenBy(g => g.Key))
            yield return Line(type.Key.Name, type.Count(), type.Sum(t => t.ByteLength), type.Sum(t => t.Source.ElementCount));
        var elements = plan.Tensors.Sum(t => t.Source.ElementCount);
        yield return Line("in all", plan.Tensors.Count, plan.Tensors.Sum(t => t.ByteLength), elements);
        yield return Line("before", plan.Tensors.Count, plan.Tensors.Sum(t => t.Source.ByteLength), elements);
    }

    private static string Line(string what, int tensors, long bytes, long elements) =>
        string.Create(CultureInfo.InvariantCulture, $"{what,-8} {tensors,7}  {Size(bytes),10}  {(elements == 0 ? 0 : bytes * 8.0 / elements),15:0.00}");

    private static string Shape(QuantizedTensor tensor) => $"[{string.Join(", ", tensor.Source.Dimensions.Reverse())}]";

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB");

    private static string Words(TensorRole role) => role switch
    {
        TensorRole.Parameter => "parameter",
        TensorRole.Matrix => "matrix",
        TensorRole.TokenEmbedding => "token embedding",
        TensorRole.Output => "output",
        TensorRole.AttentionQuery => "attention query",
        TensorRole.AttentionKey => "attention key",
        TensorRole.AttentionValue => "attention value",
        TensorRole.AttentionOutput => "attention output",
        TensorRole.FeedForwardGate => "feed-forward gate",
        TensorRole.FeedForwardUp => "feed-forward up",
        TensorRole.FeedForwardDown => "feed-forward down",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
