using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using DoaMarket.Api;
using DoaMarket.Host.Server.Peers;

namespace DoaMarket.Host.Server;

/// <summary>How many requests are taken in. Generous: they keep one caller's mistake from becoming everybody's.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Requests that one user may make at once, after a pause.</summary>
    [Range(1, 1_000_000)]
    public int UserBurst { get; init; } = 2_000;

    /// <summary>Requests a second that one user may go on making.</summary>
    [Range(1, 1_000_000)]
    public int UserPerSecond { get; init; } = 500;

    /// <summary>Requests that one address may make at once without a token.</summary>
    [Range(1, 1_000_000)]
    public int AnonymousBurst { get; init; } = 2_000;

    /// <summary>Requests a second that one address may go on making without a token.</summary>
    [Range(1, 1_000_000)]
    public int AnonymousPerSecond { get; init; } = 500;

    /// <summary>Callbacks that one address (a PG, a carrier) may make at once.</summary>
    [Range(1, 1_000_000)]
    public int WebhookBurst { get; init; } = 10_000;

    /// <summary>Callbacks a second that one address may go on making.</summary>
    [Range(1, 1_000_000)]
    public int WebhookPerSecond { get; init; } = 2_000;
}

/// <summary>
/// Limits per user, or per address for those without a token; callbacks have their own. The role "service" and the
/// health checks are exempt. Every answer tells what is left.
/// </summary>
public static class RateLimiting
{
    private static readonly ApiError TooMany = new(
        429, "RATE_LIMITED", "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.", "Too many requests; please try again shortly.");

    /// <summary>Adds ASP.NET Core's limiter.</summary>
    public static void Add(IServiceCollection services, RateLimitOptions options) => services
        .AddSingleton(options)
        .AddSingleton(PartitionedRateLimiter.Create<HttpContext, string>(http => Partition(AllowanceOf(http, options))))
        .AddRateLimiter(limiter => limiter.OnRejected = (rejected, _) => new(Refuse(rejected.HttpContext, rejected.Lease)))
        .AddOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>()
        .Configure<PartitionedRateLimiter<HttpContext>>((limiter, all) => limiter.GlobalLimiter = all);

    /// <summary>Applies it; after authentication, since a user's requests are counted wherever they come from.</summary>
    public static void Use(WebApplication app)
    {
        var options = app.Services.GetRequiredService<RateLimitOptions>();
        var all = app.Services.GetRequiredService<PartitionedRateLimiter<HttpContext>>();
        app.UseRateLimiter();
        app.Use((http, next) =>
        {
            Tell(http, AllowanceOf(http, options), all.GetStatistics(http)?.CurrentAvailablePermits);
            return next(http);
        });
    }

    private static RateLimitPartition<string> Partition(Allowance? allowance) => allowance is null
        ? RateLimitPartition.GetNoLimiter("exempt")
        : RateLimitPartition.GetTokenBucketLimiter(allowance.Who, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = allowance.Burst,
            TokensPerPeriod = allowance.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0, // who is over the limit is told so at once
        });

    private static Allowance? AllowanceOf(HttpContext http, RateLimitOptions options)
    {
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            || http.User.FindFirstValue("role") == Roles.Service || ForwardedMark.IsOn(http))
        {
            return null; // another process of the shop has counted what it hands on
        }

        if (http.Request.Path.StartsWithSegments("/api/v1/webhooks", StringComparison.OrdinalIgnoreCase))
        {
            return new($"webhooks from {address}", options.WebhookBurst, options.WebhookPerSecond);
        }

        return http.User.FindFirstValue("sub") is { } user
            ? new($"user {user}", options.UserBurst, options.UserPerSecond)
            : new($"address {address}", options.AnonymousBurst, options.AnonymousPerSecond);
    }

    private static Task Refuse(HttpContext http, RateLimitLease lease)
    {
        var options = http.RequestServices.GetRequiredService<RateLimitOptions>();
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        Tell(http, AllowanceOf(http, options), 0);
        ApiAnswers.SetRetryAfter(http, wait);
        return ApiAnswers.Write(http, TooMany);
    }

    // Reset: whole seconds until the whole burst may be made again.
    private static void Tell(HttpContext http, Allowance? allowance, long? left)
    {
        if (allowance is null || left is not { } remaining)
        {
            return;
        }

        var reset = Math.Ceiling((double)(allowance.Burst - remaining) / allowance.PerSecond);
        http.Response.Headers["X-RateLimit-Limit"] = allowance.Burst.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Allowance(string Who, int Burst, int PerSecond);
}
