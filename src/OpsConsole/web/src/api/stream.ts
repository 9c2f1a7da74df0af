import { ApiError, send } from './client';

/**
 * Reads server-sent events. The browser's own EventSource cannot send a token, and one in the address would end up in
 * logs; so the stream is read by hand, and begun again with growing waits when it breaks. It is closed while nobody looks:
 * a browser has six connections to a server, and every open tab would keep one.
 */
export async function follow<T>(path: string, onEvent: (event: T) => void, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  for (let failures = 0; !signal.aborted; ) {
    await shown(signal);
    const looked = whileShown(signal);
    try {
      const response = await send('GET', path, { signal: looked.signal, query: { lastEventId: lastId } });
      if (response.status === 204 || response.body === null) {
        return; // nothing more will come
      }
      failures = 0;
      for await (const event of events(response.body)) {
        lastId = event.id ?? lastId;
        onEvent(JSON.parse(event.data) as T);
      }
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && error.status < 500 && error.status !== 429)) {
        return;
      }
      failures += looked.signal.aborted ? 0 : 1;
    } finally {
      looked.end();
    }
    await pause(Math.min(1000 * 2 ** failures, 15_000), signal);
  }
}

/** Waits until the page is looked at. */
function shown(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (document.visibilityState === 'visible' || signal.aborted) {
      resolve();
      return;
    }
    const end = new AbortController();
    const done = () => { end.abort(); resolve(); };
    document.addEventListener('visibilitychange', done, { signal: end.signal });
    signal.addEventListener('abort', done, { signal: end.signal });
  });
}

/** A signal that is given when the page is hidden, or when the other one is. */
function whileShown(signal: AbortSignal): { signal: AbortSignal; end: () => void } {
  const [hidden, end] = [new AbortController(), new AbortController()];
  const hide = () => { if (document.visibilityState === 'hidden') { hidden.abort(); } };
  document.addEventListener('visibilitychange', hide, { signal: end.signal });
  return { signal: AbortSignal.any([signal, hidden.signal]), end: () => end.abort() };
}

type Event = { id: string | undefined; data: string };

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
      if (data.length > 0) {
        yield { id: lines.find((line) => line.startsWith('id: '))?.slice(4), data: data.join('\n') };
      }
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
