import { useEffect, useState, type ReactNode } from 'react';
import { useText, type Translate } from '../../i18n/translate';
import { openSession, reopenSession, useSession, type OpenedWim } from '../../stores/session';
import { navigate, setParams, useRoute } from '../../stores/route';
import { baseName } from '../../stores/workNames';
import type { WimSummary } from '../../../src-shared/model/summaries';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { EmptyState, Notice, Page, PathText } from '../../ui/pieces';
import { Tabs } from '../../ui/tabs';
import { openWimDialog } from '../files/openWim';
import { CompareTab } from './compare/CompareTab';
import { ContentsTab } from './contents/ContentsTab';
import { countDraft } from './draftModel';
import { dropDraft, useDraft } from './drafts';
import { HeaderFacts, WimNotices } from './HeaderFacts';
import './image.css';
import { ImageActions } from './ImageActions';
import { ImagesTable } from './ImagesTable';
import { IntegrityTab } from './IntegrityTab';
import { PropertiesPanel } from './PropertiesPanel';
import { SpaceTab } from './space/SpaceTab';
import { Splitter } from './Splitter';
import { useFreshness, type Freshness } from './useFreshness';

const tabNames = ['contents', 'space', 'compare', 'integrity'] as const;
type TabName = (typeof tabNames)[number];

/** Heights of the upper pane, in rem. */
const UPPER = { usual: 14.5, least: 5, most: 40 };

/** One WIM: its images, the properties of one, and what is in it. */
export function ImageView(): ReactNode {
  const t = useText();
  const { params } = useRoute();
  const wim = params['wim'] ?? '';
  const state = useSession();
  useEffect(() => {
    if (wim !== '') void openSession(wim);
  }, [wim]);
  if (wim === '') {
    return (
      <EmptyState
        alone
        title={t('image.nothingOpen')}
        actions={<Button onPress={() => void openWimDialog()}>{t('command.openWim')}</Button>}
      />
    );
  }
  if (state.wim !== wim || state.opened === null) {
    const failed = state.wim === wim && state.error !== undefined && !state.opening;
    return (
      <Page title={<Title wim={wim} />}>
        {failed ? (
          <CannotOpen wim={wim} error={state.error} />
        ) : (
          <p className="view-loading" role="status">
            {t('common.loading')}
          </p>
        )}
      </Page>
    );
  }
  return <OpenedView key={wim} wim={wim} opened={state.opened} error={state.error} />;
}

function Title({ wim }: { readonly wim: string }): ReactNode {
  return (
    <span className="image-title">
      {baseName(wim)}
      <span className="place">
        <PathText path={wim} />
      </span>
    </span>
  );
}

function CannotOpen({ wim, error }: { readonly wim: string; readonly error: unknown }): ReactNode {
  const t = useText();
  return (
    <div className="image-pane stack">
      <ErrorNotice error={error} onRetry={() => void Promise.allSettled([reopenSession()])} />
      <div className="row-flex">
        <Button onPress={() => void openWimDialog()}>{t('image.openAnother')}</Button>
        <Button onPress={() => navigate('images')}>{t('command.images')}</Button>
      </div>
      <p className="soft">{t('image.untouched', { name: baseName(wim) })}</p>
    </div>
  );
}

