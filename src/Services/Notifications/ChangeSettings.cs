using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>A user changes where and of what to be told. What is not given stays as it is.</summary>
/// <param name="UserId">The user, who changes nobody's settings but these.</param>
/// <param name="Language">"ko" or "en".</param>
/// <param name="Email">The new address; with null inside, none.</param>
/// <param name="Phone">The new number; with null inside, none.</param>
/// <param name="PushTokens">All devices.</param>
/// <param name="Wants">For "type/channel": whether it is wanted.</param>
public sealed record ChangeSettings(
    UserId UserId,
    string? Language,
    Change? Email,
    Change? Phone,
    IReadOnlyList<string>? PushTokens,
    IReadOnlyDictionary<string, bool> Wants) : Request<ContactPoints>
{
    internal static IEnumerable<DocumentKey> Keys(ChangeSettings request) =>
        [NotificationKinds.Contacts.Key(request.UserId.Value)];

    internal static Decision Decide(
        Documents documents, Asked<ChangeSettings, ContactPoints> m, NotificationsOptions options)
    {
        var wish = m.Body;
        var before = documents.Find(NotificationKinds.Contacts, wish.UserId.Value)
            ?? ContactPoints.Unset(wish.UserId, options.UnknownUsersDomain);
        var after = before with
        {
            Language = wish.Language ?? before.Language,
            Email = wish.Email is { } email ? email.To : before.Email,
            Phone = wish.Phone is { } phone ? phone.To : before.Phone,
            PushTokens = wish.PushTokens ?? before.PushTokens,
            Unwanted =
            [
                .. before.Unwanted.Where(p => !wish.Wants.ContainsKey(p)),
                .. wish.Wants.Where(w => !w.Value).Select(w => w.Key).Order(StringComparer.Ordinal),
            ],
        };
        return after.IsValid
            ? Decision.On(m).Put(NotificationKinds.Contacts, wish.UserId.Value, after).Answer(after)
            : throw new ArgumentException("The edge lets no settings through that cannot be stored.", nameof(m));
    }
}

/// <summary>A new value.</summary>
/// <param name="To">The value; null takes the old one away.</param>
public sealed record Change(string? To);
