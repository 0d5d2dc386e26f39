using ArchGen.Generators.Model;

namespace ArchGen.Generators.Emit;

/// <summary>Implements the partial members, so that they exist even where the architecture has errors.</summary>
internal static class MembersEmitter
{
    public static string Emit(ArchitectureModel model)
    {
        var w = Frame.Begin(model, "the members that its declaration leaves to the generator.");
        w.OpenNamespace(model);
        foreach (var type in model.Classes)
        {
            if (type.Members.Count + type.Forwards.Count == 0 && !type.TakesStream) continue;
            w.OpenClass(model, type);
            var first = true;
            foreach (var member in type.Members)
            {
                if (!first) w.Line();
                first = false;
                w.Line($"private protected {member.Type} {member.Field}{(member.CanBeNull ? "" : " = null!")};");
                w.Line();
                w.Line($"{member.Declaration} {member.Type} {member.Name} => {member.Field};");
            }

            if (!first && type.Forwards.Count > 0) w.Line();
            foreach (var forward in type.Forwards) w.Line(forward.Declaration);
            if (type.TakesStream)
            {
                if (type.Members.Count + type.Forwards.Count > 0) w.Line();
                w.Line("/// <inheritdoc/>");
                w.Line("protected override Tensor RunForward(Tensor x) => Forward(x);");
            }

            w.CloseClass(type);
        }

        return w.ToString();
    }
}
