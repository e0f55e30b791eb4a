import { useState, type ReactNode } from 'react';
import { commandLinesOf, lineTools, type LineTool } from '../../../src-shared/commandLines/commandLines';
import type { CommandLine, LineNote } from '../../../src-shared/commandLines/shapes';
import type { Work } from '../../../src-shared/contract/work';
import { hasMessage, useText, type Translate } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { CodeLine, CopyButton } from '../../ui/pieces';
import { Tabs } from '../../ui/tabs';

const toolNames: Readonly<Record<LineTool, string>> = {
  wimsmith: 'wimsmith',
  imagex: 'ImageX',
  dism: 'DISM',
};

/** The same job as a line of each tool, to copy. */
export function CommandLines({ work }: { readonly work: Work }): ReactNode {
  const windows = useApp(({ info }) => info?.platform === 'win32');
  const lines = commandLinesOf(work, windows ? 'windows' : 'posix');
  const config = 'config' in work.request ? work.request.config : undefined;
  return <LineTabs lines={lines} config={config} />;
}

/** Lines in tabs, each with what to know about it. @param config text of the wimscript.ini that lines name */
export function LineTabs({
  lines,
  config,
}: {
  readonly lines: Readonly<Record<LineTool, CommandLine>>;
  readonly config?: string | undefined;
}): ReactNode {
  const t = useText();
  const [tool, setTool] = useState<LineTool>('wimsmith');
  return (
    <div className="wizard-lines" data-lesson="wizard.lines">
      <Tabs
        label={t('wizards.asLine')}
        tabs={lineTools.map((id) => ({
          id,
          label: toolNames[id],
          content: () => <Line tool={toolNames[id]} line={lines[id]} config={config} />,
        }))}
        selected={tool}
        onSelect={setTool}
      />
    </div>
  );
}

function Line({
  tool,
  line,
  config,
}: {
  readonly tool: string;
  readonly line: CommandLine;
  readonly config: string | undefined;
}): ReactNode {
  const t = useText();
  if (line.line === null) return <p className="soft">{t(`line.reason.${line.reason}`, { tool })}</p>;
  return (
    <div className="stack tight">
      <CodeLine text={line.line} label={t('wizards.lineOf', { tool })} />
      {line.notes.map((note) => (
        <div key={note.key} className="row-flex soft">
          <span>{noteText(note, tool, t)}</span>
          {note.key === 'configFile' && config !== undefined && <CopyButton text={config} />}
        </div>
      ))}
    </div>
  );
}

function noteText({ key, settings }: LineNote, tool: string, t: Translate): string {
  const names = (settings ?? []).map((name) => {
    const message = `line.setting.${name}`;
    return hasMessage(message) ? t(message) : name;
  });
  return t(`line.note.${key}`, { tool, settings: names.join(', ') });
}
