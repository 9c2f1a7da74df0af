using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>What a customer reads: a mail's subject, a push's title (empty for a text message), and the text.</summary>
public sealed record NoticeText(string Subject, string Body);

/// <summary>
/// A notification to send. Its id goes along as our reference (Message-ID, tag of a push, client reference of a text
/// message), by which a repeated one is recognised.
/// </summary>
/// <param name="Gateway">The channel's gateway.</param>
/// <param name="Key">Changes with every answer taken in.</param>
/// <param name="Id">The notification.</param>
/// <param name="OrderId">The order that it is about.</param>
/// <param name="Type">What it is, e.g. "order_received".</param>
/// <param name="To">Address, token or number. Personal data.</param>
/// <param name="Text">What it says.</param>
public sealed record SendNotice(
    string Gateway, string Key, NotificationId Id, OrderId OrderId, string Type, string To, NoticeText Text)
    : Effect(Gateway, Key)
{
    /// <summary>Without address and text, since effects get logged.</summary>
    public override string ToString() => $"{nameof(SendNotice)} {{ {Gateway}, {Id}, {Type} }}";
}

/// <summary>The channel has taken it.</summary>
public sealed record NoticeSent : EffectResult;

/// <summary>It did not get through, or nobody knows; worth another attempt.</summary>
/// <param name="Reason">Why, the address masked.</param>
public sealed record NoticeDeferred(string Reason) : EffectResult;

/// <summary>The channel refuses this notification; it would refuse it again.</summary>
/// <param name="Reason">Why, the address masked.</param>
/// <param name="IsAddressGone">Whether nothing will ever arrive there: the address is forgotten.</param>
public sealed record NoticeRefused(string Reason, bool IsAddressGone = false) : EffectResult;
