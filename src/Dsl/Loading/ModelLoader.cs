namespace ArchGen;

/// <summary>Loads an architecture from a file: hyper-parameters, then tensors; reports all differences together.</summary>
public static class ModelLoader
{
    /// <summary>Reads hyper-parameters and binds tensors.</summary>
    /// <exception cref="ModelFileException">A key is missing or wrong, or tensors are missing, extra or misshapen.</exception>
    public static void Load(Model model, IModelSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        if (Bind(model, source).Report() is { } problems) throw new ModelFileException(problems);
    }

    /// <summary>As <see cref="Load"/>, but returns the errors of the tensors, or null, and the ignored tensors with the reasons.</summary>
    public static (string? Problems, IReadOnlyList<(string Name, string Reason)> Unused) Check(Model model, IModelSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        var ledger = Bind(model, source);
        return (ledger.Report(), ledger.Unused());
    }

    /// <summary>Reads hyper-parameters and binds tensors; the ledger has the errors of the tensors.</summary>
    internal static TensorLedger Bind(Model model, IModelSource source)
    {
        var ledger = new TensorLedger(source, [.. model.IgnoredTensors, .. LlamaCppTable.Ignored([model.ArchitectureName, .. model.BaseNames])]);
        try
        {
            model.ReadHyperParameters(new HyperParameterReader(source, model.ArchitectureName));
            model.BindTensors(new TensorBinder(source, ledger));
        }
        catch (Exception error) when (error is DivideByZeroException or OverflowException)
        {
            throw new ModelFileException($"{source.FileName}: a hyper-parameter is zero or too large for the shapes of {model.ArchitectureName}. "
                + "Look at the keys with 'archgen inspect'.", error);
        }

        return ledger;
    }
}
