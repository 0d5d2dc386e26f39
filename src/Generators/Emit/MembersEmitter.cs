using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;

namespace ArchGen.Generators.Emit;

/// <summary>Implements the partial members, so that they exist even where the architecture has errors.</summary>
internal static class MembersEmitter
{
    public static string Emit(ArchitectureModel model)
    {
        var w = Frame.Begin(model, "the members that its declaration leaves to the generator.");
        w.OpenNamespace(model);
        foreach (var type in model.Classes.Where(c => c.HasMembers))
        {
            w.OpenClass(model, type, type.Base);
            EmitMembers(w, type);
            w.CloseClass(model, type);
        }

        return w.ToString();
    }

    private static void EmitMembers(SourceWriter w, ClassModel type)
    {
        var first = true;
        foreach (var member in type.Members)
        {
            Separate();
            if (!member.IsShared)
            {
                w.Line($"{Reach(member)} {(member.IsStatic ? "static " : "")}{member.Type} {member.Field}{(member.CanBeNull ? "" : " = null!")};");
                w.Line();
            }

            w.Line($"{member.Modifiers.ToCSharp()} {member.Type} {(member.IsKeyword ? "@" : "")}{member.Name} {Body(member)}");
        }

        if (type.Forwards.Count > 0) Separate();
        foreach (var forward in type.Forwards) w.Line(forward.ToCSharp());
        if (type.Implementations.Count > 0) Separate();
        foreach (var implementation in type.Implementations)
        {
            w.Line($"{implementation.Type} {implementation.Interface}.{implementation.Name} => {implementation.Name};");
        }

        if (type.Makers.Count > 0) Separate();
        foreach (var maker in type.Makers)
        {
            w.Line($"protected {(maker.IsStatic ? "static " : "")}{maker.Type} {maker.Shared}({maker.Argument} value) => {maker.Name}(value);");
        }

        if (type.TakesStream)
        {
            Separate();
            w.Line("/// <inheritdoc/>");
            w.Line("protected override Tensor RunForward(Tensor x) => Forward(x);");
        }

        void Separate()
        {
            if (!first) w.Line();
            first = false;
        }
    }

    /// <summary>
    /// Who may set a field: the loaders of variants, in other assemblies too. Where these do not see the property, they may not see its type either.
    /// </summary>
    private static string Reach(MemberModel member) =>
        member.Modifiers.Contains("public") || (member.Modifiers.Contains("protected") && !member.Modifiers.Contains("private")) ? "protected"
            : "private protected";

    /// <summary>A property that the declaration lets one set is reported; it has its other half all the same.</summary>
    private static string Body(MemberModel member)
    {
        if (member.Accessors.Count == 0) return $"=> {member.Field}{(member.IsShared && !member.CanBeNull ? "!" : "")};";
        var accessors = member.Accessors.Select(a => $"{a.Keywords.ToCSharp()} => {member.Field}{(a.Sets ? " = value" : "")}; ");
        return $"{{ {string.Concat(accessors)}}}";
    }
}