function OpenedView({
  wim,
  opened,
  error,
}: {
  readonly wim: string;
  readonly opened: OpenedWim;
  readonly error: unknown;
}): ReactNode {
  const t = useText();
  const { params } = useRoute();
  const { summary, revision } = opened;
  const draft = useDraft(wim);
  const freshness = useFreshness(wim);
  const [upper, setUpper] = useState(UPPER.usual);
  const [fault, setFault] = useState<unknown>();
  const asked = Number(params['image'] ?? 1);
  const image = summary.images.find(({ index }) => index === asked) ?? summary.images.at(0);
  const tab = tabNames.find((name) => name === params['tab']) ?? 'contents';
  const locked = lockedBecause(summary, t);
  const unreadable = unreadableBecause(summary, t);
  const needsImage = (content: (index: NonNullable<typeof image>) => ReactNode) => (): ReactNode =>
    image === undefined ? (
      <EmptyState title={t('image.images.none')} />
    ) : unreadable === undefined ? (
      content(image)
    ) : (
      <EmptyState title={t('image.contents.unreadable')}>
        <p>{unreadable}</p>
      </EmptyState>
    );

  return (
    <Page
      title={<Title wim={wim} />}
      facts={<HeaderFacts summary={summary} />}
      actions={
        <ImageActions
          wim={wim}
          summary={summary}
          image={image}
          locked={locked}
          readable={unreadable === undefined}
          onError={setFault}
        />
      }
    >
      <div className="image-view">
        <WimNotices wim={wim} summary={summary} />
        <FreshnessNotice wim={wim} freshness={freshness} count={countDraft(draft)} />
        {(fault !== undefined || error !== undefined) && (
          <div className="image-notices">
            <ErrorNotice error={fault ?? error} onRetry={() => void freshness.lookAgain()} />
          </div>
        )}
        <div className="image-upper" style={{ height: `${upper}rem` }}>
          <ImagesTable
            wim={wim}
            summary={summary}
            revision={revision}
            draft={draft}
            selected={image?.index ?? 0}
            onSelect={(index) => setParams({ image: String(index), path: undefined })}
          />
          {image !== undefined && (
            <PropertiesPanel
              wim={wim}
              summary={summary}
              revision={revision}
              image={image}
              draft={draft}
              locked={locked}
              freshness={freshness}
            />
          )}
        </div>
        <Splitter
          label={t('image.splitter')}
          value={upper}
          minimum={UPPER.least}
          maximum={UPPER.most}
          onChange={setUpper}
        />
        <div className="image-tabs">
          <Tabs<TabName>
            label={t('image.tabs')}
            selected={tab}
            onSelect={(name) => setParams({ tab: name === 'contents' ? undefined : name })}
            tabs={[
              {
                id: 'contents',
                label: t('image.tab.contents'),
                content: needsImage((shown) => (
                  <ContentsTab
                    wim={wim}
                    revision={revision}
                    image={shown}
                    path={params['path'] ?? '/'}
                    locked={locked}
                    freshness={freshness}
                  />
                )),
              },
              {
                id: 'space',
                label: t('image.tab.space'),
                content: needsImage((shown) => <SpaceTab image={shown.index} revision={revision} />),
              },
              {
                id: 'compare',
                label: t('image.tab.compare'),
                content: needsImage((shown) => <CompareTab wim={wim} summary={summary} image={shown} />),
              },
              {
                id: 'integrity',
                label: t('image.tab.integrity'),
                content: () => <IntegrityTab wim={wim} summary={summary} locked={locked} />,
              },
            ]}
          />
        </div>
      </div>
    </Page>
  );
}

/** Says that the file is another one than what the pending changes were made for. */
function FreshnessNotice({
  wim,
  freshness,
  count,
}: {
  readonly wim: string;
  readonly freshness: Freshness;
  readonly count: number;
}): ReactNode {
  const t = useText();
  const { outdated, lookAgain, lost, error } = freshness;
  if (!outdated && lost.length === 0 && error === undefined) return null;
  return (
    <div className="image-notices">
      {error !== undefined && <ErrorNotice error={error} onRetry={() => void lookAgain()} />}
      {lost.length > 0 && (
        <Notice tone="decision" live>
          {t('image.changed.lost', { images: lost.join(', ') })}
        </Notice>
      )}
      {outdated && (
        <Notice tone="decision" live>
          <div className="row-flex image-changed">
            <span className="grow">{t('image.changed.text', { name: baseName(wim), count })}</span>
            <Button onPress={() => void lookAgain()}>{t('image.changed.look')}</Button>
            <Button kind="quiet" onPress={() => dropDraft(wim)}>
              {t('image.changed.discard', { count })}
            </Button>
          </div>
        </Notice>
      )}
    </div>
  );
}

/** Why what lies in the images cannot be shown, in words; undefined when it can. */
function unreadableBecause(summary: WimSummary, t: Translate): string | undefined {
  if (summary.partNumber > 1) return t('image.warn.furtherPart', { part: summary.partNumber });
  return undefined;
}

/** Why a WIM cannot be changed, in words; undefined when it can. */
function lockedBecause({ attributes, totalParts }: WimSummary, t: Translate): string | undefined {
  if (totalParts > 1) return t('image.locked.part');
  if (attributes.readOnly) return t('image.locked.readOnly');
  return undefined;
}
