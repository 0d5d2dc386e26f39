using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>
/// A string that is the same for values that are equal in Python, and differs for others: the key of a dict or a set. That of a string is the string
/// itself; others begin with a NUL, so that 1, 1.0 and True are one key, and "1" is another.
/// </summary>
internal static class ValueKey
{
    public static string Of(string key) => key.StartsWith('\0') ? "\0s" + key : key;

    /// <exception cref="TemplateFault">The value is a list or dict, which Python cannot hash.</exception>
    public static string Of(TemplateValue key, Budget budget)
    {
        if (key.IsString) return Of(key.String.Value);
        var text = new StringBuilder();
        Write(text, key, budget);
        return text.ToString();
    }

    private static void Write(StringBuilder text, TemplateValue key, Budget budget)
    {
        budget.Charge(1);
        switch (key.Kind)
        {
            case ValueKind.None:
                text.Append("\0n");
                break;
            case ValueKind.Boolean or ValueKind.Integer or ValueKind.BigInteger:
                text.Append(CultureInfo.InvariantCulture, $"\0i{key.BigInteger}");
                break;
            case ValueKind.Float when Math.Floor(key.Float) == key.Float && double.IsFinite(key.Float):
                text.Append(CultureInfo.InvariantCulture, $"\0i{new BigInteger(key.Float)}");
                break;
            case ValueKind.Float:
                text.Append(CultureInfo.InvariantCulture, $"\0f{key.Float:R}");
                break;
            case ValueKind.String:
                text.Append(CultureInfo.InvariantCulture, $"\0t{key.String.Length}:").Append(key.String.Value);
                break;
            case ValueKind.Object:
                WriteObject(text, (JinjaObject)key.Object!, budget);
                break;
            default:
                text.Append("\0u");
                break;
        }

        budget.Write(0, text.Length);
    }

    private static void WriteObject(StringBuilder text, JinjaObject value, Budget budget)
    {
        if (value is Sequence { IsTuple: true } tuple)
        {
            Recursion.Guard();
            text.Append("\0(");
            foreach (var item in tuple.Items) Write(text, item, budget);
            text.Append("\0)");
        }
        else if (value is Sequence or Mapping)
        {
            throw TemplateFault.Type($"unhashable type: '{value.TypeName}'");
        }
        else
        {
            // Other objects are equal only to themselves. Two with the same hash code are rare, and kept apart by their type only.
            text.Append(CultureInfo.InvariantCulture, $"\0o{value.TypeName}:{RuntimeHelpers.GetHashCode(value)}");
        }
    }
}
