using System.Security.Claims;
using DoaMarket.Kernel;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DoaMarket.Api;

/// <summary>
/// Bearer tokens: one algorithm, one issuer, one audience, an expiry, a user and a known role. Whoever cannot show all of
/// it is not let in.
/// </summary>
public static class ApiTokens
{
    /// <summary>Who makes the tokens.</summary>
    public const string Issuer = "doa-market";

    /// <summary>Whom they are for.</summary>
    public const string Audience = "doa-market-orders";

    /// <summary>How long a development token lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Shortest key, in bytes (HMAC-SHA-256).</summary>
    public const int MinKeyBytes = 32;

    /// <summary>Makes a token.</summary>
    public static string Make(byte[] key, UserId user, string role, DateTimeOffset now) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Subject = new ClaimsIdentity([new Claim("sub", user.Value), new Claim("role", role)]),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256),
        });

    /// <summary>Adds authentication and the policies "customer", "seller" and "operator".</summary>
    public static IServiceCollection AddApiTokens(this IServiceCollection services, byte[] key, TimeProvider time)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = Audience,
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                IssuerSigningKey = new SymmetricSecurityKey(key),
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = TimeSpan.FromSeconds(30),
                LifetimeValidator = (from, until, _, p) =>
                    from <= (time.GetUtcNow() + p.ClockSkew).UtcDateTime
                        && until > (time.GetUtcNow() - p.ClockSkew).UtcDateTime,
                RoleClaimType = "role",
                NameClaimType = "sub",
            };
            options.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    if (!SaysWho(context.Principal))
                    {
                        context.Fail("The token names no user, or no role of this shop.");
                    }

                    return Task.CompletedTask;
                },
                OnChallenge = async context =>
                {
                    context.HandleResponse();
                    context.Response.Headers.WWWAuthenticate = "Bearer";
                    await ApiAnswers.Write(context.HttpContext, ApiError.Unauthorized);
                },
                OnForbidden = context => ApiAnswers.Write(context.HttpContext, ApiError.Forbidden),
            };
        });
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Roles.Customer, p => p.RequireRole(Roles.Customer))
            .AddPolicy(Roles.Operator, p => p.RequireRole(Roles.Operator))
            .AddPolicy(Roles.Seller, p => p.RequireRole(Roles.Seller, Roles.Operator));
        return services;
    }

    private static bool SaysWho(ClaimsPrincipal? user) =>
        user?.FindFirstValue("sub") is { Length: > 0 }
        && user.FindFirstValue("role") is { } role && Roles.All.Contains(role, StringComparer.Ordinal);
}
