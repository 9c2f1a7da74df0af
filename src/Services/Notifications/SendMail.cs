using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Notifications;

/// <summary>
/// A mail to send. A repeated one has the same Message-ID, by which mail servers can recognise it. SMTP promises no
/// more: after a lost answer a customer may see a mail twice, rather than never.
/// </summary>
/// <param name="Id">The notification; the Message-ID derives from it.</param>
/// <param name="Type">Template.</param>
/// <param name="Language">Language of the template.</param>
/// <param name="To">Address. Personal data.</param>
/// <param name="Facts">What the template shows.</param>
public sealed record SendMail(string Key, NotificationId Id, string Type, string Language, string To, NoticeFacts Facts)
    : Effect(MailGateway.Name, Key);

/// <summary>The mail server has taken the mail.</summary>
public sealed record MailSent : EffectResult;

/// <summary>The mail did not get through, or nobody knows; worth another attempt.</summary>
/// <param name="Reason">Why, the address masked.</param>
public sealed record MailDeferred(string Reason) : EffectResult;

/// <summary>The mail server refuses this mail; it would refuse it again.</summary>
/// <param name="Reason">Why, the address masked.</param>
public sealed record MailRefused(string Reason) : EffectResult;
