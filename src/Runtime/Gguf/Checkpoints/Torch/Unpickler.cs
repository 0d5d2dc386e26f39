using System.Buffers.Binary;
using System.Text;

namespace ArchGen.Gguf.Checkpoints.Torch;

/// <summary>
/// Reads the pickle of a state dict (PEP 307, PEP 3154) without executing anything: it accepts the few names that torch.save writes for tensors, and
/// rejects all others.
/// </summary>
internal ref struct Unpickler
{
    private const int MaxObjects = 1 << 22;

    private static readonly Dictionary<string, CheckpointType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = CheckpointType.F64,
        ["torch.FloatStorage"] = CheckpointType.F32,
        ["torch.HalfStorage"] = CheckpointType.F16,
        ["torch.BFloat16Storage"] = CheckpointType.BF16,
        ["torch.LongStorage"] = CheckpointType.I64,
        ["torch.IntStorage"] = CheckpointType.I32,
        ["torch.ShortStorage"] = CheckpointType.I16,
        ["torch.CharStorage"] = CheckpointType.I8,
        ["torch.ByteStorage"] = CheckpointType.U8,
        ["torch.BoolStorage"] = CheckpointType.Bool,
    };

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _path;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;

    private Unpickler(ReadOnlySpan<byte> bytes, string path)
    {
        _bytes = bytes;
        _path = path;
    }

    /// <summary>Reads a pickle: dictionaries, lists, tuples, texts, numbers and tensors.</summary>
    /// <exception cref="ModelFileException">It is damaged, or asks for something else.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, string path)
    {
        var reader = new Unpickler(bytes, path);
        try
        {
            return reader.Run();
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidOperationException
            or InvalidCastException or KeyNotFoundException or OverflowException)
        {
            throw new ModelFileException($"{path}: data.pkl is damaged at byte {reader._at}. Download the file again.", error);
        }
    }

    private object? Run()
    {
        while (true)
        {
            if (_stack.Count + _memo.Count > MaxObjects)
                throw new ModelFileException($"{_path}: data.pkl has more than {MaxObjects} objects; it is no state dict.");
            var op = _bytes[_at++];
            switch (op)
            {
                case 0x80: _at++; break;
                case 0x95: _at += 8; break;
                case (byte)'.': return Pop();
                case (byte)'(': _marks.Push(_stack.Count); break;
                case (byte)'0': Pop(); break;
                case (byte)'N': Push(null); break;
                case 0x88: Push(true); break;
                case 0x89: Push(false); break;
                case (byte)'K': Push((long)_bytes[_at++]); break;
                case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case 0x8a: Push(Long(Take(_bytes[_at++]))); break;
                case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case (byte)'X': Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4))))); break;
                case 0x8c: Push(Encoding.UTF8.GetString(Take(_bytes[_at++]))); break;
                case (byte)'}': Push(new Dictionary<string, object?>(StringComparer.Ordinal)); break;
                case (byte)']': Push(new List<object?>()); break;
                case (byte)')': Push(Array.Empty<object?>()); break;
                case (byte)'t': Push(PopMarked()); break;
                case 0x85: Push(PopMany(1)); break;
                case 0x86: Push(PopMany(2)); break;
                case 0x87: Push(PopMany(3)); break;
                case (byte)'q': _memo[_bytes[_at++]] = _stack[^1]; break;
                case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = _stack[^1]; break;
                case 0x94: _memo[_memo.Count] = _stack[^1]; break;
                case (byte)'h': Push(_memo[_bytes[_at++]]); break;
                case (byte)'j': Push(_memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))]); break;
                case (byte)'a': var item = Pop(); ((List<object?>)_stack[^1]!).Add(item); break;
                case (byte)'e': var items = PopMarked(); ((List<object?>)_stack[^1]!).AddRange(items); break;
                case (byte)'s': var pair = PopMany(2); Set(_stack[^1], pair[0], pair[1]); break;
                case (byte)'u': SetMany(PopMarked()); break;
                case (byte)'c': Push(Allowed(Line() + "." + Line())); break;
                case 0x93: var names = PopMany(2); Push(Allowed($"{(string)names[0]!}.{(string)names[1]!}")); break;
                case (byte)'Q': Push(Storage((object?[])Pop()!)); break;
                case (byte)'R': var call = PopMany(2); Push(Call((Global)call[0]!, (object?[])call[1]!)); break;
                // The attributes of an ordered dictionary: the versions of the modules, which are not needed.
                case (byte)'b': Pop(); break;
                default: throw new ModelFileException($"{_path}: data.pkl has the operation 0x{op:X2} at byte {_at - 1}, which no state dict needs. "
                    + "Nothing was executed. Save the weights as safetensors.");
            }
        }
    }

    private Global Allowed(string name) =>
        Storages.ContainsKey(name)
        || name is "torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_parameter" or "collections.OrderedDict" or "torch.Size"
            ? new Global(name)
            : throw new ModelFileException($"{_path}: data.pkl asks for {name}, which no state dict needs. Nothing was executed. "
                + "Do not load this file with a program that would, or save the weights as safetensors.");

    private object? Call(Global function, object?[] arguments)
    {
        switch (function.Name)
        {
            case "collections.OrderedDict": return new Dictionary<string, object?>(StringComparer.Ordinal);
            case "torch.Size": return arguments.Length == 1 ? arguments[0] : arguments;
            case "torch._utils._rebuild_parameter": return arguments[0];
            case "torch._utils._rebuild_tensor_v2":
                var storage = (StoredData)arguments[0]!;
                long[] shape = Sizes(arguments[2]), strides = Sizes(arguments[3]);
                if (shape.Length != strides.Length || shape.Length > 16) throw new InvalidOperationException();
                _ = shape.Aggregate(1L, (product, size) => checked(product * size));
                return new PickledTensor(storage.Key, storage.Type, (long)arguments[1]!, shape, strides);
            default: throw new ModelFileException($"{_path}: data.pkl calls {function.Name}, which no state dict needs. Nothing was executed. "
                + "Save the weights as safetensors.");
        }
    }

    private static long[] Sizes(object? tuple) =>
        Array.ConvertAll((object?[])tuple!, n => (long)n! is >= 0 and var size ? size : throw new InvalidOperationException());

    private static StoredData Storage(object?[] id) =>
        id is ["storage", Global type, string key, ..] ? new StoredData(key, Storages[type.Name]) : throw new InvalidOperationException();

    private void SetMany(object?[] items)
    {
        for (var i = 0; i + 1 < items.Length; i += 2) Set(_stack[^1], items[i], items[i + 1]);
    }

    // Only keys that are strings name tensors.
    private static void Set(object? target, object? key, object? value) => ((Dictionary<string, object?>)target!)[key as string ?? $"({key})"] = value;

    private readonly void Push(object? value) => _stack.Add(value);

    private readonly object? Pop()
    {
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly object?[] PopMarked() => PopMany(_stack.Count - _marks.Pop());

    private readonly object?[] PopMany(int count)
    {
        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }

    private string Line()
    {
        var length = _bytes[_at..].IndexOf((byte)'\n');
        var line = Encoding.UTF8.GetString(Take(length));
        _at++;
        return line;
    }

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) throw new InvalidOperationException();
        var value = 0L;
        for (var i = bytes.Length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        return bytes.Length is > 0 and < 8 && bytes[^1] >= 128 ? value - (1L << (8 * bytes.Length)) : value;
    }

    private sealed record Global(string Name);

    private sealed record StoredData(string Key, CheckpointType Type);
}
