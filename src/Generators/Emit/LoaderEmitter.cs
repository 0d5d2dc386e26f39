using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using static ArchGen.Generators.Notation.Literals;

namespace ArchGen.Generators.Emit;

/// <summary>Writes the binding of tensors: names and shapes of all that a file must have.</summary>
internal static class LoaderEmitter
{
    public static string Emit(ArchitectureModel model)
    {
        var w = Frame.Begin(model, "its loader.");
        w.OpenNamespace(model);
        foreach (var type in model.Classes.Where(c => !c.IsAbstract))
        {
            w.OpenClass(model, type);
            if (!type.IsBlock && model.IgnoredTensors.Count > 0)
            {
                w.Line("/// <inheritdoc/>");
                w.Line($"protected override System.Collections.Generic.IReadOnlyList<IgnoredTensorsAttribute> IgnoredTensors =>");
                w.Line($"    [{string.Join(", ", model.IgnoredTensors.Select(i => $"new({Literal(i.Pattern)}, {Literal(i.Reason)})"))}];");
                w.Line();
            }

            if (type.Tensors.FirstOrDefault(t => t.Property == type.DecidedBy) is { } deciding && !model.HasErrors)
            {
                w.Line("/// <inheritdoc/>");
                var place = $"\"{deciding.FileName}\", checked({deciding.Dims.ToCSharpList()})";
                w.Line($"protected override bool IsInFile(TensorBinder tensors) => tensors.Has({place});");
                w.Line();
            }

            w.Line("/// <inheritdoc/>");
            w.Open("protected override void BindTensors(TensorBinder tensors)");
            if (model.HasErrors)
            {
                w.Line(Frame.Refusal(model) + ";");
            }
            else
            {
                w.Open("checked");
                foreach (var tensor in type.Tensors) w.Line($"{MemberModel.FieldOf(tensor.Property)} = {Bind(tensor)};");
                foreach (var state in type.States) w.Line($"{MemberModel.FieldOf(state.Property)} = {Bind(state)};");
                foreach (var cache in type.Caches) w.Line($"{MemberModel.FieldOf(cache.Property)} = {Bind(cache)};");
                foreach (var list in type.Lists) Blocks(w, list);
                w.Close();
            }

            w.Close();
            w.CloseClass(model, type);
        }

        return w.ToString();
    }

    private static string Bind(TensorModel tensor)
    {
        var arguments = new List<string>();
        if (tensor.Epsilon is not null) arguments.Add(tensor.Epsilon.ToCSharp());
        if (tensor.Bias != Presence.None) arguments.Add($"bias: Bias.{tensor.Bias}");
        if (tensor.Scale is not null) arguments.Add($"scale: \"{tensor.Scale}\"");
        var method = tensor.TiedTo is not null ? "Tied" + tensor.Type : tensor.Optional ? "Optional" + tensor.Type : tensor.Type;
        var bind = Call(method, tensor.TiedTo is null ? arguments : arguments.Prepend(tensor.TiedTo));
        return tensor.RequiredIf is null ? bind : $"{tensor.RequiredIf.ToOperand()} ? {Call(tensor.Type, arguments)} : {bind}";

        string Call(string name, IEnumerable<string> rest) =>
            $"tensors.{name}({string.Join(", ", new[] { $"\"{tensor.Name}\"", tensor.Dims.ToCSharpList() }.Concat(rest))})";
    }

    private static string Bind(StateModel state) => $"tensors.State(\"{state.Name}\", {state.Dims.ToCSharpList()})";

    private static string Bind(CacheModel cache) =>
        $"tensors.KvCache(\"{cache.Name}\", {cache.Keys.ToCSharpList()}{(cache.Values.Equals(cache.Keys) ? "" : ", " + cache.Values.ToCSharpList())})";

    private static void Blocks(SourceWriter w, BlockListModel list)
    {
        var (unused, first) = (list.Unused is null ? "" : $", unused: {list.Unused.ToCSharp()}", list.First is null ? "" : $", first: {list.First.ToCSharp()}");
        w.Line($"{MemberModel.FieldOf(list.Property)} = tensors.{(list.Optional ? "OptionalBlocks" : "Blocks")}<{list.ElementType}>(this, \"{list.Prefix}\", "
            + $"{list.Count.ToCSharp()}, i => {Create(list, 0)}{unused}{first});");
    }

    /// <summary>The block of a number: of the first kind whose condition holds, or that the file has.</summary>
    private static string Create(BlockListModel list, int place)
    {
        var kind = list.Kinds[place];
        if (kind.Condition is null) return $"new {kind.Type}()";
        var rest = Create(list, place + 1);
        if (kind.DecidedBy is null) return $"{kind.Condition.ToCSharp()} ? new {kind.Type}() : {rest}";
        var isChoice = list.Kinds[place + 1] is { Condition: not null, DecidedBy: null };
        return $"tensors.IfInFile<{list.ElementType}>(this, \"{list.Prefix}\", i, new {kind.Type}()) ?? {(isChoice ? $"({rest})" : rest)}";
    }
}
