using System.CommandLine;
using System.Globalization;
using ArchGen.Runtime.Backends;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;

namespace ArchGen.CommandLine.Options;

/// <summary>The options that place a model: <c>--device</c>, <c>-ngl</c>, <c>--split-mode</c>, <c>--tensor-split</c>, <c>--cpu-moe</c>.</summary>
internal sealed class DeviceOptions
{
    private const string Auto = "auto";
    private const string None = "none";
    private const string AllLayers = "all";

    private readonly Option<string> _device;

    private readonly Option<string> _layers = new("--n-gpu-layers", "-ngl", "--gpu-layers")
    {
        Description = "Layers on the device, counted from the last: a number, 'all', or 'auto' for as many as fit into its free memory.",
        DefaultValueFactory = _ => Auto,
        HelpName = "N|auto|all",
    };

    private readonly Option<string> _splitMode = new Option<string>("--split-mode", "-sm")
    {
        Description = "How a model is divided among several devices: by layers, or not at all: the first device gets it.",
        DefaultValueFactory = _ => "layer",
    }.OneOf("layer", "none");

    private readonly Option<string?> _tensorSplit = new("--tensor-split", "-ts")
    {
        Description = "The shares of the devices, 3,1. Default: by their free memory.",
        HelpName = "N0,N1,...",
    };

    private readonly Option<int?> _experts = new Option<int?>("--cpu-moe", "-cmoe", "--n-cpu-moe", "-ncmoe")
    {
        Description = "Layers, counted from the first, whose experts the processor computes; without a number those of all layers.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "N",
    };

    /// <summary>The options.</summary>
    /// <param name="isAutomatic">Whether a device is used unless one is named; otherwise the processor is.</param>
    public DeviceOptions(bool isAutomatic = true)
    {
        _experts.CustomParser = result => result.Tokens.Count == 0 ? int.MaxValue
            : NumberOption.TryParse<int>(result.Tokens[0].Value, out var n) && n >= 0 ? n
            : Fail(result, $"--cpu-moe is '{result.Tokens[0].Value}', expected a whole number, 0 or more.");
        _device = new Option<string>("--device", "-dev")
        {
            Description = "What computes: 'none' for the processor, a device by its id or a part of its name, several with commas between them; "
                + "'auto' for the graphics device of this machine, if there is one. 'archgen devices' lists them.",
            DefaultValueFactory = _ => isAutomatic ? Auto : None,
            HelpName = "NAME|none|auto",
        };
    }

    /// <summary>All of them, for a command.</summary>
    public IEnumerable<Symbol> All => [_device, _layers, _splitMode, _tensorSplit, _experts];

    /// <summary>The backend that the options ask for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cpu">The processor's part.</param>
    /// <param name="tier">What <c>--tier</c> says: whether products on the device are exact.</param>
    /// <param name="terminal">Told what was placed where.</param>
    /// <param name="isSmall">Whether the model is too small for a device unless one is named.</param>
    /// <exception cref="RequestException">A device that was named is not there, or an option makes no sense.</exception>
    /// <exception cref="DeviceException">A device that was named cannot be used.</exception>
    public IBackend Backend(ParseResult parsed, IBackend cpu, string tier, Terminal terminal, bool isSmall = false)
    {
        VulkanDevice.ValidationReport = line => terminal.Note($"vulkan: {line}");
        var layers = Layers(parsed.GetValue(_layers)!);
        var name = parsed.GetValue(_device)!;
        var devices = name == Auto ? Automatic(layers == 0 || isSmall, terminal) : Named(name);
        if (parsed.GetValue(_splitMode) == "none") devices = devices[..Math.Min(1, devices.Length)];
        if (devices.Length == 0) return cpu;
        var precision = ModelOptions.IsExact(tier) ? DevicePrecision.Exact : DevicePrecision.Fastest;
        return new OffloadBackend([.. devices.Select(device => Of(device, precision, terminal))], cpu)
        {
            Layers = layers,
            IsOptional = name == Auto,
            Split = Shares(parsed.GetValue(_tensorSplit), devices.Length),
            ExpertLayersOnCpu = parsed.GetValue(_experts) ?? 0,
            Report = line => terminal.Note(line),
        };
    }

    private static VulkanBackend Of(VulkanDevice device, DevicePrecision precision, Terminal terminal) => new(device)
    {
        Precision = precision,
        Compilation = (done, total) => terminal.Progress($"{device.Id}: shaders compiled", done, total),
    };

    private static VulkanDevice[] Automatic(bool isUnwanted, Terminal terminal)
    {
        // One that cannot be used is not passed over without a word.
        if (isUnwanted || (VulkanDevice.Default ?? VulkanDevice.All.FirstOrDefault(d => !d.IsSoftware)) is not { } device) return [];
        if (device.Problem is not { } problem) return [device];
        terminal.Note($"{problem} The processor computes instead.");
        return [];
    }

    private static VulkanDevice[] Named(string names)
    {
        if (names is None or "cpu") return [];
        var devices = names.Split(',', StringSplitOptions.TrimEntries).Select(Find).ToArray();
        if (devices.Distinct().Count() < devices.Length) throw new RequestException($"--device {names} names a device twice.");
        if (devices.FirstOrDefault(device => device.Problem is not null) is { } bad) throw new DeviceException(bad.Problem!);
        return devices;
    }

    /// <summary>The device of an id, or a part of a name.</summary>
    /// <exception cref="RequestException">There is none, or there are several.</exception>
    public static VulkanDevice Find(string name)
    {
        var all = VulkanDevice.All;
        if (all.Count == 0)
        {
            throw new RequestException($"--device {name}: there is no Vulkan device on this machine. Install a graphics driver with Vulkan 1.2 or later, "
                + "or choose --device none.");
        }

        var found = all.Where(device => device.Id.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (found.Length == 0) found = [.. all.Where(device => device.Name.Contains(name, StringComparison.OrdinalIgnoreCase))];
        if (found.Length == 1) return found[0];
        throw new RequestException($"--device {name} is {(found.Length == 0 ? "no device" : "several devices")} of this machine. "
            + $"There are {string.Join(", ", all.Select(device => $"{device.Id} ({device.Name})"))}; 'none' is the processor.");
    }

    private static int? Layers(string text) => text switch
    {
        Auto => null,
        AllLayers or "-1" => int.MaxValue,
        _ when NumberOption.TryParse<int>(text, out var n) && n >= 0 => n,
        _ => throw new RequestException($"-ngl is '{text}', expected a whole number, 'auto' or 'all'."),
    };

    private static double[] Shares(string? text, int devices)
    {
        if (text is null) return [];
        var shares = text.Split(',').Select(part => NumberOption.TryParse<double>(part, out var share) && share >= 0
            ? share
            : throw new RequestException($"--tensor-split: '{part}' is no share; expected numbers such as 3,1.")).ToArray();
        if (shares.Length != devices || shares.Sum() <= 0)
        {
            throw new RequestException(
                $"--tensor-split {text} has {shares.Length} shares for {devices} devices; expected one for each, and not all 0.");
        }

        return shares;
    }

    private static int? Fail(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return null;
    }
}
