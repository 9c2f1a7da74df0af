using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace DoaMarket.Sandbox.Mail;

/// <summary>What came of reading a line.</summary>
internal enum SmtpRead
{
    Line,
    TooLong,
    Closed,
}

/// <summary>Lines over a connection, ended by CR LF; bytes are held one per character (Latin-1).</summary>
internal sealed class SmtpLines(NetworkStream stream)
{
    /// <summary>RFC 5321 4.5.3.1.6: a line has at most 1,000 bytes with its end.</summary>
    public const int LineBytesMax = 1_000;

    private const int IpProtoTcp = 6;
    private const int TcpQuickAck = 12;

    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next line without its end. One that is too long is read over and reported.</summary>
    /// <exception cref="OperationCanceledException">The client was silent too long, or the server stops.</exception>
    public async Task<(SmtpRead Read, string Line)> ReadAsync(CancellationToken stopping)
    {
        using CancellationTokenSource silent = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        silent.CancelAfter(IdleMax);
        bool tooLong = false;
        while (true)
        {
            AcknowledgeAtOnce();
            ReadResult result = await _reader.ReadAsync(silent.Token);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                ReadOnlySequence<byte> line = buffer.Slice(0, end);
                tooLong |= line.Length >= LineBytesMax;
                string text = tooLong ? "" : Encoding.Latin1.GetString(line);
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return (tooLong ? SmtpRead.TooLong : SmtpRead.Line, text.EndsWith('\r') ? text[..^1] : text);
            }

            if (result.IsCompleted)
            {
                return (SmtpRead.Closed, "");
            }

            if (buffer.Length >= LineBytesMax)
            {
                tooLong = true;
                _reader.AdvanceTo(buffer.End);
            }
            else
            {
                _reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    // Mail clients send a message in small pieces and, by Nagle's rule, wait for each to be acknowledged; Linux delays
    // that by 40 ms unless told otherwise, anew for each piece.
    private void AcknowledgeAtOnce()
    {
        if (OperatingSystem.IsLinux())
        {
            stream.Socket.SetRawSocketOption(IpProtoTcp, TcpQuickAck, [1, 0, 0, 0]);
        }
    }

    public async Task WriteAsync(string reply, CancellationToken stopping) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), stopping);
}
