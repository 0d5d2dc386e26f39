namespace ArchGen;

/// <summary>Loads an architecture from a file: hyper-parameters, then tensors, then the whole difference if there is one.</summary>
public static class ModelLoader
{
    /// <summary>Reads hyper-parameters and binds tensors.</summary>
    /// <exception cref="ArchGenException">A key is missing or wrong, or tensors are missing, extra or misshapen.</exception>
    public static void Load(Model model, IModelSource source)
    {
        if (Bind(model, source) is { } problems) throw new ArchGenException(problems);
    }

    /// <summary>As <see cref="Load"/>, but returns what is wrong with the tensors, or null.</summary>
    public static string? Bind(Model model, IModelSource source)
    {
        var ledger = new TensorLedger(source, model.IgnoredTensors);
        try
        {
            model.ReadHyperParameters(new HyperParameterReader(source, model.ArchitectureName));
            model.BindTensors(new TensorBinder(source, ledger));
        }
        catch (Exception error) when (error is DivideByZeroException or OverflowException)
        {
            throw new ArchGenException($"{source.FileName}: a hyper-parameter is zero or too large for the shapes of {model.ArchitectureName}. Look at the keys with 'archgen inspect'.", error);
        }

        return ledger.Report();
    }
}
