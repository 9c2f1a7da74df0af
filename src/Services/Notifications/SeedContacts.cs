using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>Stores contact points of users that have none yet; what a user has set stays.</summary>
/// <param name="Contacts">At most <see cref="MaxContacts"/>.</param>
public sealed record SeedContacts(IReadOnlyList<ContactPoints> Contacts) : Request<ContactsSeeded>
{
    /// <summary>Bound on one request, so that it fits one commit of every store.</summary>
    public const int MaxContacts = 50;

    internal static IEnumerable<DocumentKey> Keys(SeedContacts request) =>
        request.Contacts.Select(c => NotificationKinds.Contacts.Key(c.UserId.Value)).Distinct();

    internal static Decision Decide(Documents documents, Asked<SeedContacts, ContactsSeeded> m)
    {
        if (m.Body.Contacts.Count > MaxContacts)
        {
            throw new ArgumentException($"{m.Body.Contacts.Count} contacts are more than {MaxContacts}.", nameof(m));
        }

        var decision = Decision.On(m);
        var refused = new List<UserId>();
        var seen = new HashSet<UserId>();
        foreach (var contact in m.Body.Contacts)
        {
            if (!contact.IsValid)
            {
                refused.Add(contact.UserId);
            }
            else if (documents.Find(NotificationKinds.Contacts, contact.UserId.Value) is null
                && seen.Add(contact.UserId))
            {
                decision.Put(NotificationKinds.Contacts, contact.UserId.Value, contact);
            }
        }

        return decision.Answer(new ContactsSeeded(seen.Count, refused));
    }
}

/// <summary>What came of seeding.</summary>
/// <param name="Added">How many are new.</param>
/// <param name="Refused">Users whose address or language is not usable.</param>
public sealed record ContactsSeeded(int Added, IReadOnlyList<UserId> Refused);
