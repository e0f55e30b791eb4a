import { useState, type ReactNode } from 'react';
import {
  commandLinesOf,
  lineTools,
  type LineTool,
  type ToolLines,
} from '../../../src-shared/commandLines/commandLines';
import type { CommandLine, LineNote } from '../../../src-shared/commandLines/shapes';
import type { Work } from '../../../src-shared/contract/work';
import { hasMessage, useText, type Translate } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useLayouts } from '../../stores/layouts';
import { CodeLine, CopyButton } from '../../ui/pieces';
import { Tabs } from '../../ui/tabs';

const toolNames: Readonly<Record<LineTool, string>> = {
  wimsmith: 'wimsmith',
  diskpart: 'diskpart',
  imagex: 'ImageX',
  dism: 'DISM',
};

/** The same job as a line of each tool, to copy. */
export function CommandLines({ work }: { readonly work: Work }): ReactNode {
  const windows = useApp(({ info }) => info?.platform === 'win32');
  const layouts = useLayouts();
  const lines = commandLinesOf(work, windows ? 'windows' : 'posix', layouts);
  const config = 'config' in work.request ? work.request.config : undefined;
  return <LineTabs lines={lines} config={config} layout={layoutText(work)} />;
}

/** The layout.json that a line names; undefined where it names none. */
function layoutText(work: Work): string | undefined {
  const { request } = work;
  const layout =
    'layout' in request ? request.layout : 'prepare' in request ? request.prepare?.layout : undefined;
  return typeof layout === 'object' ? JSON.stringify(layout, null, 2) : undefined;
}

/**
 * Lines in tabs, each with what to know about it.
 * @param config text of the wimscript.ini that lines name
 * @param layout text of the layout.json that lines name
 */
export function LineTabs({
  lines,
  config,
  layout,
}: {
  readonly lines: ToolLines;
  readonly config?: string | undefined;
  readonly layout?: string | undefined;
}): ReactNode {
  const t = useText();
  const [tool, setTool] = useState<LineTool>('wimsmith');
  return (
    <div className="wizard-lines" data-lesson="wizard.lines">
      <Tabs
        label={t('wizards.asLine')}
        tabs={lineTools.flatMap((id) => {
          const line = lines[id];
          if (line === undefined) return [];
          const files = { configFile: config, layoutFile: layout };
          const content = (): ReactNode => <Line tool={toolNames[id]} line={line} files={files} />;
          return [{ id, label: toolNames[id], content }];
        })}
        selected={tool}
        onSelect={setTool}
      />
    </div>
  );
}

function Line({
  tool,
  line,
  files,
}: {
  readonly tool: string;
  readonly line: CommandLine;
  /** Texts of the files that lines name, by the note that tells of each. */
  readonly files: Readonly<Partial<Record<LineNote['key'], string | undefined>>>;
}): ReactNode {
  const t = useText();
  if (line.line === null) return <p className="soft">{t(`line.reason.${line.reason}`, { tool })}</p>;
  return (
    <div className="stack tight">
      <CodeLine text={line.line} label={t('wizards.lineOf', { tool })} />
      {line.notes.map((note) => (
        <div key={note.key} className="row-flex soft">
          <span>{noteText(note, tool, t)}</span>
          {files[note.key] !== undefined && <CopyButton text={files[note.key] ?? ''} />}
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
