import {
  Cpu,
  Database,
  GraduationCap,
  HardDrive,
  ListChecks,
  Search,
  Settings,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import type { MessageKey } from '../../i18n/catalogue';
import { openPalette } from '../../stores/commands';
import { routeHash, useRoute, type ViewName } from '../../stores/route';

interface Item {
  readonly view: ViewName;
  readonly label: MessageKey;
  readonly icon: LucideIcon;
}

const items: readonly Item[] = [
  { view: 'images', label: 'rail.images', icon: Database },
  { view: 'disks', label: 'rail.disks', icon: HardDrive },
  { view: 'drivers', label: 'rail.drivers', icon: Cpu },
  { view: 'jobs', label: 'rail.jobs', icon: ListChecks },
  { view: 'practice', label: 'rail.practice', icon: GraduationCap },
];
/** Apart from the others, at the lower end. */
const settings: Item = { view: 'settings', label: 'rail.settings', icon: Settings };

/** Views that belong to an entry of the rail. */
const owner: Partial<Record<ViewName, ViewName>> = { image: 'images', wizard: 'images' };

/** Wizards that belong to another entry than images. */
const wizardOwner: Readonly<Partial<Record<string, ViewName>>> = { prepare: 'disks', drivers: 'drivers' };

/** The views, at the left edge. */
export function Rail(): ReactNode {
  const t = useText();
  const { view, params } = useRoute();
  const ofWizard = view === 'wizard' ? wizardOwner[params['name'] ?? ''] : undefined;
  const current = ofWizard ?? owner[view] ?? view;
  const link = ({ view: target, label, icon: Icon }: Item): ReactNode => (
    <a
      key={target}
      href={routeHash({ view: target, params: {} })}
      aria-current={current === target ? 'page' : undefined}
      data-lesson={`rail.${target}`}
    >
      <Icon className="ui-icon" aria-hidden />
      {t(label)}
    </a>
  );
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {items.map(link)}
      <button type="button" className="end" title={t('palette.open')} onClick={() => openPalette()}>
        <Search className="ui-icon" aria-hidden />
        {t('rail.commands')}
      </button>
      {link(settings)}
    </nav>
  );
}
