using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// The names that the tensors of one class have in a GGUF file and in a checkpoint. A tensor that the forward pass does not use leaves its names free.
/// </summary>
internal sealed class TensorNameTable
{
    private readonly Dictionary<string, TensorDeclaration> _gguf = new(StringComparer.Ordinal), _huggingFace = new(StringComparer.Ordinal);

    /// <summary>Reports each name that two of the tensors have.</summary>
    public static void Check(IEnumerable<TensorDeclaration> tensors, Action<DiagnosticModel> report)
    {
        var table = new TensorNameTable();
        foreach (var tensor in tensors) table.Add(tensor, report);
    }

    private void Add(TensorDeclaration tensor, Action<DiagnosticModel> report)
    {
        var model = tensor.Model;
        List<string> gguf = [model.FileName], huggingFace = [.. model.HuggingFace.Select(h => h + model.WeightEnding)];
        if (model.Type != "Weight" && model.Bias != Presence.None)
        {
            gguf.Add(model.Name + ".bias");
            huggingFace.AddRange(model.HuggingFace.Select(h => h + model.BiasEnding));
        }

        var duplicate = gguf.Select(name => (Name: name, Other: Enter(_gguf, name, tensor)))
            .Concat(huggingFace.Select(name => (Name: name, Other: Enter(_huggingFace, name, tensor))))
            .ToList().FirstOrDefault(d => d.Other is not null);
        if (duplicate.Other is null) return;
        report(Descriptors.DuplicateName.At(tensor.Property.FirstLocation(), duplicate.Other.Property.Name, tensor.Property.Name,
            duplicate.Name));
    }

    /// <summary>
    /// The other tensor of this name. Two that a file may lack may be two forms of one tensor of the checkpoint, and two that methods make may be two
    /// parts of it.
    /// </summary>
    private TensorDeclaration? Enter(Dictionary<string, TensorDeclaration> names, string name, TensorDeclaration tensor)
    {
        var other = names.TryGetValue(name, out var found) ? found : null;
        names[name] = tensor;
        return names == _huggingFace && other is not null
            && ((other.Model.Optional && tensor.Model.Optional) || (other.Model.From is not null && tensor.Model.From is not null)) ? null : other;
    }
}
