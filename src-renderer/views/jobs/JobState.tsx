import {
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  LoaderCircle,
  Unplug,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { JobState as State } from '../../../src-shared/contract/jobs';
import { useText } from '../../i18n/translate';
import { classes } from '../../ui/classes';

const icons: Readonly<Record<State, LucideIcon>> = {
  queued: CircleDashed,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
  cancelled: CircleSlash,
  interrupted: Unplug,
};

/** A job's state as a picture and a word. */
export function JobState({ state }: { readonly state: State }): ReactNode {
  const t = useText();
  const Icon = icons[state];
  return (
    <span className={classes('jobs-state', state)}>
      <Icon className="ui-icon" aria-hidden />
      {t(`jobs.state.${state}`)}
    </span>
  );
}
