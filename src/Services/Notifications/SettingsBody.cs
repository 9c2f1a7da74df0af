using System.Text.Json;
using DoaMarket.Api;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>The body of PATCH /notifications/settings. What is left out stays as it is.</summary>
public sealed record SettingsBody
{
    /// <summary>"ko" or "en".</summary>
    public string? Language { get; init; }

    /// <summary>E-mail address; null takes it away.</summary>
    public JsonElement Email { get; init; }

    /// <summary>Mobile phone, e.g. "010-1234-5678" or "+82 10 1234 5678"; null takes it away.</summary>
    public JsonElement Phone { get; init; }

    /// <summary>Push tokens of all devices, 5 at most.</summary>
    public IReadOnlyList<string>? PushTokens { get; init; }

    /// <summary>By type and channel, whether it is wanted: {"order_received": {"push": false}}.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>>? Preferences { get; init; }

    /// <summary>What the user asks for.</summary>
    /// <exception cref="ApiException">400, naming the field.</exception>
    public ChangeSettings ToRequest(UserId user) => new(
        user, CheckedLanguage(),
        CheckedText("email", Email, email => ContactPoints.IsUsable(email) ? email : null,
            "메일 주소여야 합니다(254자 이하, ASCII).", "it must be one plain e-mail address (254 characters, ASCII)."),
        CheckedText("phone", Phone, ContactPoints.Mobile,
            "휴대전화 번호여야 합니다. 예: 010-1234-5678", "it must be a mobile number, e.g. 010-1234-5678 or +821012345678."),
        CheckedTokens(), CheckedPreferences());

    private string? CheckedLanguage() => Language is null || Languages.Has(Language)
        ? Language
        : throw ApiException.Field(
            "language", $"다음 중 하나여야 합니다: {string.Join(", ", Languages.All)}",
            $"it must be one of: {string.Join(", ", Languages.All)}");

    private static Change? CheckedText(
        string field, JsonElement given, Func<string, string?> read, string korean, string english) =>
        given.ValueKind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.Null => new Change(null),
            JsonValueKind.String when read(given.GetString()!) is { } text => new Change(text),
            _ => throw ApiException.Field(field, korean, english),
        };

    private IReadOnlyList<string>? CheckedTokens()
    {
        if (PushTokens is null)
        {
            return null;
        }

        if (PushTokens.Count > ContactPoints.MaxPushTokens)
        {
            throw ApiException.Field(
                "pushTokens", $"{ContactPoints.MaxPushTokens}개까지 등록할 수 있습니다.",
                $"at most {ContactPoints.MaxPushTokens} devices can be registered.");
        }

        for (var i = 0; i < PushTokens.Count; i++)
        {
            // An array may hold a null whatever its element type says.
            if (PushTokens[i] is not { } token || !ContactPoints.IsPushToken(token)
                || PushTokens.Take(i).Contains(token, StringComparer.Ordinal))
            {
                throw ApiException.Field(
                    $"pushTokens[{i}]", $"공백 없는 ASCII {ContactPoints.MaxPushTokenCharacters}자 이하, 중복 없이 적어 주세요.",
                    $"it must be 1 to {ContactPoints.MaxPushTokenCharacters} ASCII characters without spaces, and there once.");
            }
        }

        return PushTokens;
    }

    private Dictionary<string, bool> CheckedPreferences()
    {
        var wants = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (name, channels) in Preferences?.ToList() ?? [])
        {
            var type = NotificationTypes.Find(name);
            if (type is null || channels is null)
            {
                var all = string.Join(", ", NotificationTypes.All.Select(t => t.Name));
                throw ApiException.Field(
                    $"preferences.{name}", $"알림 종류는 다음과 같습니다: {all}", $"the types are: {all}");
            }

            foreach (var (channel, isWanted) in channels)
            {
                if (!type.Channels.Contains(channel, StringComparer.Ordinal))
                {
                    var its = string.Join(", ", type.Channels);
                    throw ApiException.Field(
                        $"preferences.{name}.{channel}", $"이 알림의 채널은 다음과 같습니다: {its}",
                        $"this type goes out on: {its}");
                }

                wants[ContactPoints.Preference(name, channel)] = isWanted;
            }
        }

        return wants;
    }
}
