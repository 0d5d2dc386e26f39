using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace ArchGen.Cpu.Threading;

/// <summary>
/// Threads that share the ranges of one job at a time. Workers spin briefly between jobs, then park. Each thread has contiguous ranges, of which it takes a
/// quarter of the rest at a time, from the first (guided self-scheduling, doi:10.1109/TC.1987.5009495). A thread that has done its own steals the last ranges
/// of others, so a slow thread does fewer, and all end together. A prefetch at the end of a range is thereby mostly for what the same thread reads next.
/// One thread at a time may call <see cref="Run{TJob}"/>.
/// </summary>
/// <remarks>
/// A thread's share is one word: the number of the job (upper half), and the first and the end of its ranges left (16 bits each). Ranges are claimed by a
/// compare-and-swap on all three. A finished job has none left, whatever the next job's data are while they are being written, so a worker that
/// wakes late can neither take a range of a finished job nor mix the data of two jobs. No thread waits for it.
/// </remarks>
public sealed unsafe class WorkerPool : IDisposable
{
    private const int SpinsBeforeYield = 2_000;
    private const int SpinsBeforePark = 4_000;
    private const int MaxRanges = ushort.MaxValue;
    private const int PartOfRest = 4;

    /// <summary>The maximum number of threads: more than any machine has processors.</summary>
    public const int MaxThreads = 1024;

    private readonly Worker[] _workers;
    private void* _job;
    private delegate*<void*, int, int, void> _execute;
    private int _count;
    private int _grain;
    private Exception? _failure;
    private volatile bool _disposed;
    private readonly PaddedLong[] _shares;
    private PaddedLong _number;
    private PaddedLong _finished;

    /// <summary>Starts a pool of <paramref name="threads"/> threads, the caller of <see cref="Run{TJob}"/> included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread, or more than <see cref="MaxThreads"/>.</exception>
    /// <exception cref="ArchGenException">The system cannot start that many threads.</exception>
    public WorkerPool(int threads)
        : this(threads, static thread => thread.Start())
    {
    }

