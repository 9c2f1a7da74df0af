using System.Globalization;
using System.Text.RegularExpressions;
using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>tracker.delivery's GraphQL API as far as it is documented: <c>track</c> and <c>registerTrackWebhook</c>.</summary>
internal sealed partial class TrackerServer(string? key, SandboxStore store, FaultGate gate, TimeProvider clock)
{
    private const int QueryCharsMax = 4_000;

    // What the tracker has a word for; a return is no news to it.
    private static readonly string[] Words =
        ["INFORMATION_RECEIVED", "AT_PICKUP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "ATTEMPT_FAIL", "DELIVERED", "EXCEPTION"];

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/tracker/graphql", AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        string query = fields.Text("query", QueryCharsMax);
        RequestFields variables = fields.Object("variables");
        bool registers = Register().IsMatch(query);
        RequestFields input = registers ? variables.Object("input") : variables;
        string carrier = input.Text("carrierId", 40);
        string number = input.Text("trackingNumber", 40);
        (string Url, long Until)? watch = registers ? ReadWatch(input) : null;
        Answer? answer = key is null || !Credentials.HasTrackerKey(http.Request, key)
            ? Failed("UNAUTHENTICATED", "The API key is missing or wrong.")
            : !registers && !Track().IsMatch(query)
                ? Failed("BAD_REQUEST", "There is no such operation.")
                : fields.Problem is { } problem
                    ? Failed("BAD_REQUEST", $"{problem.Field} {problem.Reason}.")
                    : await gate.RunAsync(
                        http, new FaultPoint("tracker", registers ? "register" : "track", [number]), Unavailable,
                        _ => watch is { } w ? WatchAsync(carrier, number, w.Url, w.Until) : TrackAsync(carrier, number));
        await (answer?.SendAsync(http) ?? Task.CompletedTask);
    }

    private Task<Answer> TrackAsync(string carrier, string number) => store.ReadAsync(sql =>
        Parcel.ByNumber(sql, carrier, number) is null
            ? Failed("NOT_FOUND", "The carrier knows no such parcel.")
            : Answer.Json(200, new { data = new { track = new { lastEvent = LastEvent(sql, number) } } }));

    private static object? LastEvent(SqlSession sql, string number) => sql.Row<object>(
        "SELECT status, at, description FROM parcel_event WHERE tracking_number = $1 ORDER BY id DESC LIMIT 1",
        row => new
        {
            time = StoredTime.Seoul(row.GetInt64(1)),
            status = new { code = Words.Contains(row.GetString(0)) ? row.GetString(0) : "UNKNOWN" },
            description = row.GetString(2),
        },
        number);

    private async Task<Answer> WatchAsync(string carrier, string number, string url, long until)
    {
        await store.WriteAsync(sql => TrackerWatches.Register(sql, carrier, number, url, until));
        return Answer.Json(200, new { data = new { registerTrackWebhook = true } });
    }

    private (string Url, long Until) ReadWatch(RequestFields input)
    {
        string url = input.Text("callbackUrl", 500);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || !parsed.Scheme.StartsWith("http", StringComparison.Ordinal))
        {
            input.Blame("callbackUrl", "must be an absolute http or https URL");
        }

        string expires = input.Text("expirationTime", 40);
        bool isTime = DateTimeOffset.TryParse(
            expires, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset until);
        if (!isTime || until > clock.GetUtcNow() + TrackerWatches.Longest)
        {
            input.Blame("expirationTime", "must be an ISO 8601 time, about 48 hours ahead at most");
        }

        return (url, until.ToUnixTimeMilliseconds());
    }

    // GraphQL's form: errors come with HTTP 200.
    private static Answer Failed(string code, string message) =>
        Answer.Json(200, new { errors = new[] { new { message, extensions = new { code } } }, data = (object?)null });

    private static Answer Unavailable(int status) =>
        Answer.Json(status, new { errors = new[] { new { message = "Try again later.", extensions = new { code = "INTERNAL" } } } });

    [GeneratedRegex(@"\{\s*track\s*\(")]
    private static partial Regex Track();

    [GeneratedRegex(@"\{\s*registerTrackWebhook\s*\(")]
    private static partial Regex Register();
}
