using System.Reflection;

namespace ArchGen.Gguf.Tests;

/// <summary>A program that only reads files loads neither the kernels' assembler nor the quantizer.</summary>
public sealed class AssemblyReferenceTests
{
    [Fact]
    public void A_reader_of_files_refers_to_formats_and_the_language_alone()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Add(typeof(GgufFile).Assembly, found);
        Assert.Equal(["ArchGen.Dsl", "ArchGen.Formats", "ArchGen.Gguf"], found);
    }

    private static void Add(Assembly assembly, SortedSet<string> found)
    {
        if (!found.Add(assembly.GetName().Name!)) return;
        foreach (var name in assembly.GetReferencedAssemblies().Where(name => !IsOfFramework(name.Name!))) Add(Assembly.Load(name), found);
    }

    private static bool IsOfFramework(string name) => name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "netstandard" or "mscorlib";
}
