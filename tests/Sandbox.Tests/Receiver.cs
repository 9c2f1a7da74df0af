using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DoaMarket.Sandbox.Tests;

/// <summary>A product stand-in that takes callbacks and keeps what came.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>The status to answer with.</summary>
    public int Status { get; set; } = 200;

    public ConcurrentQueue<Received> All { get; } = [];

    public string Url => _app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public string CarrierTemplate => Url + "/hooks/{carrier}";

    public static async Task<Receiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        Receiver receiver = new(server);
        server.Run(receiver.TakeAsync);
        await server.StartAsync(World.Cancelled);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Waits until so many callbacks were taken with 2xx.</summary>
    public async Task<List<Received>> TakenAsync(int count)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(World.Cancelled);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        List<Received> taken = [];
        while (taken.Count < count)
        {
            Assert.False(bound.IsCancellationRequested, $"{taken.Count} of {count} callbacks came within a minute.");
            await Task.Delay(5, World.Cancelled);
            taken = [.. All.Where(received => received.Status == 200)];
        }

        return taken;
    }

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        All.Enqueue(new Received(
            Status, http.Request.Path,
            http.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        http.Response.StatusCode = Status;
    }
}

/// <summary>One callback as it came in, and how it was answered.</summary>
internal sealed record Received(int Status, string Path, Dictionary<string, string> Headers, byte[] Body)
{
    public Reply Message => new(Status, System.Text.Encoding.UTF8.GetString(Body));
}
