using DoaMarket.Contracts;
using DoaMarket.Kernel;

namespace DoaMarket.Shipping.Tests;

/// <summary>What must hold after each commit of an interleaving, and at its end.</summary>
public sealed partial class InterleavingTests
{
    private sealed partial class Interleaving
    {
        private void Check(Shipment? before, Shipment after)
        {
            Say($"    {before?.Status.Wire() ?? "-"} → {after.Status.Wire()} {after.Call}");
            var (from, to) = (before?.Status ?? ShipmentStatus.Stub, after.Status);
            Assert.True(Rank(to) >= Rank(from), $"H3: {from} → {to}");
            if (to == ShipmentStatus.Dispatching && from != to)
            {
                Assert.True(
                    after.IsPaid && after.IsCommitted && after.Cancel is null && _world.Now >= after.HoldUntil, "H1");
                Assert.True(after.Amends.All(a => a.Status != AmendStatus.Open), "H1: a partial cancel is open");
                Assert.Null(after.AddressChange);
                Assert.Equal(
                    after.Consignment!.Address,
                    Carriers.SelectMany(c => c.Parcels).Single(p => p.Status != CarrierStatus.Cancelled).To);
            }
        }

        private void CheckWaybills()
        {
            Assert.True(Carriers.Sum(c => c.LiveWaybills) <= 1, "H2: two live waybills");
            Assert.All(Carriers.SelectMany(c => c.Parcels), p => Assert.InRange(p.Dispatches, 0, 1));
        }

        private void CheckEnd()
        {
            var s = _world.Shipment!;
            Assert.Null(s.Call);
            Assert.NotEmpty(_world.Sent);
            var isOver = s.Status is ShipmentStatus.Delivered or ShipmentStatus.Returned or ShipmentStatus.Cancelled
                or ShipmentStatus.Failed;
            Assert.True(isOver, $"stands at {s.Status}");
            if (s.Status is ShipmentStatus.Cancelled or ShipmentStatus.Failed)
            {
                Assert.Equal(0, Carriers.Sum(c => c.LiveWaybills));
            }

            if (s.Cancel is { } cancel)
            {
                var isDefinite = _world.All<ShippingCancelled>().Count + _world.All<ShippingCancelRefused>().Count > 0;
                Assert.True(isDefinite, "a cancel without an answer");
                Assert.False(
                    _world.All<ShippingCancelled>().Count > 0 && _world.All<ShippingDispatched>().Count > 0, "both");
                Assert.Equal(s.Status is ShipmentStatus.Returned, _world.All<ReturnReceived>().Count > 0);
                Assert.NotNull(cancel.Reason);
            }
            else
            {
                Assert.Equal(s.Status is ShipmentStatus.Failed, _world.All<PrepareFailed>().Count > 0);
            }

            Assert.DoesNotContain(_world.Alerts, a => a.Alert.Severity == AlertSeverity.P1);
        }

        private void CheckChanges()
        {
            var s = _world.Shipment!;
            Assert.Null(s.AddressChange);
            var changed = _world.All<ShippingAddressChanged>().Count;
            _seen.Readdressed += changed;
            _seen.AddressesKept += s.AddressOutcome?.Code is null ? 0 : 1;
            Assert.InRange(changed, 0, s.AddressChanges);
            foreach (var live in Carriers.SelectMany(c => c.Parcels).Where(p => p.Dispatches > 0))
            {
                Assert.Equal(s.Consignment!.Address, live.To);
            }

            if (!_isChanged)
            {
                return;
            }

            var amend = Assert.Single(s.Amends);
            Assert.True(
                amend.Status is not AmendStatus.Open || s.Status is ShipmentStatus.Cancelled or ShipmentStatus.Failed,
                "a partial cancel was left open");
            var isOut = amend.Status is AmendStatus.Open or AmendStatus.Settled;
            if (s.Consignment is { } parcel)
            {
                var pieces = isOut ? 1 : 2;
                Assert.Equal((pieces, 500 * pieces), (parcel.Items.Sum(i => i.Quantity), parcel.WeightGrams));
            }

            _seen.Amended += amend.Amended is null ? 0 : 1;
            _seen.Refused += amend.Refused is null ? 0 : 1;
            _seen.Undone += amend is { Undone: not null, Amended: not null } ? 1 : 0;
            _seen.Tombstones += amend is { Undone: not null, Amended: null } ? 1 : 0;
            _seen.Settled += amend.Status == AmendStatus.Settled ? 1 : 0;
        }

        /// <summary>
        /// The order of a shipment's life, written down once more and independently of the table of moves.
        /// </summary>
        private static int Rank(ShipmentStatus status) => status switch
        {
            ShipmentStatus.Stub => 0,
            ShipmentStatus.Preparing => 1,
            ShipmentStatus.Prepared => 2,
            ShipmentStatus.Dispatching => 3,
            ShipmentStatus.Cancelling => 4,
            ShipmentStatus.Dispatched => 5,
            ShipmentStatus.InTransit => 6,
            ShipmentStatus.OutForDelivery => 7,
            ShipmentStatus.Delivered or ShipmentStatus.DeliveryFailed => 8,
            ShipmentStatus.Returning => 9,
            ShipmentStatus.ReturnPickedUp => 10,
            ShipmentStatus.Returned => 11,
            ShipmentStatus.ReturnCompleted => 12,
            _ => 13, // cancelled and failed are ends
        };
    }
}
