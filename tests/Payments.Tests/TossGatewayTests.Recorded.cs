using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DoaMarket.Gateways;
using DoaMarket.Kernel;
using DoaMarket.Payments.Reconciling;
using DoaMarket.Payments.Toss;

namespace DoaMarket.Payments.Tests;

public sealed partial class TossGatewayTests
{
    /// <summary>Toss as it was recorded once.</summary>
    private sealed class Recorded : HttpMessageHandler
    {
        private readonly Func<CancellationToken, Task<HttpResponseMessage>> _answer;
        private readonly TossGateway _toss;
        private HttpRequestMessage? _request;

        public Recorded(int status, string body)
            : this(_ => Task.FromResult(
                new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }))
        {
        }

        public Recorded(Func<CancellationToken, Task<HttpResponseMessage>> answer, int connectRetries = 0)
        {
            _answer = answer;
            var options = new GatewayOptions
            {
                BaseUrl = "https://pg.test",
                Timeout = TimeSpan.FromMilliseconds(connectRetries == 0 ? 50 : 5_000),
                ConnectRetries = connectRetries,
                MinimumCalls = 3,
            };
            _toss = new TossGateway(
                new Gateway("pg", options, new Breakers(), TimeProvider.System, this),
                new TossOptions { SecretKey = "test_sk_1" }, TimeProvider.System);
        }

        public string Body { get; private set; } = "";

        public GatewayBinding Binding => _toss.Binding;

        public string? Line => _request is null ? null : $"{_request.Method} {_request.RequestUri?.AbsoluteUri}";

        public string? Header(string name) =>
            _request!.Headers.TryGetValues(name, out var values) ? values.Single() : null;

        public Task<EffectResult> CarryOut(Effect effect) =>
            _toss.CarryOut(effect, TestContext.Current.CancellationToken);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _request = request;
            Body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            return await _answer(cancellationToken);
        }
    }
}
