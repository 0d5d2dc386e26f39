using System.Globalization;
using System.Security;
using System.Text;

namespace ArchGen.CommandLine.Serving;

/// <summary>A line chart: values of some series at named places, from zero up.</summary>
/// <param name="Title">What is drawn, with its unit.</param>
/// <param name="Axis">What the places are.</param>
/// <param name="Places">The names of the places, from left to right.</param>
/// <param name="Series">The lines; each has a value for each place.</param>
internal sealed record SvgChart(string Title, string Axis, IReadOnlyList<string> Places, IReadOnlyList<SvgSeries> Series)
{
    private const int Width = 440, Height = 320, Left = 64, Right = 16, Top = 40, Bottom = 76, Ticks = 5;

    // Okabe and Ito's colours, which people with any colour vision can tell apart.
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

    /// <summary>Draws charts beside each other as an SVG document.</summary>
    public static void Write(Stream output, string caption, params ReadOnlySpan<SvgChart> charts)
    {
        var svg = new StringBuilder();
        var (width, height) = (charts.Length * Width, Height + 24);
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" ");
        svg.Append("font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append($"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n");
        svg.Append($"<text x=\"8\" y=\"16\" fill=\"#555\" font-size=\"11\">{Escape(caption)}</text>\n");
        for (var i = 0; i < charts.Length; i++)
        {
            svg.Append($"<g transform=\"translate({i * Width} 24)\">\n");
            charts[i].Append(svg);
            svg.Append("</g>\n");
        }

        svg.Append("</svg>\n");
        output.Write(Encoding.UTF8.GetBytes(svg.ToString()));
    }

    private void Append(StringBuilder svg)
    {
        var top = Ceiling(Series.SelectMany(series => series.Values).Where(double.IsFinite).DefaultIfEmpty().Max());
        svg.Append($"<text x=\"{Left}\" y=\"20\" font-size=\"14\">{Escape(Title)}</text>\n");
        for (var i = 0; i <= Ticks; i++)
        {
            var (value, y) = (top * i / Ticks, Number(Y(top * i / Ticks, top)));
            svg.Append($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#ddd\"/>");
            svg.Append($"<text x=\"{Left - 6}\" y=\"{y}\" dy=\"4\" text-anchor=\"end\">{Number(value)}</text>\n");
        }

        for (var i = 0; i < Places.Count; i++)
            svg.Append($"<text x=\"{Number(X(i))}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{Escape(Places[i])}</text>\n");
        svg.Append($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - Bottom + 36}\" text-anchor=\"middle\" fill=\"#555\">{Escape(Axis)}</text>\n");
        for (var s = 0; s < Series.Count; s++) AppendSeries(svg, s, top);
    }

    private void AppendSeries(StringBuilder svg, int index, double top)
    {
        var (series, color) = (Series[index], Colors[index % Colors.Length]);
        List<(string X, string Y)> points = [];
        for (var i = 0; i < series.Values.Count; i++)
        {
            if (double.IsFinite(series.Values[i])) points.Add((Number(X(i)), Number(Y(series.Values[i], top))));
        }

        svg.Append($"<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" points=\"{string.Join(' ', points.Select(p => $"{p.X},{p.Y}"))}\"/>\n");
        foreach (var (x, y) in points) svg.Append($"<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{color}\"/>");
        var (left, line) = (Left + (index * (Width - Left - Right) / Series.Count), Height - 16);
        svg.Append($"\n<line x1=\"{left}\" x2=\"{left + 16}\" y1=\"{line - 4}\" y2=\"{line - 4}\" stroke=\"{color}\" stroke-width=\"2\"/>");
        svg.Append($"<text x=\"{left + 20}\" y=\"{line}\">{Escape(series.Name)}</text>\n");
    }

    private double X(int place) => Left + ((place + 0.5) * (Width - Left - Right) / Places.Count);

    private static double Y(double value, double top) => Height - Bottom - (value / top * (Height - Top - Bottom));

    // The least of 1, 2 or 5 times a power of ten that is not below the value.
    private static double Ceiling(double value)
    {
        if (value <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return power * (value <= power ? 1 : value <= 2 * power ? 2 : value <= 5 * power ? 5 : 10);
    }

    private static string Number(double value) => Math.Round(value, 3).ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(text);
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Values">A value for each place; what is not finite is left out.</param>
internal sealed record SvgSeries(string Name, IReadOnlyList<double> Values);
