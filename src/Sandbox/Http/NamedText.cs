namespace DoaMarket.Sandbox.Http;

/// <summary>A name with its text: a mail header (unfolded, decoded) or a datum of a push.</summary>
internal sealed record NamedText(string Name, string Value);
