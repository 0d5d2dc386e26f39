using System.Globalization;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>Python's range, of at most 100000 elements, Jinja2's limit in its sandbox.</summary>
/// <param name="start">The first element.</param>
/// <param name="step">From one element to the next.</param>
/// <param name="count">The number of elements.</param>
internal sealed class RangeObject(long start, long step, long count) : JinjaObject
{
    private const long MaxCount = 100_000;

    private long _stop = start + (step * count);

    public override string TypeName => "range";

    public override bool IsTrue => count > 0;

    public override long Count => count;

    /// <summary>range(start, stop, step).</summary>
    /// <exception cref="TemplateFault">The step is 0, or there are too many elements.</exception>
    public static RangeObject Create(long start, long stop, long step)
    {
        if (step == 0) throw TemplateFault.Value("range() arg 3 must not be zero");
        var distance = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var by = Int128.Abs(step);
        var length = distance <= 0 ? 0 : ((distance - 1) / by) + 1;
        if (length > MaxCount)
        {
            throw new TemplateFault(
                TemplateErrorKind.OverflowError,
                string.Create(CultureInfo.InvariantCulture, $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxCount})."));
        }

        return new RangeObject(start, step, (long)length) { _stop = stop };
    }

    public TemplateValue At(long index) => start + (step * index);

    /// <summary>A slice of it, which is a range.</summary>
    public RangeObject Slice(long first, long by, long length) =>
        new(start + (step * first), step * by, length);

    public bool Contains(System.Numerics.BigInteger value)
    {
        var offset = value - start;
        return (offset % step).IsZero && offset / step >= 0 && offset / step < count;
    }

    public override IEnumerable<TemplateValue> Iterate(Renderer renderer)
    {
        for (var i = 0L; i < count; i++) yield return At(i);
    }

    public override IEnumerable<TemplateValue> Reverse(Renderer renderer)
    {
        for (var i = count - 1; i >= 0; i--) yield return At(i);
    }

    public override TemplateValue Item(Renderer renderer, TemplateValue key) => Indexing.TryIndex(key, count, out var index) ? At(index) : default;

    public override TemplateValue Attribute(Renderer renderer, string name) => name switch
    {
        "start" => start,
        "stop" => _stop,
        "step" => step,
        _ => default(TemplateValue),
    };

    public override void WriteRepresentation(Representation output)
    {
        var by = step == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {step}");
        output.Write(string.Create(CultureInfo.InvariantCulture, $"range({start}, {_stop}{by})"));
    }
}
