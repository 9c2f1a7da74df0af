using DoaMarket.Sandbox.Faults;
using DoaMarket.Sandbox.Http;
using DoaMarket.Sandbox.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DoaMarket.Sandbox.Carriers;

/// <summary>The HTTP API of the carriers under <c>/carriers/{carrier}</c>.</summary>
internal sealed class CarrierServer(
    string apiKey, SandboxStore store, FaultGate gate, ParcelBooks books, AddressChanges addresses)
{
    private readonly ParcelRequests _requests = new(books);

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder carrier = routes.MapGroup("/carriers/{carrier}/v1/shipments");
        carrier.MapPost("", RegisterAsync);
        carrier.MapGet("", FindAsync);
        carrier.MapGet("{trackingNumber}", TrackAsync);
        carrier.MapPatch("{trackingNumber}/address", ChangeAddressAsync);
        carrier.MapPost("{trackingNumber}/dispatch", http => AskAsync(http, "dispatch", _requests.Dispatch));
        carrier.MapPost("{trackingNumber}/cancel", http => AskAsync(http, "cancel_shipment", _requests.Cancel));
        carrier.MapPost("{trackingNumber}/return", http => AskAsync(http, "return", _requests.Return));
    }

    private async Task RegisterAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        ShipmentRequest request = ShipmentRequest.Read(fields);
        string carrier = Carrier(http);
        await CallAsync(http, fields, "register", [request.ClientReference, request.OrderReference], decline =>
            store.WriteAsync(sql => Register(sql, carrier, request, decline)));
    }

    private Answer Register(SqlSession sql, string carrier, ShipmentRequest request, bool decline)
    {
        if (Parcel.ByReference(sql, carrier, request.ClientReference) is { } existing)
        {
            return Answer.Json(200, Registered(existing));
        }

        if (decline || request.PostalCode == Destinations.Refused)
        {
            return AddressChanges.Undeliverable();
        }

        return Destinations.IsDown(sql, carrier, request.ClientReference, request.PostalCode)
            ? Unavailable(503)
            : Answer.Json(201, Registered(books.Register(sql, carrier, request)));
    }

    private Task FindAsync(HttpContext http)
    {
        string? reference = http.Request.Query["clientReference"];
        string carrier = Carrier(http);
        return CallAsync(http, null, "query", [reference ?? ""], _ => reference is null
            ? Task.FromResult(
                Answer.Error(400, "INVALID_REQUEST", "clientReference is required.", "clientReference"))
            : store.ReadAsync(sql => Shown(sql, Parcel.ByReference(sql, carrier, reference))));
    }

    private Task TrackAsync(HttpContext http)
    {
        string number = Number(http);
        string carrier = Carrier(http);
        return CallAsync(http, null, "query", [number], _ =>
            store.ReadAsync(sql => Shown(sql, Parcel.ByNumber(sql, carrier, number))));
    }

    private async Task ChangeAddressAsync(HttpContext http)
    {
        RequestFields fields = await RequestFields.ReadAsync(http.Request);
        string postalCode = ShipmentRequest.ReadRecipient(fields.Object("recipient"));
        await AskAsync(http, fields, "readdress", (sql, parcel, reference, decline) =>
            addresses.Change(sql, parcel, reference, postalCode, decline) ?? Unavailable(503));
    }

    private async Task AskAsync(
        HttpContext http, string operation, Func<SqlSession, Parcel, string, Answer> ask) => await AskAsync(
            http, await RequestFields.ReadAsync(http.Request), operation,
            (sql, parcel, reference, _) => ask(sql, parcel, reference));

    private async Task AskAsync(
        HttpContext http, RequestFields fields, string operation, Func<SqlSession, Parcel, string, bool, Answer> ask)
    {
        string reference = fields.Text("clientReference", ShipmentRequest.ReferenceCharsMax);
        string number = Number(http);
        string carrier = Carrier(http);
        Parcel? known = await store.ReadAsync(sql => Parcel.ByNumber(sql, carrier, number));
        string[] keys = [reference, number, known?.OrderReference ?? ""];
        await CallAsync(http, fields, operation, keys, decline => store.WriteAsync(sql =>
            Parcel.ByNumber(sql, carrier, number) is { } parcel
                ? ask(sql, parcel, reference, decline)
                : Unknown()));
    }

    private async Task CallAsync(
        HttpContext http, RequestFields? fields, string operation, string[] keys, Func<bool, Task<Answer>> effect)
    {
        Answer? answer = !CarrierIds.IsKnown(Carrier(http))
            ? Answer.Error(404, "UNKNOWN_CARRIER", "There is no such carrier.")
            : !Credentials.HasBearer(http.Request, apiKey)
                ? Answer.Error(401, "UNAUTHORIZED", "The API key is missing or wrong.")
                : fields?.Problem is { } problem
                    ? problem.ToAnswer()
                    : await gate.RunAsync(
                        http, new FaultPoint($"carrier:{Carrier(http)}", operation, keys), Unavailable, effect);
        await (answer?.SendAsync(http) ?? Task.CompletedTask);
    }

    private static object Registered(Parcel parcel) => new
    {
        carrier = parcel.Carrier,
        trackingNumber = parcel.TrackingNumber,
        clientReference = parcel.ClientReference,
        status = parcel.Status,
        registeredAt = StoredTime.Utc(parcel.RegisteredAt),
    };

    private static Answer Shown(SqlSession sql, Parcel? parcel) =>
        parcel is null ? Unknown() : Answer.Json(200, parcel.Shown(sql));

    private static Answer Unknown() => Answer.Error(404, "UNKNOWN_SHIPMENT", "There is no such shipment.");

    private static Answer Unavailable(int status) => Answer.Error(
        status, status == 503 ? "UNAVAILABLE" : "INTERNAL_ERROR", "The carrier is not available. Try again later.");

    private static string Carrier(HttpContext http) => http.GetRouteValue("carrier")!.ToString()!;

    private static string Number(HttpContext http) => http.GetRouteValue("trackingNumber")!.ToString()!;
}
