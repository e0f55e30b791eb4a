import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger, type ButtonProps } from 'react-aria-components';
import { classes } from './classes';

/** What a button is for: red only where something is destroyed. */
export type ButtonKind = 'plain' | 'primary' | 'danger' | 'quiet';

interface Props extends Omit<ButtonProps, 'className' | 'children' | 'style'> {
  readonly kind?: ButtonKind;
  readonly icon?: LucideIcon;
  readonly children?: ReactNode;
  /** Marks the control for a practice lesson. */
  readonly lesson?: string;
}

/** A button with words. */
export function Button({ kind = 'plain', icon: Icon, children, lesson, ...rest }: Props): ReactNode {
  return (
    <AriaButton {...rest} data-lesson={lesson} className={classes('ui-button', kind)}>
      {Icon && <Icon className="ui-icon" aria-hidden />}
      {children}
    </AriaButton>
  );
}

/** A button with a picture only: its name is the tooltip and what a screen reader says. */
export function IconButton({
  label,
  icon: Icon,
  kind = 'quiet',
  lesson,
  ...rest
}: Omit<Props, 'children' | 'icon'> & { readonly label: string; readonly icon: LucideIcon }): ReactNode {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        {...rest}
        aria-label={label}
        data-lesson={lesson}
        className={classes('ui-button icon', kind)}
      >
        <Icon className="ui-icon" aria-hidden />
      </AriaButton>
      <Tooltip className="ui-tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
