import { Box, type SuspendTerminal, useApp } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { dialogOf, frameOf } from '../frame.ts';
import { listedAgents } from '../select.ts';
import type { Model } from '../state.ts';
import { boardLines } from '../view/board.ts';
import { footerLine } from '../view/footer.ts';
import { headerLine } from '../view/header.ts';
import { helpLines } from '../view/help.ts';
import { listLines } from '../view/list.ts';
import { messageLines } from '../view/messages.ts';
import { paneLines } from '../view/pane.ts';
import { fitLine, type Line, span } from '../view/span.ts';
import { Lines } from './lines.tsx';

/** What the view needs of the store that holds the model. */
export interface ModelSource {
  subscribe(listener: () => void): () => void;
  model(): Model;
}

interface AppProps {
  readonly source: ModelSource;
  readonly colours: boolean;
  /** Gets what hands the terminal to another program for a while. */
  readonly receive: (suspend: SuspendTerminal) => void;
}

/** The whole view at its size. */
export function App({ source, colours, receive }: AppProps) {
  const { suspendTerminal } = useApp();
  useEffect(() => receive(suspendTerminal), [receive, suspendTerminal]);
  const model = useSyncExternalStore(source.subscribe, source.model);
  return <Frame model={model} colours={colours} />;
}

/** One state of the view. */
export function Frame({ model, colours }: { readonly model: Model; readonly colours: boolean }) {
  const { columns } = model.size;
  const dialog = dialogOf(model);
  const fitted = (lines: readonly Line[]) => lines.map((line) => fitLine(line, columns));
  return (
    <Box flexDirection="column" width={columns} height={model.size.rows}>
      <Lines lines={[headerLine(model, columns)]} width={columns} colours={colours} />
      <Body model={model} colours={colours} />
      {dialog.length === 0 ? null : <Lines lines={fitted(dialog)} width={columns} colours={colours} />}
      <Lines lines={fitted(messageLines(model, columns))} width={columns} colours={colours} />
      <Lines lines={[footerLine(model, columns)]} width={columns} colours={colours} />
    </Box>
  );
}

/** List and pane, beside or above each other; the help in their place. */
function Body({ model, colours }: { readonly model: Model; readonly colours: boolean }) {
  const { kind, list, pane } = frameOf(model);
  const height = kind === 'stacked' && pane !== null ? list.height + pane.height : list.height;
  const { columns } = model.size;
  if (model.mode.kind === 'help') {
    return <Lines lines={helpLines(model, columns, height)} width={columns} colours={colours} />;
  }
  if (model.board.open) return <Lines lines={boardLines(model, columns, height)} width={columns} colours={colours} />;
  const rows = listLines(model, listedAgents(model), list.width, list.height);
  const blank = Array.from({ length: Math.max(0, list.height - rows.length) }, () => fitLine([], list.width));
  const left = <Lines lines={[...rows, ...blank]} width={list.width} colours={colours} />;
  if (pane === null) return left;
  const right = <Lines lines={paneLines(model, pane.width, pane.height)} width={pane.width} colours={colours} />;
  if (kind === 'stacked') {
    return (
      <Box flexDirection="column" height={height}>
        {left}
        {right}
      </Box>
    );
  }
  const divider = Array.from({ length: height }, (): Line => [span('│', { dim: true })]);
  return (
    <Box height={height}>
      {left}
      <Lines lines={divider} width={1} colours={colours} />
      {right}
    </Box>
  );
}