    /// <summary>Starts a pool whose threads are started by <paramref name="start"/>, which may fail as <see cref="Thread.Start()"/> does.</summary>
    internal WorkerPool(int threads, Action<Thread> start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MaxThreads);
        _shares = new PaddedLong[threads];
        _workers = new Worker[threads - 1];
        for (var i = 0; i < _workers.Length; i++)
        {
            try
            {
                _workers[i] = new Worker(this, i + 1, start);
            }
            // .NET reports in this way that the system has no more threads.
            catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
            {
                _workers = _workers[..i];
                Dispose();
                throw new DeviceException($"The system gives {i + 1} of the {threads} threads asked for. Ask for fewer (--threads), or raise its limit "
                    + "(ulimit -u, a container's limit of processes).", error);
            }
        }
    }

    /// <summary>Number of threads, the caller included.</summary>
    public int Threads => _workers.Length + 1;

    /// <summary>Whether <see cref="WaitTicks"/> counts.</summary>
    internal bool MeasuresWait { get; set; }

    /// <summary>
    /// The time that the caller of <see cref="Run{TJob}"/> has waited at the end of jobs for other threads, in ticks of <see cref="Stopwatch"/>.
    /// </summary>
    internal long WaitTicks { get; private set; }

    /// <summary>
    /// Runs <paramref name="job"/> over 0..<paramref name="count"/> in ranges of <paramref name="grain"/> indices or several times that (the last may be
    /// shorter) and returns when all are done. Allocates nothing.
    /// </summary>
    /// <exception cref="Exception">The first exception a range threw; ranges not yet begun are then skipped.</exception>
    public void Run<TJob>(TJob job, int count, int grain) where TJob : struct, IParallelJob
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(grain, 1);
        if (count <= 0) return;
        if (_workers.Length == 0 || count <= grain)
        {
            job.Execute(0, count);
            return;
        }

        while (((long)count + grain - 1) / grain > MaxRanges) grain *= 2;
        _job = Unsafe.AsPointer(ref job);
        _execute = &Execute<TJob>;
        _count = count;
        _grain = grain;
        var ranges = (int)(((long)count + grain - 1) / grain);
        _failure = null;
        Volatile.Write(ref _finished.Value, 0);
        var number = (uint)Volatile.Read(ref _number.Value) + 1;
        for (var thread = 0; thread < Threads; thread++)
            Volatile.Write(ref _shares[thread].Value, Share(number, (int)((long)ranges * thread / Threads), (int)((long)ranges * (thread + 1) / Threads)));
        Interlocked.Exchange(ref _number.Value, number);
        foreach (var worker in _workers) worker.Wake();

        WorkOn(number, 0);
        var start = MeasuresWait ? Stopwatch.GetTimestamp() : 0;
        for (var spins = 0; Volatile.Read(ref _finished.Value) != ranges; spins++)
        {
            if (spins < SpinsBeforeYield) Thread.SpinWait(1);
            else Thread.Yield();
        }

        if (MeasuresWait) WaitTicks += Stopwatch.GetTimestamp() - start;
        if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
    }

    /// <summary>Ends the threads and waits for them.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Interlocked.Increment(ref _number.Value);
        foreach (var worker in _workers) worker.Wake();
        foreach (var worker in _workers) worker.Join();
    }

    private static void Execute<TJob>(void* job, int begin, int end) where TJob : struct, IParallelJob =>
        Unsafe.AsRef<TJob>(job).Execute(begin, end);

    private static long Share(uint number, int first, int end) => ((long)number << 32) | (uint)(first << 16) | (uint)end;

    private void WorkOn(uint number, int thread)
    {
        var done = 0;
        for (var i = 0; i < Threads; i++)
        {
            var owner = thread + i < Threads ? thread + i : thread + i - Threads;
            for (int taken; (taken = TakeRanges(number, owner, isOwn: i == 0)) > 0;) done += taken;
        }

        if (done > 0) Interlocked.Add(ref _finished.Value, done);
    }

    /// <summary>Claims ranges, runs them, and returns their number; 0 if none are left.</summary>
    private int TakeRanges(uint number, int owner, bool isOwn)
    {
        ref var share = ref _shares[owner].Value;
        while (true)
        {
            var left = Volatile.Read(ref share);
            var (job, execute, count, grain) = ((nint)_job, (nint)_execute, _count, _grain);
            var (first, end) = ((ushort)(left >> 16), (ushort)left);
            if ((uint)(left >>> 32) != number || first == end) return 0;
            var taken = Math.Max(1, (end - first) / PartOfRest);
            var rest = isOwn ? Share(number, first + taken, end) : Share(number, first, end - taken);
            if (Interlocked.CompareExchange(ref share, rest, left) != left) continue;

            var begin = (isOwn ? first : end - taken) * grain;
            try
            {
                if (Volatile.Read(ref _failure) is null)
                    ((delegate*<void*, int, int, void>)execute)((void*)job, begin, (int)Math.Min(begin + ((long)taken * grain), count));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }

            return taken;
        }
    }

    private sealed class Worker
    {
        private readonly WorkerPool _pool;
        private readonly int _index;
        private readonly AutoResetEvent _wake = new(false);
        private readonly Thread _thread;
        private int _parked;

        public Worker(WorkerPool pool, int index, Action<Thread> start)
        {
            _pool = pool;
            _index = index;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"ArchGen worker {index}" };
            start(_thread);
        }

        public void Wake()
        {
            if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0) _wake.Set();
        }

        public void Join()
        {
            _thread.Join();
            _wake.Dispose();
        }

        private void Loop()
        {
            uint seen = 0;
            while (true)
            {
                seen = WaitForJobAfter(seen);
                if (_pool._disposed) return;
                _pool.WorkOn(seen, _index);
            }
        }

        private uint WaitForJobAfter(uint seen)
        {
            for (var spins = 0; ; spins++)
            {
                var number = (uint)Volatile.Read(ref _pool._number.Value);
                if (number != seen || _pool._disposed) return number;
                if (spins < SpinsBeforeYield) Thread.SpinWait(1);
                else if (spins < SpinsBeforePark) Thread.Yield();
                else Park(seen);
            }
        }

        // The flag is raised before the last look at the job number, and the dispatcher reads it after changing that number: one of them sees the other.
        private void Park(uint seen)
        {
            Interlocked.Exchange(ref _parked, 1);
            var isStale = (uint)Volatile.Read(ref _pool._number.Value) == seen && !_pool._disposed;
            if (isStale || Interlocked.Exchange(ref _parked, 0) == 0) _wake.WaitOne();
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 128)]
    private struct PaddedLong
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public long Value;
    }
}
