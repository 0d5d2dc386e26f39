using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Extensions.AI;

/// <summary>How a model is opened and served.</summary>
public sealed class ArchGenOptions
{
    /// <summary>The path of a GGUF file; of a split one, of its first part.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>Opens the model; null, the default, to open the file of <see cref="ModelPath"/>.</summary>
    public Func<LoadedModel>? Open { get; set; }

    /// <summary>
    /// The path of a smaller model with the same vocabulary, which drafts the next tokens while one answer runs alone. Defaults (null) to none: drafts then
    /// come from the answer's own text (<see cref="EngineOptions.Speculation"/>).
    /// </summary>
    public string? DraftModelPath { get; set; }

    /// <summary>The name that callers may give in <c>ChatOptions.ModelId</c>. Defaults (null) to the file's name without its extension.</summary>
    public string? ModelId { get; set; }

    /// <summary>Tokens of prompt and answer together at most. Defaults (null) to what the model was trained for, but at most 4096.</summary>
    public int? ContextLength { get; set; }

    /// <summary>Answers that are computed at the same time, at least 1; others wait. Defaults to 8.</summary>
    public int MaxConcurrentAnswers { get; set; } = 8;

    /// <summary>The chat template in Jinja2. Defaults (null) to the one of the model's file.</summary>
    public string? ChatTemplate { get; set; }

    /// <summary>
    /// Whether a JSON schema that an answer must follow is also shown to the model, after the instructions, so that its descriptions count. Defaults to true.
    /// </summary>
    public bool ShowsResponseSchema { get; set; } = true;

    /// <summary>The clock of answers and of templates that write the date. Defaults to the system's.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The backend. Defaults to the CPU.</summary>
    public Func<IBackend> Backend { get; set; } = () => new CpuBackend();

    /// <summary>How embeddings are pooled, and whether they are normalized. Defaults (null) to what the file says, normalized.</summary>
    public EmbeddingOptions? Embeddings { get; set; }

    /// <summary>The architectures that can be opened. Defaults to all that ArchGen has.</summary>
    public IEnumerable<ArchitectureInfo> Architectures { get; set; } = Catalog.All;

    /// <summary>Changes the other sizes and limits of the engine; by default nothing.</summary>
    public Func<EngineOptions, EngineOptions> Engine { get; set; } = options => options;
}
