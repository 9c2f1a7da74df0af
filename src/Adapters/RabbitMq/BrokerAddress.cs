using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DoaMarket.RabbitMq;

/// <summary>Where RabbitMQ is, and as whom to connect.</summary>
/// <remarks>
/// The client's own recovery is off: it restores a connection piece by piece, while tags of the old one still look
/// valid, and leaves a channel closed that the broker has closed. Here a connection that is lost is thrown away whole,
/// and another takes its place.
/// </remarks>
internal sealed class BrokerAddress
{
    private const string Setting = "DOA__ConnectionStrings__RabbitMq";
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1); // for RabbitMQ to answer that it is over

    private const ushort Success = 200;
    private const ushort AccessRefused = 403, NotFound = 404, ArgumentsDiffer = 406, NotAllowed = 530;

    private readonly ConnectionFactory _factory;

    public BrokerAddress(string url, RabbitMqOptions options)
    {
        _factory = new()
        {
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = options.Heartbeat,
            RequestedConnectionTimeout = options.ConnectTimeout,
            ContinuationTimeout = options.ConnectTimeout,
            HandshakeContinuationTimeout = options.ConnectTimeout,
        };
        try
        {
            _factory.Uri = new Uri(url);
        }
        catch (Exception error) when (error is UriFormatException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"The address of RabbitMQ cannot be read: {error.Message} "
                + $"Write {Setting}=amqp://user:password@host:5672/virtual-host (amqps:// for TLS).", error);
        }
    }

    /// <summary>Connects, as what RabbitMQ shows under this name.</summary>
    public Task<IConnection> Connect(string name, CancellationToken stop) => _factory.CreateConnectionAsync(name, stop);

    /// <summary>Ends a connection, whether it still works or not.</summary>
    public static async Task End(IConnection connection)
    {
        await connection.CloseAsync(Success, "Goodbye", Farewell, abort: true); // it never fails
        await connection.DisposeAsync();
    }

    /// <summary>Server and virtual host, without secrets.</summary>
    public override string ToString() => $"RabbitMQ {_factory.HostName}:{_factory.Port}{Path}";

    /// <summary>Whether RabbitMQ, or the way to it, failed, and not the program.</summary>
    public static bool IsLost(Exception error) => error is OperationInterruptedException or ProtocolViolationException
        or IOException or SocketException or TimeoutException or ObjectDisposedException;

    /// <summary>Why it cannot be used, for people, with what to do.</summary>
    public InvalidOperationException Refusal(Exception error)
    {
        var cause = CauseOf(error);
        var advice = cause switch
        {
            AuthenticationFailureException or PossibleAuthenticationFailureException =>
                $"Is there the user '{_factory.UserName}', and is it the password? Correct {Setting}, or write "
                + $"rabbitmqctl add_user {_factory.UserName} …",
            OperationInterruptedException { ShutdownReason.ReplyCode: NotAllowed } =>
                $"Write rabbitmqctl add_vhost {_factory.VirtualHost} "
                + $"&& rabbitmqctl set_permissions -p {_factory.VirtualHost} {_factory.UserName} '.*' '.*' '.*'.",
            OperationInterruptedException { ShutdownReason.ReplyCode: AccessRefused } =>
                $"Write rabbitmqctl set_permissions -p {_factory.VirtualHost} {_factory.UserName} '.*' '.*' '.*'.",
            OperationInterruptedException { ShutdownReason.ReplyCode: ArgumentsDiffer or NotFound } =>
                "It was made by another program, or with other DOA__RabbitMq options. "
                + "Choose another DOA__RabbitMq__Prefix; or stop every process once the queue is empty, "
                + "and write rabbitmqctl delete_queue with its name.",
            _ => $"Is the server running, and does {Setting} name it?",
        };
        return new($"{this} cannot be used: {cause.Message} {advice}", error);
    }

    private string Path => _factory.VirtualHost == "/" ? "" : "/" + _factory.VirtualHost;

    // The client wraps what happened as often as it likes.
    private static Exception CauseOf(Exception error) => error switch
    {
        BrokerUnreachableException { InnerException: { } inner } => CauseOf(inner),
        AggregateException { InnerExceptions: [var first, ..] } => CauseOf(first),
        _ => error,
    };
}
