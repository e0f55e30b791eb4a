import { Database, GraduationCap, ListChecks, Settings, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import type { MessageKey } from '../../i18n/catalogue';
import { routeHash, useRoute, type ViewName } from '../../stores/route';

const items: readonly { readonly view: ViewName; readonly label: MessageKey; readonly icon: LucideIcon }[] = [
  { view: 'images', label: 'rail.images', icon: Database },
  { view: 'jobs', label: 'rail.jobs', icon: ListChecks },
  { view: 'practice', label: 'rail.practice', icon: GraduationCap },
  { view: 'settings', label: 'rail.settings', icon: Settings },
];

/** Views that belong to an entry of the rail. */
const owner: Partial<Record<ViewName, ViewName>> = { image: 'images', wizard: 'images' };

/** The views, at the left edge. */
export function Rail(): ReactNode {
  const t = useText();
  const { view } = useRoute();
  const current = owner[view] ?? view;
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {items.map(({ view: target, label, icon: Icon }) => (
        <a
          key={target}
          href={routeHash({ view: target, params: {} })}
          aria-current={current === target ? 'page' : undefined}
          className={target === 'settings' ? 'end' : undefined}
          data-lesson={`rail.${target}`}
        >
          <Icon className="ui-icon" aria-hidden />
          {t(label)}
        </a>
      ))}
    </nav>
  );
}
