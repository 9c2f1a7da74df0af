using System.Net.Mail;
using System.Text;
using System.Text.Json.Serialization;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>Languages that there are templates in.</summary>
public static class Languages
{
    /// <summary>Korean, the default.</summary>
    public const string Korean = "ko";

    /// <summary>English.</summary>
    public const string English = "en";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Korean, English];

    /// <summary>Whether there are templates in it.</summary>
    public static bool Has(string language) => All.Contains(language, StringComparer.Ordinal);
}

/// <summary>Where one user can be reached. Personal data, kept here and nowhere else.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Email">E-mail address; null when none is known.</param>
/// <param name="Language">"ko" or "en".</param>
public sealed record ContactPoints(UserId UserId, string? Email, string Language = Languages.Korean)
{
    /// <summary>Longest address (RFC 5321: a path of 256 with its brackets).</summary>
    public const int MaxEmailCharacters = 254;

    /// <summary>Whether mail can be sent there: one plain address; SMTP without SMTPUTF8 carries ASCII only.</summary>
    public static bool IsUsable(string? email) =>
        email is { Length: > 0 and <= MaxEmailCharacters }
        && Ascii.IsValid(email)
        && MailAddress.TryCreate(email, out var parsed)
        && parsed.Address == email;

    /// <summary>Whether it can be stored as it is.</summary>
    [JsonIgnore]
    public bool IsValid => (Email is null || IsUsable(Email)) && Languages.Has(Language);

    /// <summary>The address for mail to a user; null when there is none.</summary>
    /// <param name="known">What is known of the user.</param>
    /// <param name="user">The user.</param>
    /// <param name="unknownUsersDomain">Where mail to users without an address goes (sandbox); null outside it.</param>
    public static string? EmailOf(ContactPoints? known, UserId user, string? unknownUsersDomain)
    {
        var email = known?.Email ?? (unknownUsersDomain is null ? null : $"{user}@{unknownUsersDomain}");
        return IsUsable(email) ? email : null;
    }
}
