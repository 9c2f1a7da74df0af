using System.Net;
using System.Text;

namespace DoaMarket.Notifications.Tests;

/// <summary>A server's recorded answers, one after another (the last one again and again), and what was asked.</summary>
internal sealed class Recorded(params (int Status, string Body)[] answers) : HttpMessageHandler
{
    public List<(string Line, string? Authorization, string Body)> Asked { get; } = [];

    public (string Line, string? Authorization, string Body) Last => Asked[^1];

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Broken { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (status, body) = answers[Math.Min(Asked.Count, answers.Length - 1)];
        Asked.Add((
            $"{request.Method} {request.RequestUri}", request.Headers.Authorization?.ToString(),
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        return Broken is { } broken
            ? throw broken
            : new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
    }
}
