using System.Globalization;
using System.Text.Json;
using ArchGen.Runtime.Execution;
using ArchGen.Tools.Measurement;

namespace ArchGen.CommandLine.Commands;

/// <summary>A profile against the limits of the machine: a roofline as a table.</summary>
internal static class ProfileReport
{
    /// <summary>The line above the table.</summary>
    public static string Caption(string test, Profile profile, MachineLimits limits) => string.Create(
        CultureInfo.InvariantCulture,
        $"{test}: {1000 * profile.WallSeconds:F2} ms a run. Limits measured ") + (limits.Device is { } device
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"on {device}: F16 weights read {limits.BytesPerSecond / 1e9:F1} GB/s, product of F16 weights {limits.FlopsPerSecond / 1e9:F0} GFLOP/s.")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"with {limits.Threads} threads: memory read {limits.BytesPerSecond / 1e9:F1} GB/s, "
            + $"F32 multiply-add in {limits.VectorBits}-bit registers {limits.FlopsPerSecond / 1e9:F0} GFLOP/s."));

    /// <summary>A row for each kind of step, then the time between steps, then the total.</summary>
    public static TextTable Table(Profile profile, MachineLimits limits)
    {
        var table = new TextTable("kind", "calls>", "ms>", "share>", "of it waiting>", "GB/s>", "GFLOP/s>", "of limit>", "bound by");
        foreach (var row in profile.Rows) Add(row, row.Seconds, limits.MinSeconds(row), Bound(row, limits));
        table.Add("between steps", "", Number(1000 * profile.BetweenSeconds, 3), Share(profile.BetweenSeconds, profile.WallSeconds), "", "", "", "", "");
        // Steps run one after another, each by its own limit.
        Add(profile.Total, profile.WallSeconds, profile.Rows.Sum(limits.MinSeconds), "");
        return table;

        void Add(ProfileRow row, double seconds, double limit, string bound)
        {
            var whole = row with { Seconds = seconds };
            var hasWork = row.Bytes + row.Flops > 0;
            table.Add(
                row.Kind,
                Number(row.Calls, 0),
                Number(1000 * seconds, 3),
                Share(seconds, profile.WallSeconds),
                Share(row.WaitSeconds, seconds),
                row.Bytes > 0 ? Number(whole.BytesPerSecond / 1e9, 2) : "",
                row.Flops > 0 ? Number(whole.FlopsPerSecond / 1e9, 2) : "",
                hasWork ? Share(limit, seconds) : "",
                hasWork ? bound : "");
        }
    }

    /// <summary>The same as the properties <c>limits</c> and <c>profile</c>; bytes and operations of one run.</summary>
    public static void WriteJson(Utf8JsonWriter writer, Profile profile, MachineLimits limits)
    {
        writer.WriteStartObject("limits");
        if (limits.Device is { } device) writer.WriteString("device", device);
        else writer.WriteNumber("threads", limits.Threads);
        writer.WriteNumber("read_gigabytes_per_second", Math.Round(limits.BytesPerSecond / 1e9, 4));
        writer.WriteNumber("multiply_add_gigaflops_per_second", Math.Round(limits.FlopsPerSecond / 1e9, 4));
        if (limits.Device is null) writer.WriteNumber("vector_bits", limits.VectorBits);
        writer.WriteEndObject();
        writer.WriteStartObject("profile");
        writer.WriteNumber("milliseconds", Milliseconds(profile.WallSeconds));
        writer.WriteNumber("between_steps_milliseconds", Milliseconds(profile.BetweenSeconds));
        writer.WriteStartArray("kinds");
        foreach (var row in profile.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", row.Kind);
            writer.WriteNumber("calls", row.Calls);
            writer.WriteNumber("milliseconds", Milliseconds(row.Seconds));
            writer.WriteNumber("waiting_milliseconds", Milliseconds(row.WaitSeconds));
            writer.WriteNumber("bytes", row.Bytes);
            writer.WriteNumber("flops", row.Flops);
            writer.WriteNumber("gigabytes_per_second", Math.Round(row.BytesPerSecond / 1e9, 4));
            writer.WriteNumber("gigaflops_per_second", Math.Round(row.FlopsPerSecond / 1e9, 4));
            writer.WriteNumber("of_limit", Math.Round(Ratio(limits.MinSeconds(row), row.Seconds), 6));
            writer.WriteString("bound_by", Bound(row, limits));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Bound(ProfileRow row, MachineLimits limits) => limits.IsMemoryBound(row) ? "memory" : "arithmetic";

    private static double Milliseconds(double seconds) => Math.Round(1000 * seconds, 6);

    private static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;

    private static string Share(double part, double whole) => Number(100 * Ratio(part, whole), 1) + " %";

    private static string Number(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}
