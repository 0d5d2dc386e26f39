using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Backends;

/// <summary>
/// A backend runs plans: a processor with its kernels, a graphics device. It is a description; a session is opened for each context, so that one
/// backend serves many contexts at the same time.
/// </summary>
public interface IBackend
{
    /// <summary>Its name in messages: <c>cpu</c>.</summary>
    string Name { get; }

    /// <summary>Whether it computes an operation.</summary>
    internal bool Supports(Node node) => true;

    /// <summary>Bytes of its memory that are free; null if it uses the processor's.</summary>
    internal long? FreeBytes => null;

    /// <summary>Whether the result of a token does not depend on how many others are in its micro-batch, bit by bit.</summary>
    internal bool IsBatchInvariant => false;

    /// <summary>The same, if all tokens of the micro-batch are of one phase and have it stated.</summary>
    internal bool IsBatchInvariantByPhase => IsBatchInvariant;

    /// <summary>Whether its memory is the processor's.</summary>
    internal bool IsUnified => true;

    /// <summary>Which backend computes each node of a graph: this one, unless it consists of several.</summary>
    internal Func<Node, IBackend> Place(PlacementRequest request) => _ => this;

    /// <summary>Opens it for a context.</summary>
    /// <exception cref="ArchGenException">It cannot run here, or does not support the context's type of the KV cache.</exception>
    internal IBackendSession Open(SessionOptions options);
}

/// <summary>The options of a backend's session.</summary>
/// <param name="Weights">The weights of the graph.</param>
/// <param name="Cells">The cells of the KV cache of each sequence.</param>
/// <param name="CacheType">The type of the KV cache.</param>
/// <param name="MaxSequences">The number of sequences.</param>
/// <param name="States">The number of recurrent states: of each sequence, and after them the saved ones.</param>
internal sealed record SessionOptions(ModelWeights Weights, CellTable Cells, CacheType CacheType, int MaxSequences, int States);

/// <summary>A backend's part of one context: its threads or queues, the weights as it needs them, and the memory of the sequences.</summary>
internal interface IBackendSession : IDisposable
{
    /// <summary>Whether products with weights of both types can read the same prepared activations, and so be one step.</summary>
    bool SharesPreparation(TensorType a, TensorType b);

    /// <summary>
    /// The largest number of operands of elementwise operations that are computed together; 0 if each is computed separately.
    /// </summary>
    int MaxChainOperands => 0;

    /// <summary>Whether an operation can apply the elementwise operations that follow it to its result before it writes it.</summary>
    bool AppliesChains(Op op) => false;

    /// <summary>
    /// The size, in bytes, of the blocks that the arena of a plan is allocated in, a multiple of <see cref="ArenaPlanner.Alignment"/>; no buffer that fits one
    /// is in two. Defaults to one block of any size.
    /// </summary>
    long ArenaBlockBytes => long.MaxValue;

    /// <summary>The sizes, in bytes, of the scratch memory that a step needs for the largest micro-batch.</summary>
    IReadOnlyList<long> ScratchBytes(PlanStep step, PlanLimits limits);

    /// <summary>Compiles the part of a plan that is placed on this backend. Caches and states live on from one plan to the next.</summary>
    IExecutable Compile(Plan plan, int backend);

    /// <summary>Prepares on another thread what the first run would otherwise wait for.</summary>
    void WarmUp();

    /// <summary>Makes the recurrent states of a sequence zeros. Cached keys need no word: their cells are freed in the table.</summary>
    void ClearStates(int sequence);

    /// <summary>Copies the recurrent states of a sequence to another, or to or from saved ones, whose numbers follow those of the sequences.</summary>
    void CopyStates(int from, int to);

    /// <summary>Reads the keys of cells as they are stored, [heads, cells, width], and then their values, if they are not in the keys.</summary>
    /// <exception cref="RequestException">The backend cannot.</exception>
    void ReadCells(CacheSpec cache, ReadOnlySpan<int> cells, Span<byte> destination) => throw NotSaved();

    /// <summary>Writes keys and values of cells, in the order of <see cref="ReadCells"/>.</summary>
    void WriteCells(CacheSpec cache, ReadOnlySpan<int> cells, ReadOnlySpan<byte> source) => throw NotSaved();

    /// <summary>Reads a recurrent state.</summary>
    /// <param name="state">The layer's state.</param>
    /// <param name="index">The number of the sequence, or of a saved state.</param>
    /// <param name="destination">Receives its floats.</param>
    void ReadState(StateSpec state, int index, Span<byte> destination) => throw NotSaved();

    /// <summary>Writes a recurrent state.</summary>
    void WriteState(StateSpec state, int index, ReadOnlySpan<byte> source) => throw NotSaved();

    private static RequestException NotSaved() => new("This backend does not save sequences to files. Choose the cpu backend.");
}

/// <summary>The part of a plan that one backend runs, with its memory. Running it allocates nothing.</summary>
internal interface IExecutable : IDisposable
{
    /// <summary>Makes a part of the plan ready to run. Parts of constants come first, and have run before any other is prepared.</summary>
    void Prepare(PlanPart part);

    /// <summary>Runs a part on the micro-batch.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, between two steps.</exception>
    void Run(PlanPart part, Frame frame, Profiler? profiler, CancellationToken cancellation);

    /// <summary>Reads the first rows of a value, row by row without gaps.</summary>
    void Read(PlanValue value, int rows, Span<float> destination);

    /// <summary>Writes the first rows of a value.</summary>
    void Write(PlanValue value, int rows, ReadOnlySpan<float> source);
}
