using DoaMarket.Contracts;
using DoaMarket.Kernel;
using DoaMarket.Notifications;

namespace DoaMarket.Simulation;

/// <summary>The mail server.</summary>
internal sealed class MailModel(World world) : IOutside
{
    public IEnumerable<GatewayBinding> Bindings(ShopRun run) =>
    [
        new(MailGateway.Name, world.Plan.Lanes.AtOnce, world.Plan.Lanes.Waiting, (effect, _) => Call(run, (SendMail)effect)),
    ];

    private Task<EffectResult> Call(ShopRun run, SendMail mail)
    {
        EffectResult result = Hits(Fault.MailDeferred) ? new MailDeferred("greylisted")
            : Hits(Fault.MailRefused) ? new MailRefused("no such mailbox")
            : Hits(Fault.MailResponseLost) ? new MailDeferred("the connection broke")
            : new MailSent();
        world.Trace.Note(73, mail.Type.Length);
        var latency = world.Chance.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200));
        return world.Answer(run, ShopTopology.Notifications, latency, result);
    }

    private bool Hits(Fault fault) => world.Hits(fault, FlowStep.Notify);
}
