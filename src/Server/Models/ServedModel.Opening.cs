using System.Text.Json.Nodes;
using ArchGen.Extensions.AI;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Models;

/// <content>Opening and closing.</content>
internal sealed partial class ServedModel
{
    /// <summary>Its engine if it is open and generates text; else null. For looking at its metrics without a lease.</summary>
    public InferenceEngine? EngineOrNull => Generates ? _service?.Engine : null;

    /// <summary>Whether it is open: <see cref="Model"/> can be read. It may be closed at any time unless there is a lease.</summary>
    public bool IsOpen => State == ModelState.Loaded;

    /// <summary>Whether it was open at any time.</summary>
    public bool WasOpen { get; private set; }

    /// <summary>Whether it generates text; false until it is open.</summary>
    public bool Generates { get; private set; }

    /// <summary>Whether it was closed because nobody used it, and the next request opens it again.</summary>
    public bool IsSleeping { get; set; }

    /// <summary>What it is doing.</summary>
    public ModelState State { get; set; }

    /// <summary>The state as lists of models have it.</summary>
    public JsonObject Status()
    {
        var state = State;
        var value = state == ModelState.Unloaded && IsSleeping ? "sleeping" : state.ToString().ToLowerInvariant();
        var status = new JsonObject { ["value"] = value };
        if (state == ModelState.Failed) status["failed"] = true;
        return status;
    }

    /// <summary>Opens it: its file, and its engine if it generates text. Takes long.</summary>
    /// <param name="answerEnded">Gets the last event of each answer.</param>
    /// <exception cref="ArchGenException">It cannot be opened.</exception>
    public void Open(Action<ServedModel, GenerationEvent> answerEnded)
    {
        var service = _fixed ?? new ArchGenService(options.Model);
        try
        {
            // Every endpoint reads or writes text: a file without a vocabulary is refused here, and not by each request.
            _ = service.Model.Tokenizer;
            Generates = PrepareEngine(service);
            if (Generates) service.Engine.AnswerEnded += last => answerEnded(this, last);
        }
        catch
        {
            if (_fixed is null) service.Dispose();
            throw;
        }

        Bytes = service.Model.File.Tensors.Sum(tensor => tensor.ByteLength) + (Generates ? service.Engine.Metrics.MemoryBytes : 0);
        _service = service;
        WasOpen = true;
    }

    /// <summary>Closes it, unless it is the application's own.</summary>
    public void Close()
    {
        if (_fixed is not null) return;
        var service = _service;
        _service = null;
        service?.Dispose();
    }

    /// <summary>Bytes of weights and caches: measured once it was open, before that the size of its file, or 0 if that is not known.</summary>
    public long Bytes { get; private set; } = SizeOf(options.Model.ModelPath);

    // A model that gives embeddings has no engine. Any other reason for which there is none is an error.
    private static bool PrepareEngine(ArchGenService service)
    {
        try
        {
            _ = service.Engine;
            return true;
        }
        catch (RequestException) when (GivesEmbeddings(service.Model))
        {
            try
            {
                _ = service.Embedder;
                return false;
            }
            catch (ArchGenException)
            {
            }

            throw;
        }
    }

    // A pooling that was chosen makes any model one that gives embeddings, so it says nothing.
    private static bool GivesEmbeddings(LoadedModel model) =>
        model.Graph.IsBidirectional || model.File.Metadata.GetInt32OrNull($"{model.Architecture.Name}.pooling_type") is not null;

    private static long SizeOf(string path)
    {
        var file = path.Length == 0 ? null : new FileInfo(path);
        return file is { Exists: true } ? file.Length : 0;
    }
}
