import type { ReactNode } from 'react';
import type { Work } from '../../../src-shared/contract/work';
import { CommandLines } from '../../wizards/runtime/CommandLines';

/** The job as lines for a terminal. */
export function JobLines({ work }: { readonly work: Work }): ReactNode {
  return (
    <div className="jobs-pane scroll">
      <CommandLines work={work} />
    </div>
  );
}
