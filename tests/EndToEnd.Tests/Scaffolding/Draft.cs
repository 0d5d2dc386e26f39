using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Scaffolding;

namespace ArchGen.EndToEnd.Tests.Scaffolding;

/// <summary>What <c>archgen new --from</c> drafts from a checkpoint of the fixtures.</summary>
/// <param name="Checkpoint">The name of the fixture.</param>
/// <param name="Folder">The folder of the fixture.</param>
/// <param name="Scaffold">The draft.</param>
/// <param name="Declared">The architecture that implements the checkpoint's class; null if none does.</param>
internal sealed record Draft(string Checkpoint, string Folder, ArchitectureScaffold Scaffold, ArchitectureInfo? Declared)
{
    // No checkpoints of Hugging Face, or adapters.
    private static readonly string[] Others = ["llama-pth", "llama-pth-2", "lora-llama-mha", "lora-qwen2"];

    private static readonly Lazy<IReadOnlyList<Draft>> Made = new(() => [.. Names().AsParallel().AsOrdered().Select(name => Of(name.Name, name.Folder))]);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Draft> All => Made.Value;

    private static IEnumerable<(string Name, string Folder)> Names() =>
        from folder in new[] { "conversion", "scaffolding" }
        from path in Directory.GetDirectories(SharedFixtures.Local(folder))
        let name = Path.GetFileName(path)
        where !Others.Contains(name)
        orderby name
        select (name, folder);

    private static Draft Of(string name, string folder)
    {
        using var files = new CheckpointFolder(name, folder);
        using var checkpoint = Gguf.Checkpoints.Checkpoint.Open(files.Path);
        var className = string.Concat(name.Split('-', '_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Draft";
        var scaffold = ArchitectureScaffold.Of(checkpoint, Catalog.All, className, "ArchGen.Drafts");
        return new Draft(name, folder, scaffold, Catalog.All.FindClass(scaffold.Class));
    }
}
