using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace ArchGen.Cli;

/// <summary>Loads an assembly of architectures with what it refers to: ArchGen's own assemblies are those of this program, others lie beside it.</summary>
/// <param name="file">The assembly's file, with its whole path.</param>
internal sealed class ArchitectureContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A program that is compiled ahead of time makes none (ArchitectureFile).")]
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var beside = Path.Combine(Path.GetDirectoryName(file)!, assemblyName.Name + ".dll");
        return File.Exists(beside) && !File.Exists(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll")) ? LoadFromAssemblyPath(beside) : null;
    }
}
