using System.Diagnostics;
using System.Security.Claims;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DoaMarket.Api;

/// <summary>Who calls.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Role">customer, seller, operator or service.</param>
public sealed record Caller(UserId UserId, string Role)
{
    /// <summary>Whether the caller may see and repair everything.</summary>
    public bool IsOperator => Role == Roles.Operator;

    /// <summary>The caller of a request that passed authentication.</summary>
    public static Caller Of(HttpContext http) => new(new UserId(Claim(http, "sub")), Claim(http, "role"));

    /// <summary>
    /// Whether the caller may see what belongs to <paramref name="owner"/>; a foreign id answers 404.
    /// </summary>
    public bool MaySee(UserId owner) => IsOperator || UserId == owner;

    private static string Claim(HttpContext http, string name) =>
        http.User.FindFirstValue(name) ?? throw new ApiException(ApiError.Unauthorized, null);
}

/// <summary>The roles that tokens carry.</summary>
public static class Roles
{
    /// <summary>Buys.</summary>
    public const string Customer = "customer";

    /// <summary>Sells.</summary>
    public const string Seller = "seller";

    /// <summary>Runs the shop.</summary>
    public const string Operator = "operator";

    /// <summary>Another program of the shop.</summary>
    public const string Service = "service";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Customer, Seller, Operator, Service];
}

/// <summary>Hands HTTP requests to the loops of services.</summary>
public static class Asking
{
    /// <summary>
    /// Asks a service of this process and waits for the commit. The request's id is made here, at the edge.
    /// </summary>
    public static Task<TReply> Ask<TReply>(
        this HttpContext http, string service, Request<TReply> request, UserId? user = null)
    {
        var trail = new Trail(Correlation.Of(http), UserId: user, Traceparent: Activity.Current?.Id);
        var id = Correlation.AskingId(http);
        return http.RequestServices.GetRequiredService<ServiceLoops>().Of(service).Ask(request, id, trail, http.RequestAborted);
    }

    /// <summary>What a request would do now; nothing of it is done.</summary>
    public static ValueTask<Rehearsed<TReply>> Rehearse<TReply>(
        this HttpContext http, string service, Request<TReply> request, UserId? user = null)
    {
        var trail = new Trail(Correlation.Of(http), UserId: user, Traceparent: Activity.Current?.Id);
        return http.RequestServices.GetRequiredService<ServiceLoops>().Of(service).Rehearse(
            request, Correlation.AskingId(http), trail, http.RequestAborted);
    }
}
