using System.Globalization;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

internal sealed partial class HyperParameterTable
{
    /// <summary>What is used by something that may turn out not to be used itself; null while nothing like that is read.</summary>
    private HashSet<string>? _uses;

    /// <summary>Reads something whose hyper-parameters count as used only once it is used itself; these are the result.</summary>
    public IReadOnlyCollection<string> UsesOf(Action read)
    {
        var uses = _uses = new HashSet<string>(StringComparer.Ordinal);
        read();
        _uses = null;
        return uses;
    }

    /// <summary>The default of a hyper-parameter: what the nearest class says that declares or restates it; null if it is required.</summary>
    private string? DefaultOf(string name) =>
        _restated.TryGetValue(name, out var restated) ? restated.Text(1) : _declared[name].Attribute.Named<string>("Default");

    /// <summary>The source whose value conversion leaves out; it goes with the default that it repeats.</summary>
    public string? UnlessOf(string name)
    {
        var attribute = _declared[name].Attribute;
        var unless = attribute.Named<string>("Unless");
        return unless is not null && unless == attribute.Named<string>("Default") ? DefaultOf(name) : unless;
    }

    private Location DefaultLocation(string name) =>
        _restated.TryGetValue(name, out var restated) ? restated.ArgumentLocation(1) : _declared[name].Attribute.Location("Default");

    private void Declare(IPropertySymbol property, AttributeData attribute)
    {
        _declared[property.Name] = (property, attribute);
        _restated.Remove(property.Name);
    }

    /// <summary>Enters what a class says of the defaults that it inherits; reports of the architecture itself what names none.</summary>
    private void RestateDefaults(INamedTypeSymbol type)
    {
        foreach (var attribute in type.Attributes(KnownNames.Default))
        {
            var name = attribute.Text();
            if (_declared.ContainsKey(name))
            {
                _restated[name] = attribute;
            }
            else if (SymbolEqualityComparer.Default.Equals(type, _model) && !attribute.IsUnbound(_compilation))
            {
                _report(Descriptors.UnknownMember.AtUnknown(
                    attribute.ArgumentLocation(0), name, _declared.Keys, "[Default]", name, "an inherited hyper-parameter"));
            }
        }
    }

    /// <summary>The value that a default states; null if it states none, which is then reported.</summary>
    private Expression? ParseDefault(string text, IPropertySymbol property, Location location)
    {
        var type = TypeName(property.Type);
        if (!IsType(property.Type)) return null;
        if (type == "string") return new ConstantExpression(text);
        if (FoundType(text) is { } found && !Accepts(type, found))
        {
            _report(Descriptors.DefaultType.At(location, text, property.Name, found, type, Expected(type)));
            return null;
        }

        if (type is "float" or "PerLayer<float>"
            && _compilation.ExpressionOf(text).DescendantNodesAndSelf().OfType<BinaryExpressionSyntax>().Any(IntegerDivision.IsOfNumber))
        {
            _report(Descriptors.IntegerDivision.At(location, text, "leave Default out, and compute it in a property"));
            return null;
        }

        return type switch
        {
            "LayerPattern" when FoundType(text) == "LayerPattern" => ParseDefaultName(text, type, location),
            "int" or "PerLayer<int>" or "LayerPattern" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? new ConstantExpression(number) : Parse(text, location)?.Expression,
            "float" or "PerLayer<float>" => IsFloat(text) ? new NumeralExpression(text) : Parse(text, location, isInteger: false)?.Expression,
            _ => ParseDefaultName(text, type, location),
        };
    }

    /// <summary>The type of a default that is a literal or a name; null for an expression, or a name that is unknown.</summary>
    private string? FoundType(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) return "int";
        if (IsFloat(text)) return "float";
        if (text is "true" or "false") return "bool";
        return _declared.ContainsKey(text) || _derived.ContainsKey(text) ? TypeOf(text) : null;
    }

    private static bool IsFloat(string text) =>
        text.Length > 0 && char.IsDigit(text[text.Length - 1]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static bool Accepts(string type, string found) => type switch
    {
        "int" or "PerLayer<int>" => found is "int" or "PerLayer<int>",
        "float" or "PerLayer<float>" => found is "int" or "PerLayer<int>" or "float" or "PerLayer<float>",
        "PerLayer<bool>" => found is "bool" or "PerLayer<bool>",
        "LayerPattern" => found is "int" or "LayerPattern",
        _ => found == type,
    };

    private static string Expected(string type) => type switch
    {
        "int" or "PerLayer<int>" => "write a whole number, or an expression over hyper-parameters that are",
        "float" or "PerLayer<float>" => "write a number, or an expression over hyper-parameters that are",
        "bool" or "PerLayer<bool>" => "write true, false or a bool hyper-parameter",
        "LayerPattern" => "write a period, or name another pattern",
        _ => "leave Default out: a file without its keys has no scaling",
    };

    private Expression? ParseDefaultName(string text, string type, Location location)
    {
        string[] literals = type is "bool" or "PerLayer<bool>" ? ["true", "false"] : [];
        var candidates = literals.Concat(Names.Where(n => TypeOf(n) == type || (type == "PerLayer<bool>" && TypeOf(n) == "bool"))).ToList();
        var expected = literals.Length > 0 ? "true, false or a bool hyper-parameter" : $"a {type} hyper-parameter";
        if (!candidates.Contains(text))
        {
            _report(Descriptors.UnknownMember.AtUnknown(location, text, candidates, "Default", text, expected));
            return null;
        }

        if (literals.Contains(text)) return text == "true" ? Expression.True : Expression.False;
        Resolve(text);
        return new NameExpression(text);
    }

    /// <summary>Reports that the default of a hyper-parameter is read for its own sake, once for the whole circle.</summary>
    private void ReportCircle(string name)
    {
        var circle = _defaults.Skip(_defaults.IndexOf(name)).Append(name);
        _report(Descriptors.CircularDefault.At(DefaultLocation(name), name, string.Join(" -> ", circle)));
    }
}
