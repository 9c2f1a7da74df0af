using DoaMarket.Sandbox.Store;
using Microsoft.Data.Sqlite;

namespace DoaMarket.Sandbox.Tests;

public sealed class StoreTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-store-");
    private readonly ManualResetEventSlim _held = new(false);
    private readonly SandboxStore _store;
    private int _commits;

    public StoreTests() => _store = new SandboxStore(Path.Combine(_folder.FullName, "sandbox.db"), () => _commits++);

    [Fact]
    public async Task Units_that_wait_share_one_commit_and_one_that_fails_undoes_only_itself()
    {
        Task<int> first = await HoldWriterAsync();
        Task<int>[] waiting = [.. Enumerable.Range(1, 9).Select(i => _store.WriteAsync(sql => Insert(sql, i)))];
        Task<int> wrong = _store.WriteAsync<int>(sql =>
        {
            Insert(sql, 10);
            throw new InvalidOperationException("a bug");
        });
        Task<int> refused = _store.WriteAsync(sql => Insert(sql, 11) + Insert(sql, 1));
        _held.Set();
        await Task.WhenAll([first, .. waiting]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => wrong);
        await Assert.ThrowsAsync<SqliteException>(() => refused);
        Assert.Equal(2, _commits);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], await TriesAsync());
    }

    [Fact]
    public async Task A_read_does_not_wait_for_the_writer_and_sees_only_what_is_committed()
    {
        await _store.WriteAsync(sql => Insert(sql, 1));
        Task<int> first = await HoldWriterAsync(sql => Insert(sql, 2));
        Assert.Equal([1], await TriesAsync());
        _held.Set();
        await first;
        Assert.Equal([1, 2], await TriesAsync());
    }

    [Fact]
    public async Task A_read_cannot_change_anything()
    {
        await Assert.ThrowsAsync<SqliteException>(() => _store.ReadAsync(sql => Insert(sql, 1)));
        Assert.Equal([], await TriesAsync());
    }

    [Fact]
    public async Task What_waits_when_the_sandbox_stops_is_still_written()
    {
        Task<int> first = await HoldWriterAsync();
        Task<int> last = _store.WriteAsync(sql => Insert(sql, 1));
        Task stopped = Task.Run(() => _store.DisposeAsync().AsTask(), World.Cancelled);
        _held.Set();
        await stopped;
        Assert.Equal((0, 1), (await first, await last));
    }

    public async ValueTask DisposeAsync()
    {
        _held.Set();
        await _store.DisposeAsync();
        _held.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Ends when the writer stands in a unit, which it leaves when <see cref="_held"/> is set.</summary>
    private async Task<Task<int>> HoldWriterAsync(Func<SqlSession, int>? work = null)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> holding = _store.WriteAsync(sql =>
        {
            int changed = work?.Invoke(sql) ?? 0;
            reached.SetResult();
            _held.Wait(TimeSpan.FromSeconds(20), CancellationToken.None);
            return changed;
        });
        await reached.Task;
        return holding;
    }

    private Task<List<long>> TriesAsync() => _store.ReadAsync(sql =>
        sql.Rows("SELECT tries FROM registration_try ORDER BY tries", row => row.GetInt64(0)));

    private static int Insert(SqlSession sql, int number) => sql.Run(
        "INSERT INTO registration_try (carrier, client_reference, tries) VALUES ('kr.hanjin', $1, $2)",
        $"reference-{number}", number);
}
