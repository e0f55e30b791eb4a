import {
  Combine,
  Cpu,
  Ellipsis,
  FileOutput,
  FileText,
  FolderSearch,
  PackageOpen,
  Plus,
  Scissors,
  ShieldCheck,
  Sparkles,
  Trash2,
} from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { ImageSummary, WimSummary } from '../../../src-shared/model/summaries';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useCommands } from '../../stores/commands';
import { navigate, setParams } from '../../stores/route';
import { Button, IconButton } from '../../ui/button';
import { MenuButton, type MenuEntry } from '../../ui/menu';
import { DeleteDialog } from './dialogs/DeleteDialog';
import { ExportDialog } from './dialogs/ExportDialog';
import { JoinDialog } from './dialogs/JoinDialog';
import { OptimizeDialog } from './dialogs/OptimizeDialog';
import { SplitDialog } from './dialogs/SplitDialog';
import { useVerification } from './useVerification';

type Open = 'export' | 'delete' | 'split' | 'join' | 'optimize';

/** Everything that can be done with a WIM or its selected image. */
export function ImageActions({
  wim,
  summary,
  image,
  locked,
  readable,
  onError,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly image: ImageSummary | undefined;
  /** Why the file cannot be changed; undefined: it can. */
  readonly locked: string | undefined;
  /** Whether what lies in the images can be read. */
  readonly readable: boolean;
  readonly onError: (error: unknown) => void;
}): ReactNode {
  const t = useText();
  const [open, setOpen] = useState<Open>();
  const canReveal = useApp(({ info }) => info?.canReveal === true);
  const { start } = useVerification(wim);
  const close = (): void => setOpen(undefined);
  const fixed = locked !== undefined;
  const isPart = summary.totalParts > 1;
  const index = image?.index;

  const entries: MenuEntry[] = [
    {
      id: 'export',
      label: t('image.menu.export'),
      icon: FileOutput,
      isDisabled: image === undefined || !readable,
      run: () => setOpen('export'),
    },
    {
      id: 'split',
      label: t('image.menu.split'),
      icon: Scissors,
      isDisabled: isPart,
      run: () => setOpen('split'),
    },
    {
      id: 'join',
      label: t('image.menu.join'),
      icon: Combine,
      isDisabled: !isPart,
      run: () => setOpen('join'),
    },
    {
      id: 'optimize',
      label: t('image.menu.optimize'),
      icon: Sparkles,
      isDisabled: fixed,
      run: () => setOpen('optimize'),
    },
    {
      id: 'drivers',
      label: t('image.menu.drivers'),
      icon: Cpu,
      isDisabled: fixed || image === undefined || !readable,
      run: () => navigate('wizard', { name: 'drivers', wim, image: String(index ?? 1) }),
    },
    {
      id: 'report',
      label: t('image.menu.report'),
      icon: FileText,
      run: () => navigate('wizard', { name: 'info', wim }),
    },
    ...(canReveal
      ? [
          {
            id: 'reveal',
            label: t('image.menu.reveal'),
            icon: FolderSearch,
            run: () => void api.files.reveal({ path: summary.path }).catch(onError),
          },
        ]
      : []),
    {
      id: 'delete',
      label: t('image.menu.delete'),
      icon: Trash2,
      danger: true,
      isDisabled: fixed || image === undefined,
      run: () => setOpen('delete'),
    },
  ];
  const commands = useMemo(
    () => [
      {
        id: 'image.append',
        label: t('image.command.append'),
        run: () => navigate('wizard', { name: 'append', wim }),
      },
      {
        id: 'image.apply',
        label: t('image.command.apply'),
        run: () =>
          navigate('wizard', {
            name: 'apply',
            wim,
            ...(index === undefined ? {} : { image: String(index) }),
          }),
      },
      ...(['contents', 'space', 'compare', 'integrity'] as const).map((tab) => ({
        id: `image.tab.${tab}`,
        label: t('image.command.tab', { tab: t(`image.tab.${tab}`) }),
        run: () => setParams({ tab: tab === 'contents' ? undefined : tab }),
      })),
      ...(['export', 'split', 'join', 'optimize', 'delete'] as const)
        .filter((name) => {
          if (name === 'join') return isPart;
          if (name === 'split') return !isPart;
          return name === 'export'
            ? index !== undefined
            : !fixed && (name === 'optimize' || index !== undefined);
        })
        .map((name) => ({
          id: `image.${name}`,
          label: t(`image.menu.${name}`),
          run: () => setOpen(name),
        })),
    ],
    [t, wim, index, isPart, fixed],
  );
  useCommands('image', commands);

  return (
    <>
      <Button
        icon={Plus}
        isDisabled={fixed}
        onPress={() => navigate('wizard', { name: 'append', wim })}
        lesson="image.append"
      >
        {t('verb.append')}
      </Button>
      <Button
        icon={PackageOpen}
        isDisabled={image === undefined || !readable}
        onPress={() =>
          navigate('wizard', { name: 'apply', wim, ...(index === undefined ? {} : { image: String(index) }) })
        }
        lesson="image.apply"
      >
        {t('verb.apply')}
      </Button>
      <Button
        icon={ShieldCheck}
        onPress={() => {
          setParams({ tab: 'integrity' });
          start();
        }}
        lesson="image.verify"
      >
        {t('verb.verify')}
      </Button>
      <MenuButton label={t('common.more')} entries={entries}>
        <IconButton label={t('common.more')} icon={Ellipsis} lesson="image.menu" />
      </MenuButton>
      {open === 'export' && image !== undefined && (
        <ExportDialog wim={wim} summary={summary} image={image} onClose={close} />
      )}
      {open === 'delete' && image !== undefined && <DeleteDialog wim={wim} image={image} onClose={close} />}
      {open === 'split' && <SplitDialog wim={wim} summary={summary} onClose={close} />}
      {open === 'join' && <JoinDialog wim={wim} summary={summary} onClose={close} />}
      {open === 'optimize' && <OptimizeDialog wim={wim} summary={summary} onClose={close} />}
    </>
  );
}
