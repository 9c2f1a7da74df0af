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

/// <summary>
/// Where one user can be reached, and what the user does not want to be told there. Personal data, kept here and in the
/// notifications themselves, and nowhere else.
/// </summary>
/// <param name="UserId">The user.</param>
/// <param name="Email">E-mail address; null when none is known.</param>
/// <param name="Language">"ko" or "en".</param>
public sealed record ContactPoints(UserId UserId, string? Email, string Language = Languages.Korean)
{
    /// <summary>Longest address (RFC 5321: a path of 256 with its brackets).</summary>
    public const int MaxEmailCharacters = 254;

    /// <summary>Most devices that one user is told things on.</summary>
    public const int MaxPushTokens = 5;

    /// <summary>Longest push token.</summary>
    public const int MaxPushTokenCharacters = 4_096;

    /// <summary>Mobile phone, digits only (01012345678) or with country code (+821012345678); null: none known.</summary>
    public string? Phone { get; init; }

    /// <summary>Push tokens of the user's devices.</summary>
    public IReadOnlyList<string> PushTokens { get; init; } = [];

    /// <summary>What is not wanted, as "type/channel"; everything else is.</summary>
    public IReadOnlyList<string> Unwanted { get; init; } = [];

    /// <summary>Whether mail can be sent there: one plain address; SMTP without SMTPUTF8 carries ASCII only.</summary>
    public static bool IsUsable(string? email) =>
        email is { Length: > 0 and <= MaxEmailCharacters }
        && Ascii.IsValid(email)
        && MailAddress.TryCreate(email, out var parsed)
        && parsed.Address == email;

    /// <summary>The number in the form that it is kept in; null when it is no mobile number.</summary>
    public static string? Mobile(string phone)
    {
        var bare = string.Concat(phone.Where(c => c is not ('-' or ' ')));
        var digits = bare.StartsWith('+') ? bare[1..] : bare;
        var isMobile = digits.All(char.IsAsciiDigit) && (bare.StartsWith('+')
            ? digits.Length is >= 8 and <= 15 && digits[0] != '0' // E.164
            : digits.Length is 10 or 11 && digits.StartsWith("01", StringComparison.Ordinal));
        return isMobile ? bare : null;
    }

    /// <summary>Whether it can be a push token: printable ASCII without spaces.</summary>
    public static bool IsPushToken(string token) =>
        token.Length is > 0 and <= MaxPushTokenCharacters && token.All(c => c is > ' ' and <= '~');

    /// <summary>Whether it can be stored as it is.</summary>
    [JsonIgnore]
    public bool IsValid =>
        (Email is null || IsUsable(Email))
        && (Phone is null || Mobile(Phone) == Phone)
        && PushTokens.Count <= MaxPushTokens && PushTokens.All(IsPushToken)
        && Languages.Has(Language);

    /// <summary>Where a channel reaches the user; several devices have several push tokens.</summary>
    public IReadOnlyList<string> On(string channel) => channel switch
    {
        Channels.Email => IsUsable(Email) ? [Email!] : [],
        Channels.Push => PushTokens,
        Channels.Sms => Phone is null ? [] : [Phone],
        _ => throw new InvalidOperationException($"'{channel}' is no channel."),
    };

    /// <summary>Whether the user wants to be told this there.</summary>
    public bool Wants(string type, string channel) =>
        !Unwanted.Contains(Preference(type, channel), StringComparer.Ordinal);

    /// <summary>How <see cref="Unwanted"/> names a type on a channel.</summary>
    public static string Preference(string type, string channel) => $"{type}/{channel}";

    /// <summary>Contact points of a user who has given none.</summary>
    /// <param name="user">The user.</param>
    /// <param name="sandboxDomain">
    /// In a sandbox everybody can be reached: by mail at this domain, on a device and at a number that follow from the
    /// user's id. Null outside it: the user cannot be reached.
    /// </param>
    public static ContactPoints Unset(UserId user, string? sandboxDomain)
    {
        if (sandboxDomain is null)
        {
            return new(user, null);
        }

        var number = BitConverter.ToUInt32(DerivedId.From(Guid.Empty, user.Value).ToByteArray(), 12) % 100_000_000;
        var email = $"{user}@{sandboxDomain}";
        return new(user, IsUsable(email) ? email : null)
        {
            Phone = $"010{number:D8}",
            PushTokens = [IsPushToken(user.Value) ? $"sandbox-{user}" : $"sandbox-{number:D8}"],
        };
    }
}
