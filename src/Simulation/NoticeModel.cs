using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Notifications;

namespace DoaMarket.Simulation;

/// <summary>The mail server, the push service and the text message provider.</summary>
internal sealed class NoticeModel(World world) : IOutside
{
    public IEnumerable<GatewayBinding> Bindings(ShopRun run) =>
        new[] { MailGateway.Name, PushGateway.Name, SmsGateway.Name }.Select(
            channel => world.Bind(channel, effect => Call(run, (SendNotice)effect)));

    private Task<EffectResult> Call(ShopRun run, SendNotice notice)
    {
        EffectResult result = Hits(Fault.NoticeDeferred) ? new NoticeDeferred("greylisted")
            : Hits(Fault.NoticeRefused) ? new NoticeRefused("no such mailbox", world.Chance.OneIn(2))
            : Hits(Fault.NoticeResponseLost) ? new NoticeDeferred("the connection broke")
            : Hits(Fault.NoticeCircuitOpen) ? new NotAttempted(TimeSpan.FromSeconds(5), "The circuit is open.")
            : new NoticeSent();
        world.Trace.Note(73, notice.Type.Length);
        var latency = world.Chance.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200));
        return world.Answer(run, ShopTopology.Notifications, latency, result);
    }

    private bool Hits(Fault fault) => world.Hits(fault, FlowStep.Notify);
}
