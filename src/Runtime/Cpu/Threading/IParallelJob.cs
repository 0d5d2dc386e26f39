namespace ArchGen.Cpu.Threading;

/// <summary>Work over the indices 0..count that several threads share. A struct, so that dispatching it allocates nothing.</summary>
public interface IParallelJob
{
    /// <summary>Runs the indices <paramref name="begin"/> (inclusive) to <paramref name="end"/> (exclusive); called concurrently for disjoint ranges.</summary>
    void Execute(int begin, int end);
}
