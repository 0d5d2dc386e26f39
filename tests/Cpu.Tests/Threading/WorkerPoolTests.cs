using ArchGen.Cpu.Threading;

namespace ArchGen.Cpu.Tests.Threading;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Every_index_is_done_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        foreach (var (count, grain) in ((int, int)[])[(0, 1), (1, 1), (5, 8), (8, 8), (1000, 1), (1001, 10), (4096, 33), (200_001, 1)])
        {
            using var hits = new NativeBuffer<int>(Math.Max(count, 1));
            pool.Run(new CountJob(hits.Pointer), count, grain);
            for (var i = 0; i < count; i++) Assert.Equal(1, hits.Span[i]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public void Many_short_jobs_in_a_row(int threads)
    {
        using var pool = new WorkerPool(threads);
        using var hits = new NativeBuffer<int>(16);
        const int Jobs = 20_000;
        for (var i = 0; i < Jobs; i++) pool.Run(new CountJob(hits.Pointer), 16, 1);
        foreach (var hit in hits.Span) Assert.Equal(Jobs, hit);
    }

    [Fact]
    public void Jobs_of_different_types_do_not_mix()
    {
        using var pool = new WorkerPool(4);
        using var hits = new NativeBuffer<int>(64);
        for (var i = 0; i < 5_000; i++)
        {
            pool.Run(new CountJob(hits.Pointer), 64, 1 + i % 7);
            pool.Run(new UncountJob(hits.Pointer, 2), 64, 1 + i % 5);
            pool.Run(new CountJob(hits.Pointer), 64, 1);
        }

        foreach (var hit in hits.Span) Assert.Equal(0, hit);
    }

    /// <summary>A worker that is still looking at a job of few ranges when one of many is written must not take a range of it unseen.</summary>
    [Fact]
    public void A_late_worker_takes_nothing_of_the_next_job()
    {
        using var pool = new WorkerPool(4);
        using var hits = new NativeBuffer<int>(512);
        for (var i = 0; i < 2_000; i++)
        {
            pool.Run(new CountJob(hits.Pointer), 2, 1);
            pool.Run(new UncountJob(hits.Pointer, 1), 2, 1);
            pool.Run(new CountJob(hits.Pointer), 512, 1 + i % 3);
            pool.Run(new UncountJob(hits.Pointer, 1), 512, 2);
        }

        foreach (var hit in hits.Span) Assert.Equal(0, hit);
    }

    /// <summary>Each does its own from the first on, and takes the other's from the last on: of two threads at most three runs of neighbours.</summary>
    [Fact]
    public void Neighbours_are_done_by_the_same_thread()
    {
        using var pool = new WorkerPool(2);
        using var threads = new NativeBuffer<int>(1000);
        for (var i = 0; i < 100; i++)
        {
            pool.Run(new SignJob(threads.Pointer), 1000, 1);
            var changes = 0;
            for (var r = 1; r < 1000; r++) changes += threads.Span[r] != threads.Span[r - 1] ? 1 : 0;
            Assert.InRange(changes, 0, 2);
        }
    }

    [Fact]
    public void Parked_workers_wake_up()
    {
        var workers = new List<Thread>();
        using var pool = new WorkerPool(3, thread =>
        {
            workers.Add(thread);
            thread.Start();
        });
        using var hits = new NativeBuffer<int>(3);
        for (var i = 0; i < 20; i++)
        {
            while (!workers.TrueForAll(worker => worker.ThreadState.HasFlag(ThreadState.WaitSleepJoin))) Thread.Yield();
            pool.Run(new MeetJob(hits.Pointer, 3 * (i + 1)), 3, 1);
        }

        Assert.Equal(60, hits.Span[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_reaches_the_caller_and_the_pool_lives(int threads)
    {
        using var pool = new WorkerPool(threads);
        using var hits = new NativeBuffer<int>(100);
        for (var i = 0; i < 100; i++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => pool.Run(new FailJob(i), 100, 1));
            Assert.Equal($"index {i}", error.Message);
            pool.Run(new CountJob(hits.Pointer), 100, 3);
        }

        foreach (var hit in hits.Span) Assert.Equal(100, hit);
    }

    /// <summary>Thread.Start fails with OutOfMemoryException where the system gives no thread; those that were given end again.</summary>
    [Fact]
    public void Threads_that_the_system_does_not_give_are_one_message()
    {
        var started = new List<Thread>();
        var error = Assert.Throws<DeviceException>(() => new WorkerPool(8, thread =>
        {
            if (started.Count == 3) throw new OutOfMemoryException();
            started.Add(thread);
            thread.Start();
        }));
        Assert.StartsWith("The system gives 4 of the 8 threads asked for.", error.Message);
        Assert.All(started, thread => Assert.False(thread.IsAlive));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(WorkerPool.MaxThreads + 1));
    }

    [Fact]
    public void Run_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        using var hits = new NativeBuffer<int>(64);
        pool.Run(new CountJob(hits.Pointer), 64, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) pool.Run(new CountJob(hits.Pointer), 64, 1);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_disposed_pool_refuses_work()
    {
        var pool = new WorkerPool(2);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(new FailJob(0), 1, 1));
    }

    private readonly struct CountJob(int* hits) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) Interlocked.Increment(ref hits[i]);
        }
    }

    private readonly struct SignJob(int* threads) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) threads[i] = Environment.CurrentManagedThreadId;
        }
    }

    private readonly struct UncountJob(int* hits, int by) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) Interlocked.Add(ref hits[i], -by);
        }
    }

    /// <summary>Ends only when as many threads as ranges are in it at once.</summary>
    private readonly struct MeetJob(int* arrived, int expected) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            Interlocked.Increment(ref *arrived);
            while (Volatile.Read(ref *arrived) < expected) Thread.Yield();
        }
    }

    private readonly struct FailJob(int at) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            if (begin <= at && at < end) throw new InvalidOperationException($"index {at}");
        }
    }
}
