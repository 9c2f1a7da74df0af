using System.Text.Json.Serialization;

namespace DoaMarket.Shipping.Tracker;

/// <summary>A GraphQL request.</summary>
internal sealed record TrackerRequest(string Query, TrackerVariables Variables);

/// <summary>Variables of both operations; those that are null are left out.</summary>
internal sealed record TrackerVariables(
    string? CarrierId = null, string? TrackingNumber = null, TrackerWebhook? Input = null);

/// <summary>RegisterTrackWebhookInput.</summary>
internal sealed record TrackerWebhook(
    string CarrierId, string TrackingNumber, string CallbackUrl, DateTimeOffset ExpirationTime);

/// <summary>A GraphQL response.</summary>
internal sealed record TrackerResponse(TrackerData? Data, IReadOnlyList<TrackerError>? Errors);

/// <summary>What was asked for.</summary>
internal sealed record TrackerData(TrackerTrack? Track, bool? RegisterTrackWebhook);

/// <summary>A parcel.</summary>
internal sealed record TrackerTrack(TrackerEvent? LastEvent);

/// <summary>A stop of a parcel.</summary>
internal sealed record TrackerEvent(DateTimeOffset? Time, TrackerStatus? Status, string? Description);

/// <summary>The word for it.</summary>
internal sealed record TrackerStatus(string? Code);

/// <summary>What went wrong.</summary>
internal sealed record TrackerError(string? Message, TrackerErrorExtensions? Extensions);

/// <summary>Its code: NOT_FOUND, BAD_REQUEST, UNAUTHENTICATED, …</summary>
internal sealed record TrackerErrorExtensions(string? Code);

/// <summary>How the tracker's bodies are read (members that we do not know are its own) and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TrackerRequest))]
[JsonSerializable(typeof(TrackerResponse))]
internal sealed partial class TrackerJson : JsonSerializerContext;
