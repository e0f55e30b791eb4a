import type { InfoRequest } from '../../../src-shared/model/requests';

/** What `info` changed, or on a dry run would change. */
export function renderInfoChanges(request: InfoRequest): string {
  const { wim, image, dryRun } = request;
  const is = dryRun === true ? 'would be' : 'is now';
  const lines: string[] = [];
  if (request.boot === true) {
    lines.push(
      image === 0
        ? `No image of "${wim}" ${is} the one that boots.`
        : `Image ${image ?? 1} of "${wim}" ${is} the one that boots.`,
    );
  }
  const properties = [
    ...(request.properties ?? []),
    ...(request.newName === undefined ? [] : [['NAME', request.newName] as const]),
    ...(request.newDescription === undefined ? [] : [['DESCRIPTION', request.newDescription] as const]),
  ];
  for (const [name, value] of properties)
    lines.push(`${name} of image ${image ?? 1} of "${wim}" ${is} "${value}".`);
  if (request.readOnly !== undefined) {
    lines.push(`"${wim}" ${is} ${request.readOnly ? 'marked as read-only' : 'free of the read-only mark'}.`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
