using System.Collections.Concurrent;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;

namespace DoaMarket.Sandbox.Pg;

/// <summary>
/// Remembers answers for 15 days under (key, API key, method, URL), never the body: a key reused for another payment
/// gets the other payment's answer, as at the real PG.
/// </summary>
internal sealed class IdempotencyKeys(TimeProvider clock)
{
    public const int KeyCharsMax = 300;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(15);

    // Scopes whose first call is still running; bounded by the number of open connections.
    private readonly ConcurrentDictionary<string, bool> _running = new(StringComparer.Ordinal);

    public static string Scope(string key, string apiKey, string method, string url) =>
        string.Join('\n', apiKey, method, url, key);

    /// <summary>Claims the scope until disposed; null while another call has it.</summary>
    public IDisposable? Claim(string scope) => _running.TryAdd(scope, true) ? new Held(_running, scope) : null;

    public Answer? Find(SqlSession sql, string scope) => sql.Row(
        "SELECT status, body FROM pg_answer WHERE scope = $1 AND at > $2",
        row => new Answer(row.GetInt32(0), row.GetFieldValue<byte[]>(1)), scope, Oldest());

    public void Remember(SqlSession sql, string scope, Answer answer) => sql.Run(
        "INSERT OR REPLACE INTO pg_answer (scope, status, body, at) VALUES ($1, $2, $3, $4)",
        scope, answer.Status, answer.Body, clock.NowMs());

    public int ForgetOld(SqlSession sql) => sql.Run("DELETE FROM pg_answer WHERE at <= $1", Oldest());

    private long Oldest() => clock.NowMs() - (long)Kept.TotalMilliseconds;

    private sealed class Held(ConcurrentDictionary<string, bool> running, string scope) : IDisposable
    {
        public void Dispose() => running.TryRemove(scope, out _);
    }
}
