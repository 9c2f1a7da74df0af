using System.Net;
using System.Net.Sockets;
using DoaMarket.Kernel;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace DoaMarket.Gateways;

/// <summary>
/// One outside system behind its pipeline: a connect retry, a circuit breaker, a time limit. The service's adapter
/// makes the HTTP calls; this decides whether they may be made and how long they may take.
/// </summary>
public sealed class Gateway : IDisposable
{
    private readonly HttpClient _client;
    private readonly ResiliencePipeline _pipeline;

    /// <summary>A gateway. <paramref name="transport"/> replaces the network in tests.</summary>
    public Gateway(
        string name, GatewayOptions options, Breakers breakers, TimeProvider time, HttpMessageHandler? transport = null)
    {
        Name = name;
        Options = options;
        _pipeline = Pipeline(new Circuit(name, options, time, breakers.Set), time);
        _client = new HttpClient(transport ?? NewTransport())
        {
            BaseAddress = new Uri(options.BaseUrl.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan, // the pipeline's limit is the one that counts
        };
    }

    /// <summary>Name, as effects and operators know it.</summary>
    public string Name { get; }

    /// <summary>How it is called.</summary>
    public GatewayOptions Options { get; }

    /// <summary>
    /// Which answers count against the circuit: a 5xx; an adapter may add those that say that nothing goes through at
    /// all, such as refused credentials.
    /// </summary>
    public Func<HttpStatusCode, bool> CountsAgainst { get; init; } = status => (int)status >= 500;

    /// <summary>
    /// Makes a call. Refused by an open circuit: <see cref="NotAttempted"/>. A 5xx (<see cref="CountsAgainst"/>), a time-out and a lost connection
    /// count against the circuit; the adapter's <paramref name="unknown"/> makes a result of the last two.
    /// </summary>
    /// <param name="call">Sends one request and returns the response with its content read.</param>
    /// <param name="read">Makes a result of an HTTP answer, whatever its status.</param>
    /// <param name="unknown">Makes a result of a call whose outcome is unknown; the text says why.</param>
    /// <param name="stop">Ends the call when the process stops.</param>
    public async Task<EffectResult> Call(
        Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> call,
        Func<HttpStatusCode, string, EffectResult> read,
        Func<string, EffectResult> unknown,
        CancellationToken stop)
    {
        try
        {
            var (status, body) = await _pipeline.ExecuteAsync(async token =>
            {
                using var response = await Connected(() => call(_client, token));
                var text = await response.Content.ReadAsStringAsync(token);
                return CountsAgainst(response.StatusCode)
                    ? throw new CountedAnswerException(response.StatusCode, text)
                    : (response.StatusCode, text);
            }, stop);
            return read(status, body);
        }
        catch (CountedAnswerException error)
        {
            return read(error.Status, error.Body);
        }
        catch (BrokenCircuitException broken)
        {
            var wait = broken.RetryAfter ?? Options.Break;
            return new NotAttempted(wait, $"The circuit to {Name} is open.", Name);
        }
        catch (TimeoutRejectedException)
        {
            return unknown($"{Name} did not answer within {Options.Timeout.TotalSeconds:0.###} s.");
        }
        catch (HttpRequestException error)
        {
            return unknown($"{Name} could not be reached: {error.Message}");
        }
        catch (IOException error)
        {
            return unknown($"The answer of {Name} was cut off: {error.Message}");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler NewTransport() => new()
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows DNS changes
        ConnectTimeout = TimeSpan.FromSeconds(2),
    };

    private ResiliencePipeline Pipeline(Circuit circuit, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time, Name = Name };
        if (Options.ConnectRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(IsRefusedConnection),
                MaxRetryAttempts = Options.ConnectRetries,
                Delay = TimeSpan.FromMilliseconds(100),
                UseJitter = true,
            });
        }

        var counted = new PredicateBuilder()
            .Handle<HttpRequestException>()
            .Handle<TimeoutRejectedException>()
            .Handle<CountedAnswerException>()
            .Handle<IOException>();
        return circuit.AddTo(builder, counted).AddTimeout(Options.Timeout).Build();
    }

    private static bool IsRefusedConnection(HttpRequestException error) =>
        error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
        || error is { HttpRequestError: HttpRequestError.ConnectionError, InnerException: TimeoutException };

    // A connection that is not made in time ends as a cancelled task around a TimeoutException, though nobody cancelled
    // and nothing was sent: it is a connection failure like a refused one.
    private static async Task<HttpResponseMessage> Connected(Func<Task<HttpResponseMessage>> call)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException error) when (error.InnerException is TimeoutException late)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, late.Message, late);
        }
    }

    /// <summary>An answer that counts against the circuit and still has a body worth reading.</summary>
    private sealed class CountedAnswerException(HttpStatusCode status, string body) : Exception($"HTTP {(int)status}")
    {
        public HttpStatusCode Status { get; } = status;

        public string Body { get; } = body;
    }
}
