using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using DoaMarket.EndToEnd.Harness;
using DoaMarket.Servers;

namespace DoaMarket.EndToEnd;

/// <summary>What there is for development only is not there in a shop whose outside systems are real.</summary>
public sealed class RealShopTests
{
    private const string Nobody = "http://127.0.0.1:1";

    [Fact]
    public async Task Nobody_gets_a_token_for_the_asking()
    {
        var stop = TestContext.Current.CancellationToken;
        var server = await PostgresServer.Shared;
        var database = await server.CreateDatabase();
        var folder = Directory.CreateTempSubdirectory("doa-e2e-").FullName;
        try
        {
            using var pushKey = RSA.Create(2048);
            var settings = Pace.Fast.With(
                ("ConnectionStrings:Postgres", database), ("Tokens:Key", Convert.ToBase64String(new byte[32])),
                ("Toss:SecretKey", "test_sk_0"), ("Carriers:BaseUrl", Nobody), ("CarrierAccount:ApiKey", "k"),
                ("CarrierAccount:WebhookSecrets:0", "whsec_c2VjcmV0"), ("Smtp:Host", "127.0.0.1"), ("Fcm:ProjectId", "shop"),
                ("Fcm:ClientEmail", "push@example.com"), ("Fcm:PrivateKey", pushKey.ExportPkcs8PrivateKeyPem()),
                ("Sms:BaseUrl", Nobody), ("SmsAccount:ApiKey", "k"), ("SmsAccount:From", "0212345678"));
            await using var process = DoaProcess.Begin(
                folder, settings, Launch.Plain,
                "serve", "--mode", Ground.Postgres, "--urls", "http://127.0.0.1:0", "--data", folder);
            await process.Welcome();
            using var http = new HttpClient { BaseAddress = new(process.Url) };

            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health/live", stop)).StatusCode);
            var asked = await http.PostAsJsonAsync("dev/token", new { userId = "op-1", role = "operator" }, stop);
            Assert.Equal(HttpStatusCode.NotFound, asked.StatusCode);
            Assert.DoesNotContain("eyJ", await asked.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("api/v1/orders", stop)).StatusCode);
        }
        finally
        {
            await server.DropDatabase(database);
            Directory.Delete(folder, recursive: true);
        }
    }
}
