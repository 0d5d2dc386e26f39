namespace ArchGen.Architectures;

/// <summary>Attention whose queries grow with their position, in files that have a scale for it: Mistral's mixtures (arXiv:2501.19399).</summary>
public interface ITemperature
{
    [HyperParameter("attention.temperature_scale", Default = "0")] float TemperatureScale { get; }
    [HyperParameter("attention.temperature_length", Default = "0")] int TemperatureLength { get; }
}

/// <summary>Queries q [T, heads, size], scaled by their position.</summary>
public abstract class Tempered : OpVocabulary
{
    public static Tensor Of(ITemperature part, Tensor q) => part.TemperatureScale == 0 ? q : Temperature(q, part.TemperatureScale, part.TemperatureLength);
}
