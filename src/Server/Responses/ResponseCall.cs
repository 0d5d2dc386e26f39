using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Server.Http;

namespace ArchGen.Server.Responses;

/// <summary>A call of a tool that is being written, as an item of a response.</summary>
/// <param name="id">The id by which the result refers to it.</param>
/// <param name="name">The tool's name.</param>
internal sealed class ResponseCall(string id, string name)
{
    private readonly string _itemId = Identifier.New("fc_");
    private readonly StringBuilder _arguments = new();

    /// <summary>The tool's name.</summary>
    public string Name => name;

    /// <summary>The arguments so far.</summary>
    public string Arguments => _arguments.ToString();

    /// <summary>Adds what comes next of the arguments.</summary>
    public void Add(string arguments) => _arguments.Append(arguments);

    /// <summary>The item.</summary>
    public JsonObject Item(string status) => new()
    {
        ["id"] = _itemId,
        ["type"] = "function_call",
        ["status"] = status,
        ["call_id"] = id,
        ["name"] = name,
        ["arguments"] = Arguments,
    };

    /// <summary>An event's fields: where the item is, and a text.</summary>
    public JsonObject Place(int outputIndex, string field, string text) => new()
    {
        ["item_id"] = _itemId,
        ["output_index"] = outputIndex,
        [field] = text,
    };
}
