using System.CommandLine;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Options;

/// <summary><c>--lora FILE[:SCALE]</c>: adapters of a model.</summary>
internal static class LoraOption
{
    public static Option<string[]> Create(bool isRequired = false) => new("--lora")
    {
        Description = "FILE[:SCALE]: a LoRA adapter in GGUF, applied on top of the model; repeatable.",
        Required = isRequired,
        HelpName = "FILE[:SCALE]",
    };

    /// <summary>Opens the adapters that were named.</summary>
    /// <exception cref="ArchGenException">One does not fit the model.</exception>
    public static LoraAdapters Open(string[]? values, LoadedModel model)
    {
        var adapters = new LoraAdapters();
        try
        {
            foreach (var value in values ?? [])
            {
                var (path, scale) = Parse(value);
                adapters.Add(LoraAdapter.Open(path, scale, model));
            }

            return adapters;
        }
        catch
        {
            adapters.Dispose();
            throw;
        }
    }

    // What follows the last colon is a scale if it is a number: file names may have colons of their own.
    /// <summary>The file and the scale that a value names.</summary>
    public static (string Path, float Scale) Parse(string value)
    {
        var colon = value.LastIndexOf(':');
        return colon > 0 && NumberOption.TryParse<float>(value[(colon + 1)..], out var scale) ? (value[..colon], scale) : (value, 1);
    }
}

/// <summary>Open adapters.</summary>
internal sealed class LoraAdapters : List<LoraAdapter>, IDisposable
{
    public void Dispose() => ForEach(adapter => adapter.Dispose());
}
