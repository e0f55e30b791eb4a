import type { AppError } from '../../src-shared/errors/appError';
import type { InfoRequest } from '../../src-shared/model/requests';
import type { BlobDetails, WimSummary } from '../../src-shared/model/summaries';
import { decodeTextFile } from '../engine/tree/textLines';
import type { InfoParts, WorkAction } from './command';
import { changesImage, changesInfo } from './grammar/wimlibVerbs';
import { findImage, imageToChange } from './images';
import { forEachItem } from './jsonDocument';
import { finish, type Run } from './runContext';
import { renderEntry } from './text/entries';
import { renderHeader } from './text/header';
import { renderImageInfo, renderWimInfo } from './text/info';
import { renderInfoChanges } from './text/infoChanges';
import { renderBlob } from './text/resources';

/** `dir`: printed while it is read. */
export async function runDir(
  action: Extract<WorkAction, { verb: 'dir' }>,
  { verbs, context, json, screen }: Run,
): Promise<AppError | undefined> {
  const { request, detailed } = action;
  if (json !== undefined) {
    await json.listing(detailed ? await verbs.dir(request, context) : await verbs.dirPaths(request, context));
    return undefined;
  }
  const show = (text: string): Promise<void> | undefined => {
    if (!screen.collect(text)) return undefined;
    context.signal.throwIfAborted();
    return screen.flush();
  };
  if (detailed) await forEachItem(await verbs.dir(request, context), (entry) => show(renderEntry(entry)));
  else await forEachItem(await verbs.dirPaths(request, context), (path) => show(`${path}\n`));
  await screen.flush();
  return undefined;
}

/** `info`: changes when it is asked for any, prints otherwise. */
export async function runInfo(
  action: Extract<WorkAction, { verb: 'info' }>,
  run: Run,
): Promise<AppError | undefined> {
  const { request, show } = action;
  if (changesInfo(request)) return changeInfo(request, run);
  const { wim, verifyIntegrity } = request;
  const summary = await run.verbs.info(
    { wim, ...(verifyIntegrity === undefined ? {} : { verifyIntegrity }) },
    run.context,
  );
  for (const warning of summary.warnings) run.context.onWarning(warning);
  const shown: WimSummary = { ...summary, path: wim };
  const image = request.image === undefined ? undefined : findImage(shown, request.image, wim);
  if (show.header || show.blobs || show.xml || show.extractXml !== undefined) {
    if (show.xml && image !== undefined) {
      run.context.onWarning('the XML data of the whole WIM is shown; it is not divided by image');
    }
    await showParts(shown, show, run, request.dryRun === true);
  } else if (run.json !== undefined) {
    await run.json.result(image === undefined ? shown : { ...shown, images: [image] });
  } else {
    await run.screen.print(image === undefined ? renderWimInfo(shown) : renderImageInfo(image));
    await run.screen.flush();
  }
  return undefined;
}

async function changeInfo(request: InfoRequest, run: Run): Promise<AppError | undefined> {
  let change = request;
  if (changesImage(request)) {
    const before = await run.verbs.info({ wim: request.wim }, run.context);
    change = { ...request, image: imageToChange(before, request) };
  }
  const summary = { ...(await run.verbs.info(change, run.context)), path: request.wim };
  return finish(run, summary, renderInfoChanges(change));
}

async function showParts(summary: WimSummary, show: InfoParts, run: Run, dryRun: boolean): Promise<void> {
  const { verbs, json, screen } = run;
  const wim = summary.path;
  if (show.blobs && summary.totalParts !== 1) {
    run.context.onWarning(`only the blobs of part ${summary.partNumber} of ${summary.totalParts} are shown`);
  }
  // The engine finds the other parts of a set by itself; their tables are theirs.
  const isHere = ({ partNumber }: BlobDetails): boolean => partNumber === summary.partNumber;
  const xml = show.xml || show.extractXml !== undefined ? await verbs.xml(wim) : undefined;
  if (xml !== undefined && show.extractXml !== undefined) {
    if (dryRun) run.context.onWarning(`dry run: ${show.extractXml} was not written`);
    else await run.environment.files.write(show.extractXml, xml);
  }
  if (json !== undefined) {
    const blobs: unknown[] = [];
    if (show.blobs)
      await forEachItem(await verbs.blobs(wim), (blob) => {
        if (isHere(blob)) blobs.push(blob);
        return undefined;
      });
    await json.result({
      ...(show.header ? { header: await verbs.header(wim) } : {}),
      ...(show.blobs ? { blobs } : {}),
      ...(xml !== undefined && show.xml ? { xml: decodeTextFile(xml, 'XML data') } : {}),
      ...(show.extractXml === undefined || dryRun ? {} : { extractedXml: show.extractXml }),
    });
    return;
  }
  if (show.header) await screen.print(renderHeader(await verbs.header(wim)));
  if (show.blobs) {
    await forEachItem(await verbs.blobs(wim), (blob) =>
      isHere(blob) && screen.collect(renderBlob(blob)) ? screen.flush() : undefined,
    );
  }
  await screen.flush();
  if (xml === undefined || !show.xml) return;
  if (!run.environment.stdout.isTTY) return screen.bytes(xml);
  // A person reads text; a program gets the bytes as they are stored.
  await screen.print(`${decodeTextFile(xml, 'XML data')}\n`);
  await screen.flush();
}
