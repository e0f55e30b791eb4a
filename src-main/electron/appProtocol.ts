import { assetHeaders, resolveAsset, securityHeaders } from '../app/assets';
import { isOwnAddress } from './origin';

export interface AssetServer {
  /** Directory of the page. */
  readonly root: string;
  /** Reads a file of the program; it rejects when there is none. */
  readonly readFile: (file: string) => Promise<Uint8Array>;
}

/** The handler of the program's own scheme: files of the page, with the content security policy on every answer. */
export function createAssetHandler({
  root,
  readFile,
}: AssetServer): (request: Pick<Request, 'method' | 'url'>) => Promise<Response> {
  const refuse = (status: number, reason: string): Response =>
    new Response(reason, {
      status,
      headers: {
        ...securityHeaders,
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-store',
      },
    });

  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'Only GET is served.');
    const file = isOwnAddress(url) ? resolveAsset(root, url) : undefined;
    if (file === undefined) return refuse(404, 'There is no such page.');
    let bytes: Uint8Array;
    try {
      bytes = await readFile(file);
    } catch {
      // Missing or unreadable: to the page both are the same, and it is told nothing of the disk.
      return refuse(404, 'There is no such page.');
    }
    const body = method === 'HEAD' ? null : new Uint8Array(bytes);
    return new Response(body, { status: 200, headers: assetHeaders(file) });
  };
}
