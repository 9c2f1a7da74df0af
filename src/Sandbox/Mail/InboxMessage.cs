using DoaMarket.Sandbox.Http;

namespace DoaMarket.Sandbox.Mail;

/// <summary>A message somebody would have received.</summary>
/// <param name="Channel">email, push or sms.</param>
/// <param name="Sender">Whose it is.</param>
/// <param name="To">As the message shows it.</param>
/// <param name="Recipients">Addresses, tokens or numbers it was really sent to.</param>
/// <param name="Subject">Subject or title, decoded.</param>
/// <param name="MessageId">The sender's id of it (Message-ID, tag of a push, client reference); empty if it gave none.</param>
/// <param name="Body">Plain text, decoded (the HTML source when there is no plain part).</param>
/// <param name="Html">The HTML part, if there is one.</param>
/// <param name="Headers">Header names and decoded values, or the data of a push, in order.</param>
internal sealed record InboxMessage(
    string Channel,
    string Sender,
    string To,
    IReadOnlyList<string> Recipients,
    string Subject,
    string MessageId,
    string Body,
    string? Html,
    IReadOnlyList<NamedText> Headers)
{
    /// <summary>What a repeated one is recognised by: the Message-ID without its brackets; empty if there is none.</summary>
    public string Reference => MessageId.Trim('<', '>', ' ');
}
