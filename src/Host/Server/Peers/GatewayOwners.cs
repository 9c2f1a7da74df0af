using DoaMarket.Contracts;
using DoaMarket.Notifications;
using DoaMarket.Payments;

namespace DoaMarket.Host.Server.Peers;

/// <summary>Whose gateways are whose: only the processes that run the service call them.</summary>
public static class GatewayOwners
{
    /// <summary>The service that calls a gateway.</summary>
    public static string Of(string gateway) => gateway switch
    {
        PaymentKinds.Gateway => ShopTopology.Payments,
        MailGateway.Name or PushGateway.Name or SmsGateway.Name => ShopTopology.Notifications,
        _ => ShopTopology.Shipping,
    };
}
