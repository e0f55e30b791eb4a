import { Check, Copy, CircleAlert, CircleCheck, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import { Fragment, useState, type ReactNode } from 'react';
import { useText } from '../i18n/translate';
import { IconButton } from './button';
import { classes } from './classes';
import { copyText } from './copyText';

/** Meanings of colour: green a verified result, amber a decision to take, red destruction or failure. */
export type Tone = 'plain' | 'verified' | 'decision' | 'danger' | 'accent';

const noticeIcons: Readonly<Record<Tone, LucideIcon>> = {
  plain: Info,
  accent: Info,
  verified: CircleCheck,
  decision: TriangleAlert,
  danger: CircleAlert,
};

/** A word or two about the state of something. */
export function Badge({
  tone = 'plain',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}): ReactNode {
  return <span className={classes('ui-badge', tone)}>{children}</span>;
}

/** A message in the place that it is about. */
export function Notice({
  tone = 'plain',
  children,
  live = false,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  /** Read out when it appears. */
  readonly live?: boolean;
}): ReactNode {
  const Icon = noticeIcons[tone];
  return (
    <div className={classes('ui-notice', tone)} role={live ? 'status' : undefined}>
      <Icon className="ui-icon" aria-hidden />
      <div className="stack grow">{children}</div>
    </div>
  );
}

/** A path that shortens in the middle: its last part stays readable. The whole one is its tooltip. */
export function PathText({ path }: { readonly path: string }): ReactNode {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const head = cut <= 0 ? '' : path.slice(0, cut);
  return (
    <span className="ui-path" title={path}>
      <span className="head">{head}</span>
      <span className="tail">{path.slice(head.length)}</span>
    </span>
  );
}

/** Names and values in two columns. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <dl className="ui-facts">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** What an empty place says and offers. */
export function EmptyState({
  title,
  children,
  actions,
  alone = false,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** It is the whole view: its title is the heading of the page. */
  readonly alone?: boolean;
}): ReactNode {
  const Title = alone ? 'h1' : 'h2';
  return (
    <div className="ui-empty">
      <Title>{title}</Title>
      {children}
      {actions !== undefined && <div className="actions">{actions}</div>}
    </div>
  );
}

/** Text to copy, as it would be typed. */
export function CodeLine({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  return (
    <div className="ui-code">
      <pre aria-label={label}>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}

/** Copies text and says so. */
export function CopyButton({ text }: { readonly text: string }): ReactNode {
  const t = useText();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await copyText(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <IconButton
      label={copied ? t('common.copied') : t('common.copy')}
      icon={copied ? Check : Copy}
      onPress={() => void copy()}
    />
  );
}

/** A page of the frame: a title bar and what fills the rest. */
export function Page({
  title,
  facts,
  actions,
  children,
}: {
  readonly title: ReactNode;
  readonly facts?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="ui-page">
      <div className="title-bar">
        <h1>{title}</h1>
        {facts !== undefined && <div className="facts">{facts}</div>}
        {actions !== undefined && <div className="actions">{actions}</div>}
      </div>
      <div className="content">{children}</div>
    </div>
  );
}

/** A heading and what belongs to it. */
export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="ui-section">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
