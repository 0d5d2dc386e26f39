using System.Globalization;
using System.Text;

namespace ArchGen.Server.Operations;

/// <summary>Writes Prometheus' text format, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    /// <summary>The media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a metric; its samples follow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">counter, gauge or histogram.</param>
    /// <param name="help">What it is.</param>
    public PrometheusText Metric(string name, string type, string help)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(Escape(help, isLabel: false)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <summary>Writes a sample.</summary>
    /// <param name="name">The name of the metric.</param>
    /// <param name="value">The value.</param>
    /// <param name="labels">Names and values.</param>
    public PrometheusText Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        for (var i = 0; i < labels.Length; i++)
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value, isLabel: true)).Append('"');
        if (labels.Length > 0) _text.Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
        return this;
    }

    /// <summary>Writes the samples of a histogram.</summary>
    public PrometheusText Samples(string name, Histogram histogram, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var (counts, sum) = histogram.Read();
        (string, string)[] bucket = [.. labels, ("le", "+Inf")];
        for (var i = 0; i < counts.Length; i++)
        {
            bucket[^1] = ("le", i < histogram.Bounds.Count ? Number(histogram.Bounds[i]) : "+Inf");
            Sample($"{name}_bucket", counts[i], bucket);
        }

        return Sample($"{name}_sum", sum, labels).Sample($"{name}_count", counts[^1], labels);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text, bool isLabel)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }
}
