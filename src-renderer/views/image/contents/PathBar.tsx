import { ChevronRight, CornerLeftUp, Pencil } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { api } from '../../../api/api';
import { useText } from '../../../i18n/translate';
import { withSession } from '../../../stores/session';
import { IconButton } from '../../../ui/button';
import { describeError } from '../../../ui/errors';
import { TextField } from '../../../ui/fields';
import { parentPath, pathSteps, typedPath } from './imagePaths';

/** Where the list is: each step leads there, and the whole can be typed. */
export function PathBar({
  image,
  path,
  onPath,
  onFile,
}: {
  readonly image: number;
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** The path of a file was typed. */
  readonly onFile: (path: string) => void;
}): ReactNode {
  const t = useText();
  const [typed, setTyped] = useState<string>();
  const [fault, setFault] = useState<string>();

  const go = async (): Promise<void> => {
    const wanted = typedPath(typed ?? '/');
    try {
      if (wanted === '/') onPath('/');
      else {
        const entry = await withSession((session) => api.browse.entry({ session, image, path: wanted }));
        if (entry.kind === 'directory') onPath(entry.path);
        else onFile(entry.path);
      }
      setTyped(undefined);
      setFault(undefined);
    } catch (error) {
      setFault(describeError(error, t).message);
    }
  };
  const leave = (): void => {
    setTyped(undefined);
    setFault(undefined);
  };

  if (typed !== undefined) {
    return (
      <div
        className="image-path grow"
        onKeyDown={(event) => {
          if (event.key === 'Escape') leave();
        }}
        onBlur={leave}
      >
        <TextField
          label={t('image.path')}
          hideLabel
          autoFocus
          value={typed}
          onChange={setTyped}
          error={fault}
          onSubmit={() => void go()}
        />
      </div>
    );
  }
  const steps = pathSteps(path);
  return (
    <nav className="image-path grow" aria-label={t('image.path')}>
      <IconButton
        label={t('image.up')}
        icon={CornerLeftUp}
        isDisabled={path === '/'}
        onPress={() => onPath(parentPath(path))}
      />
      <ol>
        {steps.map((step, i) => (
          <li key={step.path}>
            {i > 0 && <ChevronRight className="ui-icon" aria-hidden />}
            <button
              type="button"
              aria-current={i === steps.length - 1 ? 'location' : undefined}
              onClick={() => onPath(step.path)}
            >
              {i === 0 ? t('image.root') : step.name}
            </button>
          </li>
        ))}
      </ol>
      <IconButton label={t('image.path.type')} icon={Pencil} onPress={() => setTyped(path)} />
    </nav>
  );
}
