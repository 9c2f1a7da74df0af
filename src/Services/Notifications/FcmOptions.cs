using System.ComponentModel.DataAnnotations;

namespace DoaMarket.Notifications;

/// <summary>
/// The service account that pushes are sent with: the fields `project_id`, `client_email`, `private_key` and `token_uri`
/// of its key file.
/// </summary>
public sealed record FcmOptions
{
    /// <summary>The Firebase project.</summary>
    [Required]
    public string ProjectId { get; init; } = "";

    /// <summary>The account's name, an e-mail address.</summary>
    [Required]
    public string ClientEmail { get; init; } = "";

    /// <summary>The account's private RSA key, PEM.</summary>
    [Required]
    public string PrivateKey { get; init; } = "";

    /// <summary>Where access tokens are got from.</summary>
    [Required, Url]
    public string TokenUrl { get; init; } = "https://oauth2.googleapis.com/token";

    /// <summary>How long before its end an access token is replaced.</summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Without the key, since options get logged.</summary>
    public override string ToString() => $"{nameof(FcmOptions)} {{ ProjectId = {ProjectId} }}";
}
