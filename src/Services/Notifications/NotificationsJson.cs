using System.Text.Json.Serialization;

namespace DoaMarket.Notifications;

/// <summary>How the documents of Notifications are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(ContactPoints))]
[JsonSerializable(typeof(OrderNotice))]
public sealed partial class NotificationsJson : JsonSerializerContext;
