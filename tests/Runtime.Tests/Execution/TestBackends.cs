using ArchGen.Cpu.Execution;
using ArchGen.Eager;
using ArchGen.Runtime.Backends;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>The backends that run the cases of every operation. A new one is added here, and gets all of them.</summary>
internal static class TestBackends
{
    private static readonly IBackend[] All = [new CpuBackend { Threads = 2 }, new EagerBackend()];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(backend => backend.Name);

    /// <summary>A backend by its name.</summary>
    public static IBackend Named(string name) => All.Single(backend => backend.Name == name);
}
