import { token, signOut } from '../app/session';
import { language } from '../app/preferences';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

type Json<T> = T extends { content: { 'application/json': infer R } } ? R : never;
type Answers<O> = O extends { responses: infer R }
  ? Json<R[keyof R & 200]> | Json<R[keyof R & 201]> | Json<R[keyof R & 202]>
  : never;
type DataOf<O> = Answers<O> extends infer A ? (A extends { data: infer D } ? D : never) : never;
type BodyOf<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : undefined;
type With<M extends string> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? (paths[P][M] extends { responses: object } ? P : never) : never;
}[keyof paths];

export type Query = Record<string, string | number | boolean | null | undefined>;
export type Page<T> = { data: T; next: string | undefined };

/** What the server says when it refuses or fails, in the asked language. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly traceId: string | undefined,
  ) {
    super(message);
  }
}

type Options = { params?: Record<string, string>; query?: Query; signal?: AbortSignal; body?: unknown; as?: string };

function address(path: string, { params = {}, query = {} }: Options): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const pairs = Object.entries(query).filter(([, value]) => value != null && value !== '');
  return pairs.length === 0
    ? filled
    : `${filled}?${new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

/** Sends a request with the token and the language; throws an ApiError when the answer is none of success. */
export async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': language() };
  const bearer = options.as ?? token();
  if (bearer) {
    headers['Authorization'] = `Bearer ${bearer}`;
  }
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  const response = await fetch(address(path, options), {
    method,
    headers,
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal ?? null,
  });
  if (response.ok) {
    return response;
  }
  if (response.status === 401 && options.as === undefined) {
    signOut();
  }
  const failure = (await response.json().catch(() => undefined)) as Schemas['ApiFailure'] | undefined;
  throw new ApiError(
    response.status,
    failure?.error.code ?? String(response.status),
    failure?.error.message ?? response.statusText,
    failure?.error.traceId,
  );
}

async function data<T>(method: string, path: string, options: Options): Promise<Page<T>> {
  const response = await send(method, path, options);
  const answer = (await response.json()) as { data: T; meta?: { nextCursor?: string } };
  return { data: answer.data, next: answer.meta?.nextCursor };
}

/** GET: the page and where the next one begins. */
export const getPage = <P extends With<'get'>>(path: P, options: Options = {}) =>
  data<DataOf<paths[P]['get']>>('GET', path, options);

/** GET: the data alone. */
export const get = async <P extends With<'get'>>(path: P, options: Options = {}) => (await getPage(path, options)).data;

/** POST. */
export const post = async <P extends With<'post'>>(
  path: P,
  body?: BodyOf<paths[P]['post']>,
  options: Options = {},
) => (await data<DataOf<paths[P]['post']>>('POST', path, { ...options, body })).data;

/** DELETE; what it answers is not looked at. */
export const remove = async (path: With<'delete'>, params: Record<string, string>): Promise<void> => {
  await send('DELETE', path, { params });
};
