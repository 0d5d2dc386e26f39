using System.Runtime.InteropServices;
using System.Text;

namespace ArchGen.Vulkan.Modules;

/// <content>Modules read from compiled shaders, and the functions that these leave open.</content>
internal sealed partial class SpirvModule
{
    /// <summary>A module as a compiler wrote it.</summary>
    /// <exception cref="ArgumentException">The words are no module of SPIR-V.</exception>
    public SpirvModule(ReadOnlySpan<uint> words)
    {
        if (words.Length < HeaderWords || words[0] != Magic) throw new ArgumentException("The words are no module of SPIR-V.", nameof(words));
        (_version, _generator, _bound) = (words[1], words[2], words[3]);
        for (var rest = words[HeaderWords..]; rest.Length > 0;)
        {
            var length = (int)(rest[0] >> 16);
            if (length == 0 || length > rest.Length) throw new ArgumentException("The module of SPIR-V ends within an instruction.", nameof(words));
            var instruction = rest[..length];
            var op = OpAt(rest, 0);
            SectionOf(op).AddRange(instruction);
            if (_functions.Count == 0) Learn(op, instruction[1..]);
            rest = rest[length..];
        }
    }

    /// <summary>
    /// Gives a function of a compiled shader another body, which a chain of operations is: what hand-written kernels leave open for what is computed on their
    /// results. The shader must be compiled without optimization, so that the function is still there, and with the names of functions.
    /// </summary>
    /// <param name="name">The name of the function in GLSL; it returns a float.</param>
    /// <param name="body">The result of its parameters.</param>
    /// <exception cref="ArgumentException">The module has no such function.</exception>
    public void Fill(string name, Func<FunctionWriter, uint[], Term> body)
    {
        var function = FunctionNamed(name);
        var old = _functions.ToArray();
        var (start, end) = Find(old, function);
        var writer = new FunctionWriter(this);
        var (types, parameters) = (new List<uint>(), new List<uint>());
        var at = start;
        for (; at == start || OpAt(old, at) == SpirvOp.FunctionParameter; at += LengthAt(old, at))
        {
            writer.Words.AddRange(old[at..(at + LengthAt(old, at))]);
            if (at == start) continue;
            types.Add(old[at + 1]);
            parameters.Add(old[at + 2]);
        }

        Forget(old[at..end]);
        writer.Label(NewId());
        // A parameter that the shader may write to is passed as a pointer.
        for (var i = 0; i < parameters.Count; i++)
        {
            if (PointeeOf(types[i]) is { } type) parameters[i] = writer.Result(SpirvOp.Load, type, parameters[i]);
        }

        writer.Emit(SpirvOp.ReturnValue, writer.IdOf(body(writer, [.. parameters])));
        writer.Emit(SpirvOp.FunctionEnd);
        _functions.RemoveRange(start, end - start);
        _functions.InsertRange(start, writer.Words);
    }

    private static SpirvOp OpAt(ReadOnlySpan<uint> words, int at) => (SpirvOp)(words[at] & 0xffff);

    private static int LengthAt(ReadOnlySpan<uint> words, int at) => (int)(words[at] >> 16);

    // Of the instructions of a body that have two operands or more.
    private static bool HasResult(SpirvOp op) =>
        op >= SpirvOp.ExtInst && op is not (SpirvOp.Store or (>= SpirvOp.LoopMerge and <= SpirvOp.Unreachable));

    private static (int Start, int End) Find(uint[] functions, uint id)
    {
        var start = -1;
        for (var at = 0; at < functions.Length; at += LengthAt(functions, at))
        {
            if (OpAt(functions, at) == SpirvOp.Function && functions[at + 2] == id) start = at;
            if (OpAt(functions, at) == SpirvOp.FunctionEnd && start >= 0) return (start, at + LengthAt(functions, at));
        }

        throw new ArgumentException("The module of SPIR-V names a function that it has not.");
    }

    private List<uint> SectionOf(SpirvOp op)
    {
        if (_functions.Count > 0 || op == SpirvOp.Function) return _functions;
        return op switch
        {
            (>= SpirvOp.SourceContinued and <= SpirvOp.String) or SpirvOp.Extension or SpirvOp.ExtInstImport
                or (>= SpirvOp.MemoryModel and <= SpirvOp.Capability) or SpirvOp.ModuleProcessed or SpirvOp.ExecutionModeId => _head,
            (>= SpirvOp.Decorate and <= SpirvOp.GroupMemberDecorate) or SpirvOp.DecorateId or SpirvOp.DecorateString
                or SpirvOp.MemberDecorateString => _annotations,
            _ => _types,
        };
    }

    private void Learn(SpirvOp op, ReadOnlySpan<uint> operands)
    {
        switch (op)
        {
            case SpirvOp.ExtInstImport when operands[1..].SequenceEqual(Text("GLSL.std.450")):
                _glsl = operands[0];
                break;
            case SpirvOp.TypeVoid or SpirvOp.TypeBool or SpirvOp.TypeInt or SpirvOp.TypeFloat or SpirvOp.TypeVector or SpirvOp.TypePointer:
                _known.TryAdd(Declaration.Of(op, operands[1..]), operands[0]);
                break;
            case SpirvOp.Constant when operands.Length == 3:
                _known.TryAdd(new Declaration(op, 2, operands[0], operands[2]), operands[1]);
                break;
        }
    }

    private uint FunctionNamed(string name)
    {
        var head = CollectionsMarshal.AsSpan(_head);
        for (var at = 0; at < head.Length; at += LengthAt(head, at))
        {
            if (OpAt(head, at) != SpirvOp.Name) continue;
            var text = MemoryMarshal.AsBytes(head[(at + 2)..(at + LengthAt(head, at))]);
            if (Encoding.UTF8.GetString(text).StartsWith(name + "(", StringComparison.Ordinal)) return head[at + 1];
        }

        throw new ArgumentException($"The shader has no function '{name}'.", nameof(name));
    }

    private uint? PointeeOf(uint type)
    {
        foreach (var (declaration, id) in _known)
        {
            if (id == type && declaration.Op == SpirvOp.TypePointer) return declaration.Second;
        }

        return null;
    }

    /// <summary>Drops the names and decorations of ids that are no longer.</summary>
    private void Forget(uint[] body)
    {
        var gone = new HashSet<uint>();
        for (var at = 0; at < body.Length; at += LengthAt(body, at))
        {
            var op = OpAt(body, at);
            if (op == SpirvOp.Label) gone.Add(body[at + 1]);
            else if (HasResult(op) && LengthAt(body, at) > 2) gone.Add(body[at + 2]);
        }

        Remove(_head, SpirvOp.Name);
        Remove(_annotations, SpirvOp.Decorate);

        void Remove(List<uint> section, SpirvOp op)
        {
            var words = section.ToArray();
            section.Clear();
            for (var at = 0; at < words.Length; at += LengthAt(words, at))
            {
                if (OpAt(words, at) != op || !gone.Contains(words[at + 1])) section.AddRange(words[at..(at + LengthAt(words, at))]);
            }
        }
    }
}
