using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ArchGen.Fixtures;

/// <summary>Makes safetensors files.</summary>
public static class SafetensorsBytes
{
    /// <summary>A file of a header, as it is, and data.</summary>
    public static byte[] Of(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        return file;
    }

    /// <summary>A file of f32 tensors.</summary>
    public static byte[] Of(IEnumerable<(string Name, long[] Shape, float[] Values)> tensors)
    {
        var (header, data) = (new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}"), new List<byte>());
        foreach (var (name, shape, values) in tensors)
        {
            var begin = data.Count;
            data.AddRange(MemoryMarshal.AsBytes(values.AsSpan()));
            header.Append($",\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{data.Count}]}}");
        }

        return Of(header.Append('}').ToString(), [.. data]);
    }
}
