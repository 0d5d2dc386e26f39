using System.Runtime.InteropServices;

namespace ArchGen.Vulkan.Devices;

/// <summary>Names as an array of C strings, as Vulkan takes lists of extensions and layers.</summary>
internal sealed unsafe class CStrings : IDisposable
{
    private readonly nint[] _strings;
    private readonly byte** _array;

    public CStrings(params IReadOnlyList<string> names)
    {
        _strings = [.. names.Select(Marshal.StringToCoTaskMemUTF8)];
        _array = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(1, names.Count), (nuint)sizeof(nint));
        for (var i = 0; i < _strings.Length; i++) _array[i] = (byte*)_strings[i];
    }

    /// <summary>The number of names.</summary>
    public uint Count => (uint)_strings.Length;

    /// <summary>The array.</summary>
    public byte** Pointer => _array;

    /// <summary>The first name.</summary>
    public byte* First => _array[0];

    public void Dispose()
    {
        foreach (var s in _strings) Marshal.FreeCoTaskMem(s);
        NativeMemory.Free(_array);
    }
}
