import { AppError } from '../../../src-shared/errors/appError';
import { parseCaptureConfig, type CaptureConfig } from '../../engine/tree/exclusions/captureConfig';

/** Lines that are passed over before the text is given up. */
const MAX_BAD_LINES = 100;

/** A configuration that is being typed: a line that a capture would refuse is told, and passed over. */
export function parseLenient(text: string): { readonly config: CaptureConfig; readonly warnings: string[] } {
  const lines = text.split('\n');
  const warnings: { readonly line: number; readonly message: string }[] = [];
  for (;;) {
    try {
      const config = parseCaptureConfig(lines.join('\n'));
      const all = [...warnings, ...config.warnings].sort((a, b) => a.line - b.line);
      return { config, warnings: all.map(({ line, message }) => `line ${line}: ${message}`) };
    } catch (error) {
      const line =
        error instanceof AppError && error.code === 'usage/invalid' ? error.facts['line'] : undefined;
      if (!(error instanceof AppError) || typeof line !== 'number' || warnings.length >= MAX_BAD_LINES)
        throw error;
      lines[line - 1] = '';
      warnings.push({ line, message: error.message.replace(/^.*?line \d+: /, '') });
    }
  }
}
