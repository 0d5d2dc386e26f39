using System.CommandLine;
using System.Globalization;
using ArchGen.Vulkan.Devices;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen devices</c>: the graphics devices of this machine, and what each lacks.</summary>
internal static class DevicesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new ExampleCommand(
            "devices", "Lists the devices that --device takes, with their memory, and what those lack that cannot be used.", "devices");
        command.SetAction(_ => List(terminal));
        return command;
    }

    private static void List(Terminal terminal)
    {
        var devices = VulkanDevice.All;
        if (devices.Count == 0)
        {
            terminal.Out.WriteLine("There is no Vulkan device here: models run on the processor. A graphics driver with Vulkan 1.2 or later is needed.");
            return;
        }

        var table = new TextTable("id", "device", "memory>", "free>", "driver", "usable");
        foreach (var device in devices)
        {
            var kind = device.IsSoftware ? ", software" : device.IsUnified ? ", shares the processor's memory" : "";
            table.Add(
                device.Id, device.Name + kind, Gigabytes(device.MemoryBytes), Gigabytes(device.FreeBytes), device.Driver,
                device.Problem is { } problem ? $"no: {problem}" : "yes");
        }

        table.PrintText(terminal.Out);
    }

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");
}
