import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/button';

/** Options that few need: closed until they are asked for. */
export function Disclosure({
  title,
  children,
  lesson,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly lesson?: string;
}): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <div className="wizard-disclosure">
      <Button
        kind="quiet"
        icon={open ? ChevronDown : ChevronRight}
        aria-expanded={open}
        onPress={() => setOpen(!open)}
        {...(lesson === undefined ? {} : { lesson })}
      >
        {title}
      </Button>
      {open && <div className="stack wizard-disclosed">{children}</div>}
    </div>
  );
}
