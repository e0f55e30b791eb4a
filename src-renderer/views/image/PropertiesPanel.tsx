import { useState, type ReactNode } from 'react';
import type { ImageSummary, WimSummary } from '../../../src-shared/model/summaries';
import { api } from '../../api/api';
import { formatBytes, formatCount, formatTime } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { runWork } from '../../stores/jobs';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Checkbox, TextField } from '../../ui/fields';
import { describeError } from '../../ui/errors';
import { Facts, Notice } from '../../ui/pieces';
import { assertUnchanged, isStale } from './assertUnchanged';
import { countProperties, editable, propertyWork, type WimDraft } from './draftModel';
import { dropProperties, setBootIndex, setProperty } from './drafts';
import { useCommitting, type Freshness } from './useFreshness';
import { isCancelled } from './useRequest';

/** The properties of the selected image, changed in place; all changes of the file are written with one button. */
export function PropertiesPanel({
  wim,
  summary,
  revision,
  image,
  draft,
  locked,
  freshness,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly revision: string;
  readonly image: ImageSummary;
  readonly draft: WimDraft | null;
  readonly locked: string | undefined;
  readonly freshness: Freshness;
}): ReactNode {
  const t = useText();
  const values = draft?.images[image.index]?.values ?? {};
  const name = values.name ?? image.name;
  const taken = summary.images.find(
    (other) =>
      other.index !== image.index &&
      name !== '' &&
      (draft?.images[other.index]?.values.name ?? other.name) === name,
  );
  const bootIndex = draft?.bootIndex ?? summary.bootIndex;
  const boots = bootIndex === image.index;
  return (
    <aside className="image-properties" aria-label={t('image.properties')}>
      <div
        className="fields scroll"
        // Without fields that take the focus, the pane itself must take it to be scrolled.
        {...(locked === undefined ? {} : { tabIndex: 0, role: 'group', 'aria-label': t('image.properties') })}
      >
        {editable.map((property) => (
          <TextField
            key={`${image.index} ${property}`}
            label={t(`image.property.${property}`)}
            value={values[property] ?? image[property]}
            onChange={(value) => setProperty(wim, revision, image, property, value)}
            isDisabled={locked !== undefined}
            error={
              property === 'name' && taken !== undefined
                ? t('image.name.takenBy', { index: taken.index })
                : undefined
            }
            lesson={`image.${property}`}
          />
        ))}
        <div className="boot">
          <Checkbox
            isSelected={boots}
            isDisabled={locked !== undefined}
            onChange={(on) => {
              const next = on ? image.index : 0;
              setBootIndex(wim, revision, next === summary.bootIndex ? null : next);
            }}
          >
            {t('image.property.boot')}
          </Checkbox>
        </div>
        {locked !== undefined && <p className="soft">{locked}</p>}
        <Facts facts={imageFacts(image, t)} />
      </div>
      <SaveProperties wim={wim} draft={draft} blocked={taken !== undefined} freshness={freshness} />
    </aside>
  );
}

function SaveProperties({
  wim,
  draft,
  blocked,
  freshness,
}: {
  readonly wim: string;
  readonly draft: WimDraft | null;
  readonly blocked: boolean;
  readonly freshness: Freshness;
}): ReactNode {
  const t = useText();
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const { committed } = useCommitting();
  const count = countProperties(draft);
  if (count === 0 && (fault === undefined || isStale(fault))) return null;

  const save = async (): Promise<void> => {
    if (draft === null) return;
    setSaving(true);
    setFault(undefined);
    let written = false;
    try {
      await writeProperties(wim, draft, () => {
        written = true;
      });
    } catch (error) {
      if (!isCancelled(error)) setFault(error);
    } finally {
      setSaving(false);
      if (written) committed();
    }
  };
  return (
    <footer className="stack">
      {fault !== undefined &&
        (isStale(fault) ? (
          freshness.outdated && (
            <Notice tone="decision" live>
              <span>{describeError(fault, t).message}</span>
              <div>
                <Button onPress={() => void freshness.lookAgain()}>{t('image.changed.look')}</Button>
              </div>
            </Notice>
          )
        ) : (
          <ErrorNotice error={fault} />
        ))}
      {count > 0 && (
        <div className="row-flex">
          <Button
            kind="primary"
            isDisabled={saving || blocked}
            onPress={() => void save()}
            lesson="image.saveProperties"
          >
            {saving ? t('image.properties.saving') : t('image.properties.save', { count })}
          </Button>
          <Button
            kind="quiet"
            isDisabled={saving}
            onPress={() => {
              setFault(undefined);
              dropProperties(wim);
            }}
          >
            {t('image.pending.discard')}
          </Button>
        </div>
      )}
    </footer>
  );
}

/**
 * Writes changed properties, image by image; each is taken out of the draft when it is written.
 * @param onWritten called after each piece that was written
 * @throws AppError 'plan/stale' when the file is another than the one that the changes rest on
 */
async function writeProperties(wim: string, draft: WimDraft, onWritten: () => void): Promise<void> {
  await assertUnchanged(wim, draft.revision);
  for (const work of propertyWork(wim, draft)) {
    const plan = await (await api.jobs.plan({ work })).result;
    const { result } = await runWork(plan.work, plan.fingerprint);
    await result;
    onWritten();
    if (typeof work.request.image === 'number') dropProperties(wim, work.request.image);
    if (work.request.boot === true) setBootIndex(wim, draft.revision, null);
  }
}

function imageFacts(image: ImageSummary, t: Translate): [string, ReactNode][] {
  const { windows } = image;
  const facts: [string, ReactNode][] = [
    [t('image.column.files'), formatCount(image.fileCount)],
    [t('image.fact.folders'), formatCount(image.directoryCount)],
    [t('image.column.size'), formatBytes(image.totalBytes)],
  ];
  if (image.hardLinkBytes > 0) facts.push([t('image.fact.hardLinks'), formatBytes(image.hardLinkBytes)]);
  facts.push(
    [t('image.fact.created'), formatTime(image.creationTime)],
    [t('image.column.modified'), formatTime(image.lastModificationTime)],
  );
  if (image.wimboot) facts.push([t('image.fact.wimboot'), t('common.yes')]);
  if (windows !== null) {
    const version = [windows.majorVersion, windows.minorVersion, windows.build, windows.servicePackBuild]
      .filter((part) => part !== null)
      .join('.');
    facts.push([
      t('image.fact.windows'),
      [windows.productName, windows.editionId, version, windows.architecture]
        .filter((part) => part !== '')
        .join(', '),
    ]);
    if (windows.languages.length > 0) {
      facts.push([t('image.fact.languages'), windows.languages.join(', ')]);
    }
    if (windows.systemRoot !== '') facts.push([t('image.fact.systemRoot'), windows.systemRoot]);
  }
  return facts;
}
