namespace ArchGen.Templates.Jinja.Values;

/// <summary>The arguments of a call.</summary>
/// <param name="Positional">By position.</param>
/// <param name="Named">By name, in order.</param>
internal sealed record Arguments(TemplateValue[] Positional, KeyValuePair<string, TemplateValue>[] Named)
{
    public static readonly Arguments None = new([], []);

    public static Arguments Of(params TemplateValue[] positional) => new(positional, []);

    /// <summary>Without the first ones.</summary>
    public Arguments Skip(int count) => new(Positional[count..], Named);

    /// <summary>The argument of a name, or a missing value.</summary>
    public TemplateValue Find(string name)
    {
        foreach (var (key, value) in Named)
        {
            if (key == name) return value;
        }

        return default;
    }
}
