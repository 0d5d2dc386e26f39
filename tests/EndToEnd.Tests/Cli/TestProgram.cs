using ArchGen.Cli;
using ArchGen.CommandLine;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>The program whose commands <see cref="Archgen"/> runs.</summary>
internal static class TestProgram
{
    public static ArchgenProgram Program => BuiltIn.Program;
}
