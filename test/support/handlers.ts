import { onTestFinished } from 'vitest';
import type { Progress } from '../../src-shared/model/progress';
import type { JobControl } from '../../src-shared/rpc/jobs';
import { createNodeHost, type NodeHost } from '../../src-main/workers/nodeHost';
import { builtKernels, kernelDirectory } from './pipeline';
import path from 'node:path';

/** The engine's host over this system's files, closed when the test ends. */
export async function nodeHost(): Promise<NodeHost> {
  await builtKernels();
  const host = createNodeHost({ appDirectory: path.dirname(kernelDirectory) });
  onTestFinished(() => host.close());
  return host;
}

/** A job's control that keeps what is reported. */
export function jobControl(): JobControl<Progress> & { readonly reports: Progress[]; abort(): void } {
  const controller = new AbortController();
  const reports: Progress[] = [];
  return {
    name: 'test',
    signal: controller.signal,
    report: (progress) => void reports.push(progress),
    reports,
    abort: () => controller.abort(),
  };
}
