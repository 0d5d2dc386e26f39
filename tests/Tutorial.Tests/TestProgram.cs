using ArchGen.CommandLine;

namespace ArchGen.Tutorial.Tests;

/// <summary>
/// The command as the tutorial's reader has it: with Quill beside the other architectures, and with wrong ports of them, which it must find out.
/// </summary>
internal static class TestProgram
{
    public static ArchgenProgram Program { get; } = new(Catalog.All);
}
